"""What a search looks for: typed words, and the terms of a notice they are compared with.

One rule for the full-text index and for notices that just arrived: every typed word must begin a term of the notice.
"""

import re
import unicodedata
from collections.abc import Iterable

from msgspec import Struct

from messaging.orders import OrderStatus

MARK = "\N{BROKEN BAR}"  # begins the terms of states and marks: no typed word holds it, and FTS5 takes it for a letter
MISSED = f"{MARK}missed"
TAIL = 8  # of an id: what windows show of it
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{0,12}){1,4}")  # a UUID, or as much of it as has been typed
_PIECES = re.compile(r"[^\W_]+")


class Word(Struct, frozen=True):
    """A typed word; `states` are those whose name on the screen begins with it."""

    text: str
    states: tuple[OrderStatus, ...] = ()

    @property
    def meant(self) -> tuple[OrderStatus, ...]:
        """Those states, and the ones whose own name begins so: common ones are best found by the state."""
        typed = self.text.casefold()
        return tuple(s for s in OrderStatus if s in self.states or (typed and s.value.startswith(typed)))

    @property
    def terms(self) -> tuple[str, ...]:
        return tuple(terms_of(self.text))


def terms_of(text: str) -> list[str]:
    """Letters and figures in lower case without accents; an id is one term."""
    found: list[str] = []
    for piece in text.split():
        folded = _folded(piece)
        found += [folded.replace("-", "")] if _ID.fullmatch(folded) else _PIECES.findall(folded)
    return found


def notice_terms(words: str, status: str, missed: bool) -> list[str]:
    """`words` as kept with the notice. Of an id its end, too, for that is what windows show."""
    found = [term for term in terms_of(words) if term != status]
    found += [term[-TAIL:] for term in found if len(term) == 32]
    return [*found, state_term(status), *([MISSED] if missed else [])]


def state_term(status: str) -> str:
    return f"{MARK}{status}"


def expression(words: Iterable[Word], states: Iterable[str], missed: bool) -> str:
    """For MATCH of FTS5; empty where nothing is asked for."""
    parts = [_word(word) for word in words if word.terms or word.states]
    if named := [f'"{state_term(state)}"' for state in states]:
        parts.append(f"({' OR '.join(named)})")
    if missed:
        parts.append(f'"{MISSED}"')
    return " AND ".join(parts)


def begin_terms(word: Word, terms: Iterable[str]) -> bool:
    """Whether the typed word is found among these terms."""
    known = tuple(terms)
    if any(state_term(state) in known for state in word.meant):
        return True
    if not word.terms:
        return not word.states  # only signs: nothing is asked for
    return all(any(term.startswith(typed) for term in known) for typed in word.terms)


def _word(word: Word) -> str:
    typed = " AND ".join(f'"{term}"*' for term in word.terms)
    ways = [f"({typed})"] if typed else []
    ways += [f'"{state_term(state)}"' for state in word.meant]
    return f"({' OR '.join(ways)})"


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
