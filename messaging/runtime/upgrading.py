"""Large books and histories take minutes to get the tables of this version: whoever waits is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from messaging.phrases import NO_WORDS, Words

Told = Callable[[Words], None]  # in the database's thread; without words when it is over


def nobody(_words: Words) -> None:
    """Is told."""


@contextmanager
def telling(told: Told, words: Words) -> Iterator[None]:
    told(words)
    try:
        yield
    finally:
        told(NO_WORDS)
