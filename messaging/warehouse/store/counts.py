"""How many orders, unpublished events and messages set aside the books hold."""

from sqlalchemy import Connection, func, select

from messaging.warehouse.records import BooksCounts, SetAsideState
from messaging.warehouse.store.database.schema import events, orders, set_aside


def counts(connection: Connection) -> BooksCounts:
    return BooksCounts(
        _orders_by_status(connection),
        connection.scalar(select(func.count()).select_from(events).where(events.c.published_at.is_(None))) or 0,
        connection.scalar(
            select(func.count()).select_from(set_aside).where(set_aside.c.state == SetAsideState.KEPT.value)
        )
        or 0,
    )


def _orders_by_status(connection: Connection) -> dict[str, int]:
    found = connection.execute(select(orders.c.status, func.count()).group_by(orders.c.status))
    return {status: count for status, count in found}
