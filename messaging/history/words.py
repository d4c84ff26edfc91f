"""What a search looks for: typed words, and the terms of a notice they are compared with.

One rule for the full-text index and for notices that just arrived: every typed word must begin a term of the notice,
and where it names a field, a term of that field.
"""

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

from messaging.orders import OrderStatus

MARK = "\N{BROKEN BAR}"  # begins the terms of states and marks: no typed word holds it, and FTS5 takes it for a letter
MISSED = f"{MARK}missed"
IN_USER, IN_PRODUCT = f"{MARK}u", f"{MARK}p"  # begin the lines, and the terms, of these fields
NOTHING = f"{MARK}nothing"  # no notice has this term
TAIL = 8  # of an id: what windows show of it
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{0,12}){1,4}")  # a UUID, or as much of it as has been typed
_PIECES = re.compile(r"[^\W_]+")


class Field(StrEnum):
    """What a typed word must be found in."""

    ANY = ""
    USER = "user"
    ORDER = "order"
    PRODUCT = "product"
    STATE = "state"


class Word(Struct, frozen=True):
    """A typed word. `states` are those whose name on the screen begins with it, `users` the ids of people so named."""

    text: str
    states: tuple[OrderStatus, ...] = ()
    field: Field = Field.ANY
    users: tuple[str, ...] = ()

    @property
    def meant(self) -> tuple[OrderStatus, ...]:
        """Those states, and the ones whose own name begins so: common ones are best found by the state."""
        if self.field not in (Field.ANY, Field.STATE):
            return ()
        typed = self.text.casefold()
        return tuple(s for s in OrderStatus if s in self.states or (typed and s.value.startswith(typed)))

    @property
    def asks(self) -> bool:
        """Whether it asks for anything: a field alone and lone signs do not."""
        return bool(self.terms or self.states)

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(terms_of(self.text))

    @property
    def whole(self) -> tuple[str, ...]:
        """Terms of which one is enough."""
        by_name = [f"{IN_USER}{_folded(user).replace('-', '')}" for user in self.users]
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
        folded = _folded(piece)
        found += [folded.replace("-", "")] if _ID.fullmatch(folded) else _PIECES.findall(folded)
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
    return f"{MARK}{status}"


def expression(words: Iterable[Word], states: Iterable[str], missed: bool) -> str:
    """For MATCH of FTS5; empty where nothing is asked for."""
    parts = [_word(word) for word in words if word.asks]
    if named := [f'"{state_term(state)}"' for state in states]:
        parts.append(f"({' OR '.join(named)})")
    if missed:
        parts.append(f'"{MISSED}"')
    return " AND ".join(parts)


def begin_terms(word: Word, terms: Iterable[str]) -> bool:
    """Whether the typed word is found among these terms."""
    known = tuple(terms)
    if not word.asks or any(term in known for term in word.whole):
        return True
    return bool(word.beginnings) and all(any(term.startswith(typed) for term in known) for typed in word.beginnings)


def in_identity(word: Word, identity: str) -> bool:
    """Whether an order's identity holds what was typed for it."""
    known = _folded(identity).replace("-", "")
    return all(term in known for term in word.terms)


def _word(word: Word) -> str:
    typed = " AND ".join(f'"{term}"*' for term in word.beginnings)
    ways = [f"({typed})"] if typed else []
    ways += [f'"{term}"' for term in word.whole]
    return f"({' OR '.join(ways)})" if ways else f'"{NOTHING}"'


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
