"""The one way to write into the books: what changes is collected first and written in few statements.

Whoever writes has locked the products concerned, in the order of their names; the numbers of orders and events
are drawn after that, as late as can be, and the counter's row stays locked until the commit. So on PostgreSQL,
too, a lower `seq` is never committed after a higher one, and numbers that were rolled back leave no gap.
"""

from collections.abc import Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Connection, bindparam, select, update

from messaging.contract.kept_words import message_cell
from messaging.domain.notices import Notice
from messaging.domain.orders import Order, OrderStatus, new_order_id, now
from messaging.domain.stock import DecidedLine, Outcome
from messaging.phrases import NO_WORDS, Words
from messaging.warehouse.records import Event, LedgerKind, OrderFacts, WarehouseOrder
from messaging.warehouse.store.changes import event_rows
from messaging.warehouse.store.database.bulk import Bulk, bulk_insert
from messaging.warehouse.store.database.schema import Whole, order_lines, orders, products, stock_ledger

ALL_PRODUCTS_FROM = 5000  # from so many names on, locking the whole catalogue is cheaper than naming them

_locked = (
    select(products.c.name, products.c.on_hand, products.c.reserved, products.c.withdrawn)
    .order_by(products.c.name)
    .with_for_update(key_share=True)
)
_locked_some = _locked.where(products.c.name.in_(bindparam("names", expanding=True)))
_move = Bulk(
    update(products)
    .where(products.c.name == bindparam("product"))
    .values(
        on_hand=products.c.on_hand + bindparam("by_on_hand", type_=Whole),
        reserved=products.c.reserved + bindparam("by_reserved", type_=Whole),
    ),
    "by_on_hand",
    "by_reserved",
    "product",
)
_change = Bulk(
    update(orders)
    .where(orders.c.number == bindparam("order"))
    .values(
        status=bindparam("to"),
        reason=bindparam("why"),
        changed_at=bindparam("when"),
        reason_message=bindparam("message"),
    ),
    "to",
    "why",
    "when",
    "message",
    "order",
)
_change_line = Bulk(
    update(order_lines)
    .where(order_lines.c.order_number == bindparam("order"), order_lines.c.line == bindparam("nth"))
    .values(reserved=bindparam("has"), missing=bindparam("lacks")),
    "has",
    "lacks",
    "order",
    "nth",
)
_new_orders = bulk_insert(orders)
_new_lines = bulk_insert(order_lines)
_new_ledger = bulk_insert(stock_ledger, "row")


class Level(Struct):
    """A product's running level inside a transaction, in units."""

    on_hand: int
    reserved: int
    withdrawn: bool = False

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


class Move(Struct):
    """A change of one product's stock, in units; `number` is that of its order, None for a posting by hand."""

    name: str
    on_hand: int
    reserved: int
    kind: LedgerKind
    reason: Words = NO_WORDS
    number: int | None = None


class Arrival(Struct):
    """A new order with its outcome."""

    order: Order
    identity: str
    digest: str
    outcome: Outcome


class Change(Struct):
    """A change of an order that is in the books."""

    order: WarehouseOrder
    status: OrderStatus
    lines: tuple[DecidedLine, ...]
    reason: Words
    moves: Sequence[Move]


