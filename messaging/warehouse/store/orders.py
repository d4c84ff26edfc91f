"""The part of the store about orders: what came of them, and the changes that the warehouse makes by hand."""

from collections.abc import Sequence

from sqlalchemy import Connection, func, select

from messaging.domain.orders import OrderStatus
from messaging.texts import printable
from messaging.warehouse.records import Event, OrderHistory, WarehouseOrder
from messaging.warehouse.store.changes import order_lifecycle
from messaging.warehouse.store.database.rows import fetch_orders, order_with
from messaging.warehouse.store.database.schema import events, orders, stock_ledger
from messaging.warehouse.store.events import EVENTS, read_events
from messaging.warehouse.store.ledger_rows import LEDGER, ledger_row
from messaging.warehouse.store.transactions import StorePart, reads, writes


class OrdersPart(StorePart):
    @reads
    def page(
        self,
        connection: Connection,
        user_id: str | int | None = None,
        status: OrderStatus | None = None,
        limit: int = 1000,
        offset: int = 0,
    ) -> list[WarehouseOrder]:
        """Newest first."""
        wanted = select(orders)
        if user_id is not None:
            wanted = wanted.where(orders.c.user_id == str(user_id))
        if status is not None:
            wanted = wanted.where(orders.c.status == status.value)
        return fetch_orders(connection, wanted.order_by(orders.c.number.desc()).limit(limit).offset(offset))

    @reads
    def called(self, connection: Connection, name: str, limit: int = 3) -> list[WarehouseOrder]:
        """Orders with this identity or id, or where there is none those whose identity, or UUID, begins so; newest
        first."""
        exact = select(orders).where((orders.c.identity == name) | (orders.c.order_id == name))
        if "/" in name:
            begins = select(orders).where(func.substr(orders.c.identity, 1, len(name)) == name)
        else:
            begins = order_with(order_is_number=0).where(func.substr(orders.c.order_id, 1, len(name)) == name)
        newest = orders.c.number.desc()
        return fetch_orders(connection, exact.order_by(newest).limit(limit)) or fetch_orders(
            connection, begins.order_by(newest).limit(limit)
        )

    @reads
    def history(self, connection: Connection, identity: str) -> OrderHistory | None:
        """Its events and postings, oldest first; None where the books have no order with this identity."""
        found = _one(connection, identity)
        if found is None:
            return None
        happened = read_events(connection, EVENTS.where(events.c.order_number == found.number).order_by(events.c.seq))
        postings = LEDGER.where(stock_ledger.c.order_number == found.number).order_by(stock_ledger.c.row)
        return OrderHistory(found, tuple(happened), tuple(map(ledger_row, connection.execute(postings))))

    @writes
    def cancel(
        self, connection: Connection, identity: str, user: str | int | None = None, reason: str = ""
    ) -> list[Event]:
        """`user` None: the warehouse cancels. Raises WrongMove, as `ship` and `take_back` do."""
        return order_lifecycle.cancel(connection, identity, user, printable(reason))

    @writes
    def ship(self, connection: Connection, identities: Sequence[str]) -> list[Event]:
        """All of them or none."""
        return order_lifecycle.ship(connection, identities)

    @writes
    def take_back(self, connection: Connection, identity: str, reason: str = "") -> list[Event]:
        """The goods of a shipped order are on hand again and serve orders that wait."""
        return order_lifecycle.take_back(connection, identity, printable(reason))


def _one(connection: Connection, identity: str) -> WarehouseOrder | None:
    found = fetch_orders(connection, order_with(identity=identity))
    return found[0] if found else None
