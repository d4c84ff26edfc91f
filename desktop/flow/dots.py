"""Orders on their way over the picture. What took milliseconds is shown slowly enough to be seen."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from desktop.flow.nodes import PictureEdge

PACE = 0.7  # seconds for one way
HURRY = 4  # ways still to go: with more a dot goes twice as fast for each as many again
MOST = 80  # dots at once: of more nobody sees anything


@dataclass
class Dot:
    """`colour` as #rrggbb, of whose it is; `is_bad`: it was refused; `leads`: there is an order to be shown for it.
    `gone`: share of the first way, 0 to 1; below 0 it waits for so many ways."""

    key: str
    colour: str
    is_bad: bool = False
    leads: bool = False
    ways: deque[PictureEdge] = field(default_factory=deque)
    gone: float = 0.0

    def advance(self, seconds: float) -> Iterator[str]:
        """The places it came to."""
        self.gone += seconds / PACE * (1 + len(self.ways) // HURRY)
        while self.gone >= 1 and self.ways:
            yield self.ways.popleft().end
            self.gone = self.gone - 1 if self.ways else 0.0


class Dots:
    def __init__(self) -> None:
        self._moving: dict[str, Dot] = {}

    def __iter__(self) -> Iterator[Dot]:
        return iter(self._moving.values())

    def __len__(self) -> int:
        return len(self._moving)

    def send(self, dot: Dot, ways: Iterable[PictureEdge]) -> bool:
        """On from where it is, if it is under way; False where there are too many."""
        known = self._moving.get(dot.key)
        if known is None and len(self._moving) >= MOST:
            return False
        moving = known or dot
        moving.ways.extend(ways)
        moving.is_bad = moving.is_bad or dot.is_bad
        if moving.ways:
            self._moving[dot.key] = moving
        return True

    def advance(self, seconds: float) -> list[str]:
        """The places that dots came to."""
        arrived = [key for dot in self._moving.values() for key in dot.advance(seconds)]
        self._moving = {key: dot for key, dot in self._moving.items() if dot.ways}
        return arrived
