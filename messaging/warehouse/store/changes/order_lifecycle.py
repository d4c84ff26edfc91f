"""Changes of an order after its arrival: it is cancelled, shipped, returned, or served when units become free.

Every change is checked against the transition table and locks the whole catalogue first, because what becomes
free may serve any waiting order.
"""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, select

from messaging.domain import backorders
from messaging.domain.orders import TRANSITIONS, OnShortage, OrderStatus, order_id_in
from messaging.domain.stock import DecidedLine
from messaging.errors import WrongMove
from messaging.phrases import NO_WORDS, Words, listed, phrase
from messaging.warehouse.records import Event, LedgerKind, WarehouseOrder
from messaging.warehouse.store.changes.unit_of_work import Change, Move, UnitOfWork
from messaging.warehouse.store.database.rows import chunks, fetch_orders, order_with
from messaging.warehouse.store.database.schema import order_lines, orders

STOCK_CAME = phrase("order_lifecycle.stock_came_in")


def cancel(connection: Connection, identity: str, user: str | int | None, reason: str = "") -> list[Event]:
    """`user` None: the warehouse itself cancels. Raises WrongMove where the order cannot be cancelled."""
    books = UnitOfWork(connection)
    order = find(connection, identity)
    if user is not None and str(user) != str(order.user_id):
        raise WrongMove(phrase("order_lifecycle.order_belongs_to_another_user_only", order_id=order.order_id))
    return cancel_order(books, order, Words(reason) if reason else phrase("order_lifecycle.cancelled"))


def cancel_order(books: UnitOfWork, order: WarehouseOrder, reason: Words) -> list[Event]:
    """What was reserved becomes free and serves the orders that wait."""
    _check(order, OrderStatus.CANCELLED)
    moves = [
        Move(line.name, 0, -line.reserved, LedgerKind.RELEASE, reason, order.number)
        for line in order.lines
        if line.reserved
    ]
    lines = tuple(DecidedLine(line.name, line.quantity) for line in order.lines)
    events = books.change([Change(order, OrderStatus.CANCELLED, lines, reason, moves)])
    return events + serve_waiting(books, {move.name for move in moves})


def ship(connection: Connection, identities: Sequence[str]) -> list[Event]:
    """All of them or, where one cannot be shipped, none."""
    books = UnitOfWork(connection)
    found = [find(connection, identity) for identity in dict.fromkeys(identities)]
    for order in found:
        _check(order, OrderStatus.SHIPPED)
    return books.change([_shipped(order) for order in found])


def take_back(connection: Connection, identity: str, reason: str = "") -> list[Event]:
    """Return the goods of a shipped order to stock, where they serve the orders that wait."""
    books = UnitOfWork(connection)
    order = find(connection, identity)
    _check(order, OrderStatus.RETURNED)
    moves = [
        Move(line.name, line.reserved, 0, LedgerKind.RETURN, Words(reason), order.number)
        for line in order.lines
        if line.reserved
    ]
    events = books.change([Change(order, OrderStatus.RETURNED, order.lines, Words(reason), moves)])
    return events + serve_waiting(books, {move.name for move in moves})


def serve_waiting(books: UnitOfWork, names: Iterable[str]) -> list[Event]:
    """Give what is free of these products to the orders that wait for them."""
    waiting = waiting_for(books.connection, names)
    served = backorders.serve(waiting, books.free()) if waiting else []
    return books.change([_served(order, lines) for order, lines in served])


def waiting_for(connection: Connection, names: Iterable[str]) -> list[WarehouseOrder]:
    """Backorders that lack units of one of these products, oldest first."""
    numbers: set[int] = set()
    for chunk in chunks(sorted(set(names))):
        lacking = select(order_lines.c.order_number).join(orders, orders.c.number == order_lines.c.order_number)
        lacking = lacking.where(orders.c.status == OrderStatus.BACKORDERED.value)
        numbers |= set(connection.scalars(lacking.where(order_lines.c.missing > 0, order_lines.c.name.in_(chunk))))
    found: list[WarehouseOrder] = []
    for chunk in chunks(sorted(numbers)):
        found += fetch_orders(connection, select(orders).where(orders.c.number.in_(chunk)).order_by(orders.c.number))
    return found


def find(connection: Connection, identity: str) -> WarehouseOrder:
    """Raises WrongMove where there is none."""
    found = fetch_orders(connection, order_with(identity=identity))
    if not found:
        raise WrongMove(phrase("order_lifecycle.there_is_no_order_in_the", identity=order_id_in(identity)[:120]))
    return found[0]


def _check(order: WarehouseOrder, to: OrderStatus) -> None:
    if to not in TRANSITIONS[order.status]:
        raise WrongMove(
            phrase(
                "order_lifecycle.order_is_it_cannot_become",
                order_id=order.order_id,
                status=order.status.value,
                to=to.value,
            )
        )


def _shipped(order: WarehouseOrder) -> Change:
    moves = [
        Move(line.name, -line.reserved, -line.reserved, LedgerKind.SHIP, NO_WORDS, order.number)
        for line in order.lines
        if line.reserved
    ]
    return Change(order, OrderStatus.SHIPPED, order.lines, NO_WORDS, moves)


def _served(order: WarehouseOrder, lines: tuple[DecidedLine, ...]) -> Change:
    units = backorders.gained(order, lines)
    moves = [Move(name, 0, got, LedgerKind.RESERVE, STOCK_CAME, order.number) for name, got in units.items()]
    if backorders.complete(lines):
        return Change(order, OrderStatus.PROCESSED, lines, NO_WORDS, moves)
    assert order.on_shortage is OnShortage.PARTIAL
    lacking = [
        phrase("order_lifecycle.missing", name=line.name, missing=line.missing) for line in lines if line.missing
    ]
    return Change(order, OrderStatus.BACKORDERED, lines, listed(lacking), moves)
