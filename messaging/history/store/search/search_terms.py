"""What a search looks for: typed words, and the terms of a notice they are compared with.

One rule for the full-text index and for notices that just arrived: every typed word must begin a term of the notice,
and where it names a field, a term of that field.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from enum import StrEnum
from typing import TypeVar

from msgspec import Struct

from messaging.domain.orders import OrderStatus
from messaging.texts import copied_id

MARK = "\N{BROKEN BAR}"  # begins the terms of states and marks: no typed word holds it, and FTS5 takes it for a letter
MISSED = f"{MARK}missed"
IN_USER, IN_PRODUCT = f"{MARK}u", f"{MARK}p"  # begin the lines, and the terms, of these fields
NOTHING = f"{MARK}nothing"  # no notice has this term
TAIL = 8  # of an id: what windows show of it
BEHIND_USER = "substr(identity, instr(identity, '/') + 1)"  # the order's UUID, or its number and time
BEGINS_IDENTITY = f"""(CASE WHEN instr({BEHIND_USER}, '/') THEN instr(identity, '/' || ?)
    ELSE replace(lower({BEHIND_USER}), '-', '') GLOB ? || '*' OR substr(lower(identity), -{TAIL}) GLOB ? || '*' END)"""
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{0,12}){1,4}")  # a UUID, or as much of it as has been typed
_PIECES = re.compile(r"[^\W_]+|[^\w\s]")
_SIGNS = "#"  # beside those that Unicode calls symbols: C#, C++, a cup
# Scripts that put no blanks between words: Chinese, Japanese, Thai, Lao, Myanmar, Khmer and their neighbours.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u2e80-\u312f\u31a0-\u31ff\u3400-\u9fff"
    r"\ua9e0-\ua9ff\uaa60-\uaa7f\uf900-\ufaff\uff66-\uff9f\U0001b000-\U0001b2ff\U00020000-\U0003ffff]"
)
TERMS = 2  # the version of the rule by which terms are made: an index by another one is made anew
RUN = 16  # letters of such a script in one term: longer runs are several


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
    """Letters and figures in lower case without accents, and signs; an id is one term."""
    found: list[str] = []
    for piece in text.split():
        known = _id_in(piece)
        found += [known.replace("-", "")] if known else _terms(folded(piece))
    return found


def _terms(known: str) -> Iterator[str]:
    for piece in _PIECES.findall(known):
        if not piece.isalnum():
            if _is_sign(piece):
                yield f"{MARK}{ord(piece):06x}"  # FTS5 would take `+` for a blank
        elif len(piece) > RUN and _UNSPACED.search(piece):
            yield from (piece[at : at + RUN] for at in range(0, len(piece), RUN))
        else:
            yield piece


def _is_sign(letter: str) -> bool:
    return letter in _SIGNS or unicodedata.category(letter)[0] == "S"


def _id_in(piece: str) -> str:
    """The id that it is, with its dashes; empty for anything else. A short piece has no signs around an id."""
    known = folded(piece)
    if not _ID.fullmatch(known) and len(piece) >= 32:
        known = copied_id(piece)
    return known if _ID.fullmatch(known) else ""


def _inside(text: str) -> Iterator[str]:
    """What begins in the middle of a run without blanks: every letter may begin a word there."""
    for piece in _PIECES.findall(folded(text)):
        if _UNSPACED.search(piece):
            starts = (at for at in range(1, len(piece)) if _UNSPACED.search(piece[at - 1 : at + 1]))
            yield from (piece[at : at + RUN] for at in starts)


def pieces_of(text: str) -> list[str]:
    """As they stand in a text: ids with their dashes, letters with their accents."""
    found: list[str] = []
    for piece in unicodedata.normalize("NFC", text.casefold()).split():
        known = _id_in(piece)
        found += [known] if known else (one for one in _PIECES.findall(piece) if one.isalnum() or _is_sign(one))
    return found


def notice_terms(words: str, status: str, missed: bool) -> list[str]:
    """`words` as stored with the notice. Of an id its end, too, for that is what windows show."""
    found: list[str] = []
    for line in words.split("\n"):
        mark = line[:2] if line.startswith((IN_USER, IN_PRODUCT)) else ""
        text = line[len(mark) :]
        terms = [term for term in terms_of(text) if term != status]
        terms += [] if text.isascii() else _inside(text)
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
