"""Checks the books against every rule they must keep, and names each gap.

It uses nothing of the code that writes: sums in SQL, the transition table, and what each kind of movement may do.
"""

from collections.abc import Callable, Iterator
from itertools import groupby

from sqlalchemy import Connection, text

from messaging.orders import TRANSITIONS, OrderStatus
from messaging.warehouse.queries import counts
from messaging.warehouse.records import Audit

MOST_GAPS = 100  # named one by one

# Each finds rows that must not be, and says how to name one.
CHECKS: tuple[tuple[str, str], ...] = (
    (
        "{}: {} on hand and {} reserved cannot be",
        "SELECT name, on_hand, reserved FROM products WHERE reserved < 0 OR on_hand < reserved",
    ),
    (
        "{}: {} on hand and {} reserved, but the ledger adds up to {} and {}",
        """SELECT p.name, p.on_hand, p.reserved, COALESCE(l.on_hand, 0), COALESCE(l.reserved, 0) FROM products p
        LEFT JOIN (SELECT name, SUM(on_hand) AS on_hand, SUM(reserved) AS reserved FROM stock_ledger GROUP BY name) l
        ON l.name = p.name
        WHERE p.on_hand <> COALESCE(l.on_hand, 0) OR p.reserved <> COALESCE(l.reserved, 0)""",
    ),
    (
        "{}: {} reserved, but its open orders hold {}",
        """SELECT p.name, p.reserved, COALESCE(h.units, 0) FROM products p
        LEFT JOIN (SELECT n.name, SUM(n.reserved) AS units FROM order_lines n JOIN orders o ON o.number = n.order_number
                   WHERE o.status IN ('processed', 'backordered') GROUP BY n.name) h ON h.name = p.name
        WHERE p.reserved <> COALESCE(h.units, 0)""",
    ),
    (
        "order {}, {}: it is {} and holds {}, but the ledger reserved {} and moved {} on hand for it",
        """SELECT o.identity, x.name, o.status, x.held, x.reserved, x.on_hand FROM (
            SELECT order_number, name, SUM(held) AS held, SUM(reserved) AS reserved, SUM(on_hand) AS on_hand FROM (
                SELECT order_number, name, reserved AS held, 0 AS reserved, 0 AS on_hand FROM order_lines
                UNION ALL
                SELECT order_number, name, 0, reserved, on_hand FROM stock_ledger WHERE order_number IS NOT NULL
            ) both_sides GROUP BY order_number, name
        ) x JOIN orders o ON o.number = x.order_number
        WHERE x.reserved <> (CASE WHEN o.status IN ('processed', 'backordered') THEN x.held ELSE 0 END)
           OR x.on_hand <> (CASE WHEN o.status = 'shipped' THEN -x.held ELSE 0 END)""",
    ),
    (
        "order {}: it is {}, but a line of {} has {} of {} reserved and {} missing",
        """SELECT o.identity, o.status, n.name, n.reserved, n.quantity, n.missing
        FROM order_lines n JOIN orders o ON o.number = n.order_number
        WHERE (o.status IN ('processed', 'shipped', 'returned') AND (n.reserved <> n.quantity OR n.missing <> 0))
           OR (o.status = 'backordered' AND n.reserved + n.missing <> n.quantity)
           OR (o.status IN ('rejected', 'cancelled') AND n.reserved <> 0)""",
    ),
    (
        "order {} has no lines",
        """SELECT o.identity FROM orders o LEFT JOIN order_lines n ON n.order_number = o.number
        WHERE n.order_number IS NULL""",
    ),
    (
        "event {} belongs to no order",
        "SELECT e.seq FROM events e LEFT JOIN orders o ON o.number = e.order_number WHERE o.number IS NULL",
    ),
    (
        "events: {} of them with numbers {} to {}, but {} were drawn",
        """SELECT e.n, e.low, e.high, c.events FROM counters c,
        (SELECT COUNT(*) AS n, COALESCE(MIN(seq), 1) AS low, COALESCE(MAX(seq), 0) AS high FROM events) e
        WHERE e.n <> c.events OR e.low <> 1 OR e.high <> c.events""",
    ),
    (
        "orders: {} of them with numbers up to {}, but {} were drawn",
        """SELECT o.n, o.high, c.orders FROM counters c,
        (SELECT COUNT(*) AS n, COALESCE(MAX(number), 0) AS high FROM orders) o
        WHERE o.n <> c.orders OR o.high <> c.orders""",
    ),
)
CHAIN = """SELECT o.identity, o.status, e.status FROM orders o LEFT JOIN events e ON e.order_number = o.number
ORDER BY o.number, e.seq"""


def audit(connection: Connection) -> Audit:
    """In a transaction that sees one moment."""
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
        yield gap


def _gaps(connection: Connection) -> Iterator[str]:
    for words, wrong in CHECKS:
        for row in connection.execute(text(wrong)):
            yield words.format(*row)
    for (identity, status), rows in groupby(connection.execute(text(CHAIN)), key=lambda row: (row[0], row[1])):
        broken = broken_chain([row[2] for row in rows if row[2] is not None], status)
        if broken:
            yield f"order {identity}: {broken}"


def broken_chain(told: list[str], status: str) -> str:
    """Why these events cannot be the life of an order that is `status` now; empty where they can.

    A backorder that got a part of what it lacks tells so: the same state twice, and the only one.
    """
    if not told or told[-1] != status:
        return f"it is {status}, but its last event says {told[-1] if told else 'nothing: it has none'}"
    before = OrderStatus.NEW
    for after in map(OrderStatus, told):
        topped_up = before is after is OrderStatus.BACKORDERED
        if after not in TRANSITIONS[before] and not topped_up:
            return f"it went from {before.value} to {after.value}, which the life of an order does not have"
        before = after
    return ""
