"""Stock levels and the pure rule that decides what an order gets."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Annotated

from msgspec import Meta, Struct

from messaging.domain.orders import MAX_NUMBER, Number, OnShortage, Order, OrderStatus, ToldName
from messaging.phrases import Words, listed, phrase

Units = Annotated[int, Meta(ge=-MAX_NUMBER, le=MAX_NUMBER)]


class StockLevel(Struct, frozen=True, gc=False):
    """One product: units on hand and reserved, price in minor units of money (cents)."""

    name: ToldName
    price: Units
    on_hand: Units
    reserved: Units = 0
    waiting: Units = 0
    threshold: Units = 0
    withdrawn: bool = False  # kept in the books, and not offered to clients

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


def offered(levels: Iterable[StockLevel]) -> tuple[StockLevel, ...]:
    """The products that clients may order."""
    return tuple(level for level in levels if not level.withdrawn)


class DecidedLine(Struct, frozen=True, gc=False, omit_defaults=True):
    """A line of an order with what was reserved for it and what is missing, in units."""

    name: ToldName
    quantity: Number
    reserved: Units = 0
    missing: Units = 0


class Outcome(Struct, frozen=True, gc=False):
    """What the warehouse decided: the lines as decided, and the reason where it is not simply processed."""

    status: OrderStatus
    lines: tuple[DecidedLine, ...]
    reason: Words | None = None

    def taken(self) -> dict[str, int]:
        """Units to reserve by product."""
        taken: dict[str, int] = {}
        for line in self.lines:
            if line.reserved:
                taken[line.name] = taken.get(line.name, 0) + line.reserved
        return taken


def reserve(order: Order, free: Mapping[str, int], withdrawn: Collection[str] = ()) -> Outcome:
    """Decide one order against the free units by product; one not in `free` is unknown, or no longer offered.

    All or nothing for `reject` and `wait`; `partial` takes what there is and waits for the rest.
    Such a product refuses the order whatever it says about shortage: it would wait for ever.
    """
    left = dict(free)
    lines = [_reserve_line(line.name, line.quantity, left) for line in order.lines]
    if all(line.missing == 0 for line in lines):
        return Outcome(OrderStatus.PROCESSED, tuple(lines))
    reason = shortage_reason(order, free, withdrawn)
    unknown = any(line.name not in free for line in order.lines)
    if order.on_shortage is OnShortage.PARTIAL and not unknown:
        return Outcome(OrderStatus.BACKORDERED, tuple(lines), reason)
    nothing = tuple(DecidedLine(n.name, n.quantity, 0, n.quantity) for n in order.lines)
    if order.on_shortage is OnShortage.WAIT and not unknown:
        return Outcome(OrderStatus.BACKORDERED, nothing, reason)
    return Outcome(OrderStatus.REJECTED, tuple(DecidedLine(x.name, x.quantity, 0, x.missing) for x in lines), reason)


def _reserve_line(name: str, quantity: int, left: dict[str, int]) -> DecidedLine:
    got = min(quantity, max(left.get(name, 0), 0))
    if name in left:
        left[name] -= got
    return DecidedLine(name, quantity, got, quantity - got)


def shortage_reason(order: Order, free: Mapping[str, int], withdrawn: Collection[str] = ()) -> Words:
    """One line per reason, joined: what was asked and what is free, or that the product cannot be ordered."""
    parts: list[Words] = []
    for name, asked in order.needs().items():
        if name in withdrawn:
            parts.append(phrase("stock.no_longer_offered", name=name))
        elif name not in free:
            parts.append(phrase("stock.not_in_the_catalogue", name=name))
        elif (left := max(free[name], 0)) < asked:
            parts.append(phrase("stock.asked_free", name=name, asked=asked, left=left))
    return listed(parts)


def total_of(lines: Sequence[tuple[str, int]], prices: Mapping[str, int]) -> int | None:
    """The sum in minor units; None while a price is not known, or where it is more than can be kept."""
    if any(name not in prices for name, _ in lines):
        return None
    total = sum(prices[name] * quantity for name, quantity in lines)
    return total if total <= MAX_NUMBER else None
