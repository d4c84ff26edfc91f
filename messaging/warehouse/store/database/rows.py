"""Rows of the tables <-> records: what both the writing and the asking modules need."""

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, bindparam, func, select

from messaging.contract.kept_words import kept_words
from messaging.domain.notices import Notice
from messaging.domain.orders import OnShortage, OrderStatus
from messaging.domain.stock import DecidedLine
from messaging.warehouse.records import Event, WarehouseOrder
from messaging.warehouse.store.database.schema import events, order_lines, orders

_notice = msgspec.json.Decoder(Notice)
_lines = (
    select(order_lines)
    .where(order_lines.c.order_number.in_(bindparam("numbers", expanding=True)))
    .order_by(order_lines.c.order_number, order_lines.c.line)
)
_last_seqs = (
    select(func.max(events.c.seq))
    .where(events.c.order_number.in_(bindparam("numbers", expanding=True)))
    .group_by(events.c.order_number)
)
_last_events = select(events.c.order_number, events.c.seq, events.c.notice).where(events.c.seq.in_(_last_seqs))

CHUNK = 5000  # numbers in one IN list: PostgreSQL takes 65,535 values, SQLite 32,766


def chunks(values: Iterable[Any], size: int = CHUNK) -> Iterable[list[Any]]:
    whole = list(values)
    return (whole[start : start + size] for start in range(0, len(whole), size))


def runs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of numbers that follow each other: 1, 2, 3, 7 gives (1, 3), (7, 7)."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and number <= found[-1][1] + 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return found


def event_of(seq: int, notice: str) -> Event:
    return Event(seq, _notice.decode(notice))


def last_events(connection: Connection, numbers: Iterable[int]) -> dict[int, Event]:
    """The newest event of each order, by the order's number."""
    found: dict[int, Event] = {}
    for chunk in chunks(numbers):
        for number, seq, notice in connection.execute(_last_events, {"numbers": chunk}):
            found[number] = event_of(seq, notice)
    return found


def fetch_orders(connection: Connection, wanted: Select[Any]) -> list[WarehouseOrder]:
    """The orders that a select of the whole `orders` row finds, in its order, with their lines."""
    rows = connection.execute(wanted).all()
    lines = _lines_of(connection, [row.number for row in rows])
    return [_order(row, lines.get(row.number, ())) for row in rows]


def _lines_of(connection: Connection, numbers: Sequence[int]) -> dict[int, list[DecidedLine]]:
    lines: dict[int, list[DecidedLine]] = {}
    for chunk in chunks(numbers):
        for row in connection.execute(_lines, {"numbers": chunk}):
            line = DecidedLine(row.name, row.quantity, row.reserved, row.missing)
            lines.setdefault(row.order_number, []).append(line)
    return lines


def _order(row: Row[Any], lines: Iterable[DecidedLine]) -> WarehouseOrder:
    return WarehouseOrder(
        row.number,
        row.identity,
        int(row.order_id) if row.order_is_number else row.order_id,
        int(row.user_id) if row.user_is_number else row.user_id,
        row.created_at,
        OrderStatus(row.status),
        OnShortage(row.on_shortage),
        tuple(lines),
        kept_words(row.reason, row.reason_message),
        row.received_at,
        row.changed_at,
    )


def order_with(**columns: Any) -> Select[Any]:
    wanted = select(orders)
    for name, value in columns.items():
        wanted = wanted.where(orders.c[name] == value)
    return wanted
