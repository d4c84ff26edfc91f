"""Rewrites a filter: saved ones hold in every language, and are shown in that of the window."""

from desktop.filtering.keys import (
    BEFORE,
    IS,
    SINCE,
    TODAY,
    YESTERDAY,
    FilterSubject,
    find_mark,
    find_states,
    key,
    mark,
    name_of,
    translated,
)
from desktop.filtering.pieces import Piece, piece_text, pieces
from desktop.style.states import of_state
from messaging.history.store.search.search_terms import Field


def neutral(text: str, subject: FilterSubject) -> str:
    """The filter with English keys and values, to be saved."""
    return " ".join(_rewritten(piece, subject, is_neutral=True) for piece in pieces(text))


def in_words(text: str, subject: FilterSubject) -> str:
    """The filter in the language of the window."""
    return " ".join(_rewritten(piece, subject, is_neutral=False) for piece in pieces(text))


def _rewritten(piece: Piece, subject: FilterSubject, is_neutral: bool) -> str:
    if not piece.key:
        return piece.written
    values = [part for value in piece.values for part in _values(piece.key, value, subject, is_neutral)]
    return "-" * piece.without + piece_text(piece.key if is_neutral else key(piece.key), *values)


def _values(name: str, value: str, subject: FilterSubject, is_neutral: bool) -> list[str]:
    if name == Field.STATE:
        exactly = [] if is_neutral else [state for state in subject.states if state == value]
        states = exactly or find_states(value, subject)
        return [state.value if is_neutral else of_state(state).typed for state in states] or [value]
    if name == IS:
        known = find_mark(value, subject)
        return [known if is_neutral else mark(known)] if known else [value]
    day = name_of(value, (TODAY, YESTERDAY)) if name in (SINCE, BEFORE) else ""
    return [day if is_neutral else translated(day)] if day else [value]
