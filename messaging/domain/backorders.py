"""The pure rule that serves waiting orders when units become free.

Oldest first, by the number they got at arrival. An order that waits for all its units and still cannot have
them is passed over, so that it does not hold up the ones behind it.
"""

from collections.abc import Iterable, MutableMapping
from typing import Protocol, TypeVar

from messaging.domain.orders import OnShortage
from messaging.domain.stock import DecidedLine


class WaitingOrder(Protocol):
    """An order whose lines may lack units."""

    @property
    def lines(self) -> tuple[DecidedLine, ...]: ...

    @property
    def on_shortage(self) -> OnShortage: ...


W = TypeVar("W", bound=WaitingOrder)


def serve(waiting: Iterable[W], free: MutableMapping[str, int]) -> list[tuple[W, tuple[DecidedLine, ...]]]:
    """Return each order that gets units, with its lines afterwards; `free` is reduced by these units."""
    served = []
    for order in waiting:
        lines = _served(order, free)
        if lines is not None:
            served.append((order, lines))
    return served


def gained(order: WaitingOrder, lines: tuple[DecidedLine, ...]) -> dict[str, int]:
    """Units by product that the order has now and had not before."""
    units: dict[str, int] = {}
    for before, after in zip(order.lines, lines, strict=True):
        if after.reserved != before.reserved:
            units[after.name] = units.get(after.name, 0) + after.reserved - before.reserved
    return units


def complete(lines: Iterable[DecidedLine]) -> bool:
    return all(line.missing == 0 for line in lines)


def _served(order: WaitingOrder, free: MutableMapping[str, int]) -> tuple[DecidedLine, ...] | None:
    remaining = {line.name: free.get(line.name, 0) for line in order.lines}
    lines = tuple(_topped_up(line, remaining) for line in order.lines)
    if lines == order.lines or (order.on_shortage is OnShortage.WAIT and not complete(lines)):
        return None
    free.update(remaining)
    return lines


def _topped_up(line: DecidedLine, remaining: dict[str, int]) -> DecidedLine:
    reserved = min(line.missing, max(remaining[line.name], 0))
    remaining[line.name] -= reserved
    return DecidedLine(line.name, line.quantity, line.reserved + reserved, line.missing - reserved)
