"""What a search looks for: typed words, and the terms of a notice they are compared with.

One rule for the full-text index and for notices that just arrived: every typed word must begin a term of the notice,
and where it names a field, a term of that field.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from messaging.orders import OrderStatus

MARK = "\N{BROKEN BAR}"  # begins the terms of states and marks: no typed word holds it, and FTS5 takes it for a letter
MISSED = f"{MARK}missed"
IN_USER, IN_PRODUCT = f"{MARK}u", f"{MARK}p"  # begin the lines, and the terms, of these fields
NOTHING = f"{MARK}nothing"  # no notice has this term
TAIL = 8  # of an id: what windows show of it
BEHIND_USER = "substr(identity, instr(identity, '/') + 1)"  # the order's UUID, or its number and time
BEGINS_IDENTITY = f"""(CASE WHEN instr({BEHIND_USER}, '/') THEN instr(identity, '/' || ?)
    ELSE replace(lower({BEHIND_USER}), '-', '') GLOB ? || '*' OR substr(lower(identity), -{TAIL}) GLOB ? || '*' END)"""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{0,12}){1,4}")  # a UUID, or as much of it as has been typed
_PIECES = re.compile(r"[^\W_]+")


S = TypeVar("S", bound=StrEnum)


class Field(StrEnum):
    """What a typed word must be found in."""

    ANY = ""
    USER = "user"
    ORDER = "order"
    PRODUCT = "product"
    STATE = "state"


class Word(Struct, frozen=True):
    """A typed word. `states` are those whose name on the screen begins with it, `users` the ids of people so named.

    One of `others` will do as well; `without`: none of them may be found.
    """

    text: str
    states: tuple[str, ...] = ()
    field: Field = Field.ANY
    users: tuple[str, ...] = ()
    without: bool = False
    others: "tuple[Word, ...]" = ()

    @property
    def ways(self) -> "tuple[Word, ...]":
        """Of which one is enough; none where nothing is asked for."""
        return tuple(way for way in (self, *self.others) if way.terms or way.states)

    @property
    def meant(self) -> tuple[OrderStatus, ...]:
        return self.meant_of(OrderStatus)

    def meant_of(self, kind: type[S]) -> tuple[S, ...]:
        """Those states, and the ones whose own name begins so: common ones are best found by the state."""
        if self.field not in (Field.ANY, Field.STATE):
            return ()
        typed = self.text.casefold()
        return tuple(s for s in kind if s in self.states or (typed and s.value.startswith(typed)))

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(terms_of(self.text))

    @property
    def whole(self) -> tuple[str, ...]:
        """Terms of which one is enough."""
        by_name = [f"{IN_USER}{folded(user).replace('-', '')}" for user in self.users]
        return (*(state_term(state) for state in self.meant), *by_name)

    @property
    def beginnings(self) -> tuple[str, ...]:
        """Beginnings of terms that must all be found, where none of `whole` is."""
        if self.field is Field.STATE:
            return ()
        mark = {Field.USER: IN_USER, Field.PRODUCT: IN_PRODUCT}.get(self.field, "")
        return tuple(mark + term for term in self.terms)


def terms_of(text: str) -> list[str]:
    """Letters and figures in lower case without accents; an id is one term."""
    found: list[str] = []
    for piece in text.split():
        known = folded(piece)
        found += [known.replace("-", "")] if _ID.fullmatch(known) else _PIECES.findall(known)
    return found


def pieces_of(text: str) -> list[str]:
    """As they stand in a text: ids with their dashes, letters with their accents."""
    found: list[str] = []
    for piece in text.casefold().split():
        found += [piece] if _ID.fullmatch(piece) else _PIECES.findall(piece)
    return found


def notice_terms(words: str, status: str, missed: bool) -> list[str]:
    """`words` as kept with the notice. Of an id its end, too, for that is what windows show."""
    found: list[str] = []
    for line in words.split("\n"):
        mark = line[:2] if line.startswith((IN_USER, IN_PRODUCT)) else ""
        terms = [term for term in terms_of(line[len(mark) :]) if term != status]
        terms += [term[-TAIL:] for term in terms if len(term) == 32]
        found += [*terms, *(mark + term for term in terms if mark)]
    return [*found, state_term(status), *([MISSED] if missed else [])]


def state_term(status: str) -> str:
    """One term: FTS5 would take `new_order` for two."""
    return MARK + status.replace("_", "")


def _any_of(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"


EVERY = _any_of(f'"{state_term(state)}"' for state in OrderStatus)  # for MATCH: every notice has a state


def expression(typed: Iterable[Word], states: Iterable[str] = (), missed: bool | None = None) -> str:
    """For MATCH of FTS5; empty where nothing is asked for. An order that must not be is no matter of the index."""
    found, left_out = list[str](), list[str]()
    for word in typed:
        if word.ways and not (word.without and word.field is Field.ORDER):
            (left_out if word.without else found).append(_any_of(map(_way, word.ways)))
    if named := [f'"{state_term(state)}"' for state in states]:
        found.append(_any_of(named))
    if missed is not None:
        (found if missed else left_out).append(f'"{MISSED}"')
    if left_out and not found:
        found.append(EVERY)
    both = " AND ".join(found)
    return f"({both}) NOT {_any_of(left_out)}" if left_out else both


def holds(word: Word, terms: Collection[str], identity: str) -> bool:
    """Whether what was typed lets a notice with these terms through."""
    found = any(
        _is_in_identity(way, identity) if word.field is Field.ORDER else _begin_terms(way, terms) for way in word.ways
    )
    return not word.ways or found is not word.without


def order_condition(way: Word) -> tuple[str, list[str | int]]:
    """SQL and its values: what was typed begins an order's id, or the end of it that windows show."""
    values: list[str | int] = [term for term in way.terms for _ in range(3)]
    return " AND ".join([BEGINS_IDENTITY] * len(way.terms)), values


def _is_in_identity(way: Word, identity: str) -> bool:
    _user, _slash, order = identity.partition("/")
    if "/" in order:  # of a numbered order
        return all(f"/{term}" in identity for term in way.terms)
    known = folded(order).replace("-", "")
    return all(known.startswith(term) or known[-TAIL:].startswith(term) for term in way.terms)


def _begin_terms(way: Word, terms: Collection[str]) -> bool:
    if any(term in terms for term in way.whole):
        return True
    return bool(way.beginnings) and all(any(term.startswith(typed) for term in terms) for typed in way.beginnings)


def _way(way: Word) -> str:
    typed = " AND ".join(f'"{term}"*' for term in way.beginnings)
    ways = [f"({typed})"] if typed else []
    ways += [f'"{term}"' for term in way.whole]
    return _any_of(ways) if ways else f'"{NOTHING}"'


def folded(text: str) -> str:
    """In lower case, without accents."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
