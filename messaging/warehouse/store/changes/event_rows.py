"""Writes events into the books. Their numbers are drawn as late as can be, see unit_of_work.py."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, update

from messaging.contract import codec
from messaging.warehouse.records import Event
from messaging.warehouse.store.database.bulk import bulk_insert
from messaging.warehouse.store.database.schema import counters, events

_draw = (
    update(counters)
    .values(orders=counters.c.orders + bindparam("by_orders"), events=counters.c.events + bindparam("by_events"))
    .returning(counters.c.orders, counters.c.events)
)
_new_events = bulk_insert(events, "published_at")


def draw(connection: Connection, new_orders: int, new_events: int) -> tuple[int, int]:
    """Draw numbers for so many new orders and events; gives the first number and the first seq."""
    drawn = connection.execute(_draw, {"by_orders": new_orders, "by_events": new_events}).one()
    return drawn.orders - new_orders + 1, drawn.events - new_events + 1


def write(connection: Connection, new: Sequence[Event], numbers: Iterable[int | None]) -> None:
    """`numbers` are those of their orders; None where a message became no order."""
    rows = [
        (
            event.seq,
            number,
            str(event.notice.user_id),
            event.notice.status.value,
            codec.encode(event.notice).decode(),
            event.notice.occurred_at,
        )
        for event, number in zip(new, numbers, strict=True)
    ]
    _new_events(connection, rows)
