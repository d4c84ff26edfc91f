"""The one way to write into the books: what changes is collected first and written in few statements.

Whoever writes has locked the products concerned, in the order of their names; the numbers of orders and events
are drawn after that, as late as can be, and the counter's row stays locked until the commit. So on PostgreSQL,
too, a lower `seq` is never committed after a higher one, and numbers that were rolled back leave no gap.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import Connection, bindparam, insert, select, update

from messaging import wire
from messaging.notices import Notice
from messaging.orders import Order, OrderStatus, new_order_id, now
from messaging.stock import Outcome, SettledLine
from messaging.warehouse.records import Event, LedgerKind, OrderFacts, WarehouseOrder
from messaging.warehouse.schema import counters, events, order_lines, orders, products, stock_ledger

ALL_PRODUCTS_FROM = 5000  # from so many names on, locking the whole catalogue is cheaper than naming them

_locked = (
    select(products.c.name, products.c.on_hand, products.c.reserved)
    .order_by(products.c.name)
    .with_for_update(key_share=True)
)
_locked_some = _locked.where(products.c.name.in_(bindparam("names", expanding=True)))
_draw = (
    update(counters)
    .values(orders=counters.c.orders + bindparam("by_orders"), events=counters.c.events + bindparam("by_events"))
    .returning(counters.c.orders, counters.c.events)
)
_move = (
    update(products)
    .where(products.c.name == bindparam("product"))
    .values(
        on_hand=products.c.on_hand + bindparam("by_on_hand"), reserved=products.c.reserved + bindparam("by_reserved")
    )
)
_change = (
    update(orders)
    .where(orders.c.number == bindparam("order"))
    .values(status=bindparam("to"), reason=bindparam("why"), changed_at=bindparam("when"))
)
_change_line = (
    update(order_lines)
    .where(order_lines.c.order_number == bindparam("order"), order_lines.c.line == bindparam("nth"))
    .values(reserved=bindparam("has"), missing=bindparam("lacks"))
)
_new_orders, _new_lines = insert(orders), insert(order_lines)
_new_events, _new_ledger = insert(events), insert(stock_ledger)


class Level(Struct):
    """A product's running level inside a transaction, in units."""

    on_hand: int
    reserved: int

    @property
    def free(self) -> int:
        return self.on_hand - self.reserved


class Move(Struct):
    """Units of one product that move: `number` of the order they move for, None for a posting by hand."""

    name: str
    on_hand: int
    reserved: int
    kind: LedgerKind
    reason: str = ""
    number: int | None = None


class Arrival(Struct):
    """A new order with its outcome."""

    order: Order
    identity: str
    digest: str
    outcome: Outcome


class Change(Struct):
    """What becomes of an order that is in the books."""

    order: WarehouseOrder
    status: OrderStatus
    lines: tuple[SettledLine, ...]
    reason: str
    moves: Sequence[Move]


