"""Checks the books against every rule they must keep, and names each gap.

It uses nothing of the code that writes: sums in SQL (audit_checks), the transition table, and the notices as any
listener would read them (audit_contents).
"""

from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import groupby

from sqlalchemy import Connection, text

from messaging.domain.orders import TRANSITIONS, OrderStatus
from messaging.warehouse.records import Audit
from messaging.warehouse.store.audit.contents import contents
from messaging.warehouse.store.audit.sums import CHECKS
from messaging.warehouse.store.counts import counts
from messaging.warehouse.store.database.cells import odd_cells
from messaging.warehouse.store.database.schema import metadata

MOST_GAPS = 100  # named one by one
MOST_LETTERS = 300  # of one of them: a damaged name may have any length

CHAIN = """SELECT o.identity, o.status, e.status FROM orders o LEFT JOIN events e ON e.order_number = o.number
ORDER BY o.number, e.seq"""


def audit(connection: Connection) -> Audit:
    """In a transaction that sees one moment."""
    with closing(odd_cells(connection, metadata, contents=False)) as found:
        odd = tuple(_first(MOST_GAPS, lambda: found))
    if odd:
        return Audit({}, 0, 0, 0, 0, 0, odd, is_summed=False)
    now = counts(connection)
    gaps = list(_first(MOST_GAPS, lambda: _gaps(connection)))
    on_hand, reserved = connection.execute(
        text("SELECT COALESCE(SUM(on_hand), 0), COALESCE(SUM(reserved), 0) FROM products")
    ).one()
    events = connection.scalar(text("SELECT COUNT(*) FROM events")) or 0
    return Audit(now.orders, int(on_hand), int(reserved), events, now.unpublished, now.set_aside, tuple(gaps))


def _first(most: int, found: Callable[[], Iterator[str]]) -> Iterator[str]:
    for nth, gap in enumerate(found()):
        if nth == most:
            yield f"and more than {most} in all"
            return
        yield gap if len(gap) <= MOST_LETTERS else f"{gap[:MOST_LETTERS]} ..."


def _gaps(connection: Connection) -> Iterator[str]:
    for words, wrong in CHECKS:
        for row in connection.execute(text(wrong)):
            yield words.format(*row)
    for (identity, status), rows in groupby(connection.execute(text(CHAIN)), key=lambda row: (row[0], row[1])):
        broken = broken_chain([row[2] for row in rows if row[2] is not None], status)
        if broken:
            yield f"order {identity}: {broken}"
    yield from contents(connection)


def broken_chain(statuses: list[str], status: str) -> str:
    """Why these events cannot be the life of an order that is `status` now; empty where they can.

    A backorder that got a part of what it lacks tells so: the same state twice, and the only one.
    """
    if not statuses or statuses[-1] != status:
        return f"it is {status}, but its last event says {statuses[-1] if statuses else 'nothing: it has none'}"
    before = OrderStatus.NEW
    for after in map(OrderStatus, statuses):
        topped_up = before is after is OrderStatus.BACKORDERED
        if after not in TRANSITIONS[before] and not topped_up:
            return f"it went from {before.value} to {after.value}, which the life of an order does not have"
        before = after
    return ""
