"""Dots that move over the picture, each for an order. What took milliseconds is shown slowly enough to be seen."""

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from desktop.flow.nodes import PictureEdge

PACE = 0.7  # seconds for one edge
HURRY = 4  # edges still to go; with 4 a dot moves twice as fast, with 8 three times
MOST = 80  # dots at once; nobody can follow more


@dataclass
class Dot:
    """`colour` is the user's, as #rrggbb; `is_bad`: the order was refused; `leads`: a click shows the order.

    `gone` is the share of the first edge behind it, 0 to 1; below 0 it waits as long as so many edges take.
    """

    key: str
    colour: str
    is_bad: bool = False
    leads: bool = False
    edges: deque[PictureEdge] = field(default_factory=deque)
    gone: float = 0.0

    def advance(self, seconds: float) -> Iterator[str]:
        """Move on; gives the key of each node that was reached."""
        self.gone += seconds / PACE * (1 + len(self.edges) // HURRY)
        while self.gone >= 1 and self.edges:
            yield self.edges.popleft().end
            self.gone = self.gone - 1 if self.edges else 0.0


class Dots:
    def __init__(self) -> None:
        self._moving: dict[str, Dot] = {}

    def __iter__(self) -> Iterator[Dot]:
        return iter(self._moving.values())

    def __len__(self) -> int:
        return len(self._moving)

    def send(self, dot: Dot, edges: Iterable[PictureEdge]) -> bool:
        """Add these edges to the path of the dot with this key; False where there are too many dots for a new one."""
        known = self._moving.get(dot.key)
        if known is None and len(self._moving) >= MOST:
            return False
        moving = known or dot
        moving.edges.extend(edges)
        moving.is_bad = moving.is_bad or dot.is_bad
        if moving.edges:
            self._moving[dot.key] = moving
        return True

    def advance(self, seconds: float) -> list[str]:
        """Move all dots; gives the key of each node that one of them reached."""
        arrived = [key for dot in self._moving.values() for key in dot.advance(seconds)]
        self._moving = {key: dot for key, dot in self._moving.items() if dot.edges}
        return arrived