class UnitOfWork:
    """The books inside one transaction: the levels of the locked products, kept up as it writes."""

    def __init__(self, connection: Connection, names: Iterable[str] | None = None) -> None:
        """Lock these products, or all: needed wherever waiting orders may be served."""
        self.connection = connection
        self.at = now()
        self.levels = _lock(connection, None if names is None else set(names))

    def free(self) -> dict[str, int]:
        return {name: level.free for name, level in self.levels.items()}

    def enter(self, arrivals: Sequence[Arrival]) -> list[Event]:
        """Write new orders, in the order in which they came, with an event each."""
        if not arrivals:
            return []
        number, seq = event_rows.draw(self.connection, len(arrivals), len(arrivals))
        order_rows, line_rows, moves, events = [], [], [], []
        for at, arrival in enumerate(arrivals):
            outcome = arrival.outcome
            order_rows.append(self._order_row(number + at, arrival))
            line_rows.extend(_line_rows(number + at, outcome.lines))
            for name, units in outcome.taken().items():
                moves.append(Move(name, 0, units, LedgerKind.RESERVE, NO_WORDS, number + at))
            events.append(self._event(seq + at, arrival.order, outcome.status, outcome.lines, outcome.reason))
        _new_orders(self.connection, order_rows)
        _new_lines(self.connection, line_rows)
        self.post(moves, levels_known=True)
        event_rows.write(self.connection, events, range(number, number + len(arrivals)))
        return events

    def change(self, changes: Sequence[Change]) -> list[Event]:
        """Write changes of orders, with an event each."""
        if not changes:
            return []
        _, seq = event_rows.draw(self.connection, 0, len(changes))
        events = [
            self._event(seq + at, change.order, change.status, change.lines, change.reason)
            for at, change in enumerate(changes)
        ]
        _change(self.connection, [_changed_order(change, self.at) for change in changes])
        _change_line(self.connection, [row for change in changes for row in _changed_lines(change)])
        self.post([move for change in changes for move in change.moves])
        event_rows.write(self.connection, events, [change.order.number for change in changes])
        return events

    def post(self, moves: Sequence[Move], levels_known: bool = False) -> None:
        """Write moves of stock, with a ledger row each; `levels_known` where the running levels include them."""
        if not moves:
            return
        sums: dict[str, tuple[int, int]] = {}
        for move in moves:
            on_hand, reserved = sums.get(move.name, (0, 0))
            sums[move.name] = (on_hand + move.on_hand, reserved + move.reserved)
            if not levels_known:
                level = self._level(move.name)
                level.on_hand += move.on_hand
                level.reserved += move.reserved
        _move(self.connection, [(on_hand, reserved, name) for name, (on_hand, reserved) in sums.items()])
        _new_ledger(self.connection, [self._ledger_row(move) for move in moves])

    def _level(self, name: str) -> Level:
        """Raises ValueError where an order holds units of a product that the books do not know."""
        if name not in self.levels:
            raise ValueError(f"there is no product {name}")
        return self.levels[name]

    def _event(
        self, seq: int, order: OrderFacts, status: OrderStatus, lines: tuple[DecidedLine, ...], reason: Words | None
    ) -> Event:
        notice = Notice(
            order.order_id,
            order.user_id,
            lines,
            order.created_at,
            status,
            str(reason) if reason else None,
            order.on_shortage,
            new_order_id(),  # a UUID that sorts by time
            seq,
            self.at,
            reason_message=reason.message if reason else None,
        )
        return Event(seq, notice)

    def _order_row(self, number: int, arrival: Arrival) -> tuple[object, ...]:
        order, outcome = arrival.order, arrival.outcome
        reason = outcome.reason or NO_WORDS
        return (
            number,
            arrival.identity,
            str(order.order_id),
            str(order.user_id),
            int(isinstance(order.order_id, int)),
            int(isinstance(order.user_id, int)),
            order.created_at,
            arrival.digest,
            outcome.status.value,
            order.on_shortage.value,
            str(reason),
            self.at,
            self.at,
            message_cell(reason),
        )

    def _ledger_row(self, move: Move) -> tuple[object, ...]:
        why = str(move.reason), move.number, self.at, message_cell(move.reason)
        return (move.name, move.on_hand, move.reserved, move.kind.value, *why)


def _lock(connection: Connection, names: set[str] | None) -> dict[str, Level]:
    if names is None or len(names) >= ALL_PRODUCTS_FROM:
        found = connection.execute(_locked)
    else:
        found = connection.execute(_locked_some, {"names": sorted(names)})
    return {name: Level(on_hand, reserved, bool(withdrawn)) for name, on_hand, reserved, withdrawn in found}


def _line_rows(number: int, lines: Sequence[DecidedLine]) -> list[tuple[object, ...]]:
    return [(number, nth, line.name, line.quantity, line.reserved, line.missing) for nth, line in enumerate(lines)]


def _changed_order(change: Change, at: str) -> tuple[object, ...]:
    return (change.status.value, str(change.reason), at, message_cell(change.reason), change.order.number)


def _changed_lines(change: Change) -> list[tuple[object, ...]]:
    return [
        (after.reserved, after.missing, change.order.number, nth)
        for nth, (before, after) in enumerate(zip(change.order.lines, change.lines, strict=True))
        if before != after
    ]
