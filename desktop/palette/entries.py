"""The entries of the palette, and how well each fits what was typed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import nlargest

MOST = 60  # shown at once


@dataclass(frozen=True, slots=True)
class Entry:
    """`kind` is shown at the right; `run` is called when it is chosen. `keys`: its shortcut, in words."""

    words: str
    kind: str
    icon: str
    run: Callable[[], object]
    keys: str = ""
    more: str = ""  # also found by this


def best(entries: Iterable[Entry], typed: str) -> list[Entry]:
    """The best entries in order: every typed word must occur, and beginnings of words count more."""
    wanted = typed.casefold().split()
    scored = ((score, -number, entry) for number, entry in enumerate(entries) if (score := _fit(entry, wanted)) > 0)
    return [entry for _, _, entry in nlargest(MOST, scored, key=lambda one: one[:2])]


def _fit(entry: Entry, wanted: list[str]) -> float:
    """How well an entry fits; 0 where it does not."""
    words = entry.words.casefold()
    total = 1.0
    for word in wanted:
        if words.startswith(word):
            total += 4
        elif f" {word}" in words:
            total += 3
        elif word in words:
            total += 2
        elif word in entry.more.casefold():
            total += 1
        else:
            return 0
    return total
