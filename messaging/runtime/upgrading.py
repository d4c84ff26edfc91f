"""Reporting that older books or an older history get the tables of this version, which may take minutes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from messaging.phrases import NO_WORDS, Words

Told = Callable[[Words], None]  # in the database's thread; without words when it is over


def nobody(_words: Words) -> None:
    """For callers that report nothing."""


@contextmanager
def telling(told: Told, words: Words) -> Iterator[None]:
    told(words)
    try:
        yield
    finally:
        told(NO_WORDS)