class Books:
    """The books inside one transaction: the levels of the locked products, kept up as it writes."""

    def __init__(self, connection: Connection, names: Iterable[str] | None = None) -> None:
        """Lock these products, or all: needed wherever waiting orders may be served."""
        self.connection = connection
        self.at = now()
        self.levels = _lock(connection, None if names is None else set(names))

    def free(self) -> dict[str, int]:
        return {name: level.free for name, level in self.levels.items()}

    def enter(self, arrivals: Sequence[Arrival]) -> list[Event]:
        """New orders, in the order in which they came, with an event each."""
        if not arrivals:
            return []
        number, seq = self._draw(len(arrivals), len(arrivals))
        order_rows, line_rows, moves, told = [], [], [], []
        for at, arrival in enumerate(arrivals):
            outcome = arrival.outcome
            order_rows.append(self._order_row(number + at, arrival))
            line_rows.extend(_line_rows(number + at, outcome.lines))
            for name, units in outcome.taken().items():
                moves.append(Move(name, 0, units, LedgerKind.RESERVE, "", number + at))
            told.append(self._event(seq + at, arrival.order, outcome.status, outcome.lines, outcome.reason))
        self.connection.execute(_new_orders, order_rows)
        self.connection.execute(_new_lines, line_rows)
        self.post(moves, levels_known=True)
        self._tell(told, range(number, number + len(arrivals)))
        return told

    def change(self, changes: Sequence[Change]) -> list[Event]:
        """Orders that change, with an event each."""
        if not changes:
            return []
        _, seq = self._draw(0, len(changes))
        told = [
            self._event(seq + at, change.order, change.status, change.lines, change.reason or None)
            for at, change in enumerate(changes)
        ]
        self.connection.execute(_change, [self._changed(change) for change in changes])
        lines = [row for change in changes for row in _changed_lines(change)]
        if lines:
            self.connection.execute(_change_line, lines)
        self.post([move for change in changes for move in change.moves])
        self._tell(told, [change.order.number for change in changes])
        return told

    def post(self, moves: Sequence[Move], levels_known: bool = False) -> None:
        """Move stock, a ledger row each; `levels_known` where the running levels have it already."""
        if not moves:
            return
        sums: dict[str, tuple[int, int]] = {}
        for move in moves:
            on_hand, reserved = sums.get(move.name, (0, 0))
            sums[move.name] = (on_hand + move.on_hand, reserved + move.reserved)
            if not levels_known:
                level = self.levels[move.name]
                level.on_hand += move.on_hand
                level.reserved += move.reserved
        self.connection.execute(
            _move,
            [
                {"product": name, "by_on_hand": on_hand, "by_reserved": reserved}
                for name, (on_hand, reserved) in sums.items()
            ],
        )
        self.connection.execute(_new_ledger, [self._ledger_row(move) for move in moves])

    def _draw(self, new_orders: int, new_events: int) -> tuple[int, int]:
        """The first number and the first seq of those drawn."""
        drawn = self.connection.execute(_draw, {"by_orders": new_orders, "by_events": new_events}).one()
        return drawn.orders - new_orders + 1, drawn.events - new_events + 1

    def _event(
        self, seq: int, order: OrderFacts, status: OrderStatus, lines: tuple[SettledLine, ...], reason: str | None
    ) -> Event:
        notice = Notice(
            order.order_id,
            order.user_id,
            lines,
            order.created_at,
            status,
            reason,
            order.on_shortage,
            new_order_id(),  # a UUID that sorts by time
            seq,
            self.at,
        )
        return Event(seq, notice)

    def _tell(self, told: Sequence[Event], numbers: Iterable[int]) -> None:
        rows = [
            {
                "seq": event.seq,
                "order_number": number,
                "user_id": str(event.notice.user_id),
                "status": event.notice.status.value,
                "notice": wire.encode(event.notice).decode(),
                "occurred_at": self.at,
            }
            for event, number in zip(told, numbers, strict=True)
        ]
        self.connection.execute(_new_events, rows)

    def _order_row(self, number: int, arrival: Arrival) -> dict[str, Any]:
        order, outcome = arrival.order, arrival.outcome
        return {
            "number": number,
            "identity": arrival.identity,
            "order_id": str(order.order_id),
            "user_id": str(order.user_id),
            "order_is_number": int(isinstance(order.order_id, int)),
            "user_is_number": int(isinstance(order.user_id, int)),
            "created_at": order.created_at,
            "digest": arrival.digest,
            "status": outcome.status.value,
            "on_shortage": order.on_shortage.value,
            "reason": outcome.reason or "",
            "received_at": self.at,
            "changed_at": self.at,
        }

    def _changed(self, change: Change) -> Mapping[str, Any]:
        return {"order": change.order.number, "to": change.status.value, "why": change.reason, "when": self.at}

    def _ledger_row(self, move: Move) -> dict[str, Any]:
        return {
            "name": move.name,
            "on_hand": move.on_hand,
            "reserved": move.reserved,
            "kind": move.kind.value,
            "reason": move.reason,
            "order_number": move.number,
            "at": self.at,
        }


def _lock(connection: Connection, names: set[str] | None) -> dict[str, Level]:
    if names is None or len(names) >= ALL_PRODUCTS_FROM:
        found = connection.execute(_locked)
    else:
        found = connection.execute(_locked_some, {"names": sorted(names)})
    return {name: Level(on_hand, reserved) for name, on_hand, reserved in found}


def _line_rows(number: int, lines: Sequence[SettledLine]) -> list[dict[str, Any]]:
    return [
        {
            "order_number": number,
            "line": nth,
            "name": line.name,
            "quantity": line.quantity,
            "reserved": line.reserved,
            "missing": line.missing,
        }
        for nth, line in enumerate(lines)
    ]


def _changed_lines(change: Change) -> list[dict[str, Any]]:
    return [
        {"order": change.order.number, "nth": nth, "has": after.reserved, "lacks": after.missing}
        for nth, (before, after) in enumerate(zip(change.order.lines, change.lines, strict=True))
        if before != after
    ]
