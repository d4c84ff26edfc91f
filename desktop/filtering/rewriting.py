"""A kept filter is kept in words that hold in every language, and shown in those of the window."""

from desktop.filtering.keys import (
    BEFORE,
    IS,
    SINCE,
    TODAY,
    YESTERDAY,
    Subject,
    here,
    key,
    mark,
    mark_begun,
    meant,
    states_begun,
)
from desktop.filtering.pieces import Piece, pieces, said
from desktop.style.states import of_state
from messaging.history.store.search_terms import Field


def neutral(text: str, subject: Subject) -> str:
    return " ".join(_rewritten(piece, subject, is_neutral=True) for piece in pieces(text))


def in_words(text: str, subject: Subject) -> str:
    return " ".join(_rewritten(piece, subject, is_neutral=False) for piece in pieces(text))


def _rewritten(piece: Piece, subject: Subject, is_neutral: bool) -> str:
    if not piece.key:
        return piece.written
    values = [part for value in piece.values for part in _values(piece.key, value, subject, is_neutral)]
    return "-" * piece.without + said(piece.key if is_neutral else key(piece.key), *values)


def _values(name: str, value: str, subject: Subject, is_neutral: bool) -> list[str]:
    if name == Field.STATE:
        exactly = [] if is_neutral else [state for state in subject.states if state == value]
        states = exactly or states_begun(value, subject)
        return [state.value if is_neutral else of_state(state).typed for state in states] or [value]
    if name == IS:
        known = mark_begun(value, subject)
        return [known if is_neutral else mark(known)] if known else [value]
    day = meant(value, (TODAY, YESTERDAY)) if name in (SINCE, BEFORE) else ""
    return [day if is_neutral else here(day)] if day else [value]
