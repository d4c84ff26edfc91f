"""What the books hold as text must say what their columns say: notices, an order's digest, bytes set aside."""

import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Row, text

NOTICES = """SELECT e.seq, e.order_number, e.status, e.notice, e.occurred_at, o.identity, o.order_id, o.user_id,
    o.order_is_number, o.user_is_number, o.created_at, o.on_shortage, o.reason, o.digest, o.received_at, o.changed_at
FROM events e JOIN orders o ON o.number = e.order_number ORDER BY e.order_number, e.seq"""
SET_ASIDE_EVENTS = """SELECT seq, status, notice, occurred_at, user_id FROM events WHERE order_number IS NULL"""
LINES = """SELECT order_number, name, quantity, reserved, missing FROM order_lines ORDER BY order_number, line"""
SET_ASIDE = """SELECT "row", body, body_digest, length FROM set_aside"""

Fields = Mapping[str, Any]


def contents(connection: Connection) -> Iterator[str]:
    lines = groupby(connection.execute(text(LINES)), key=lambda row: row.order_number)
    number, its = next(lines, (None, iter(())))
    seen: set[str] = set()
    for order, events in groupby(connection.execute(text(NOTICES)), key=lambda row: row.order_number):
        while number is not None and number < order:
            number, its = next(lines, (None, iter(())))
        in_books = [(n.name, n.quantity, n.reserved, n.missing) for n in its] if number == order else []
        yield from _order(list(events), in_books, seen)
    for event in connection.execute(text(SET_ASIDE_EVENTS)):
        yield from _event_without_order(event, _read(event), seen)
    for row in connection.execute(text(SET_ASIDE)):
        is_whole = len(row.body) == row.length
        if row.length < len(row.body) or (is_whole and sha256(row.body).hexdigest() != row.body_digest):
            yield f"set aside number {row.row}: its bytes are not those that came"


def _order(events: list[Row[Any]], in_books: list[tuple[str, int, int, int]], seen: set[str]) -> Iterator[str]:
    """The events of one order, oldest first, against its row and its lines; `seen` are the event ids so far."""
    first, last = events[0], events[-1]
    yield from _identity(first)
    notice: Fields = {}
    for event in events:
        notice = _read(event)
        yield from _notice(event, notice, seen)
    in_notice = [(n.get("name"), n.get("quantity"), n.get("reserved", 0), n.get("missing", 0)) for n in notice["order"]]
    if in_notice != in_books:
        yield f"order {last.identity}: its last event {last.seq} tells of other lines than it has"
    if (notice.get("reason") or "") != last.reason:
        yield f"order {last.identity}: its last event {last.seq} gives another reason than it has"
    if (first.occurred_at, last.occurred_at) != (first.received_at, last.changed_at):
        yield f"order {last.identity}: it was received or changed at another time than its events say"
    content = [last.user_id, last.on_shortage, [[name, quantity] for name, quantity, _, _ in in_books]]
    if sha256(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest() != last.digest:
        yield f"order {last.identity}: its digest is of another content"


def _read(event: Row[Any]) -> Fields:
    """Without lines where it cannot be read: then it agrees with nothing."""
    try:
        notice = json.loads(event.notice)
        if all(isinstance(line, dict) for line in notice["order"]):
            return dict(notice)
    except (ValueError, TypeError, LookupError):
        pass
    return {"order": []}


def _notice(event: Row[Any], notice: Fields, seen: set[str]) -> Iterator[str]:
    columns = {
        "seq": event.seq,
        "status": event.status,
        "occurred_at": event.occurred_at,
        "order_id": int(event.order_id) if event.order_is_number else event.order_id,
        "user_id": int(event.user_id) if event.user_is_number else event.user_id,
        "created_at": event.created_at,
    }
    wrong = [name for name, value in columns.items() if notice.get(name) != value]
    if notice.get("on_shortage", "reject") != event.on_shortage:
        wrong.append("on_shortage")
    if notice.get("set_aside"):
        wrong.append("set_aside")
    yield from _event(event, notice, wrong, seen)


def _event_without_order(event: Row[Any], notice: Fields, seen: set[str]) -> Iterator[str]:
    columns = {"seq": event.seq, "status": event.status, "occurred_at": event.occurred_at, "set_aside": True}
    wrong = [name for name, value in columns.items() if notice.get(name) != value]
    if str(notice.get("user_id")) != event.user_id:
        wrong.append("user_id")
    yield from _event(event, notice, wrong, seen)


def _event(event: Row[Any], notice: Fields, wrong: Sequence[str], seen: set[str]) -> Iterator[str]:
    if wrong:
        yield f"event {event.seq}: its notice says otherwise than the books of {', '.join(wrong)}"
    event_id = str(notice.get("event_id", ""))
    if not event_id or event_id in seen:
        yield f"event {event.seq}: its id {event_id!r} is missing or that of another event"
    seen.add(event_id)


def _identity(order: Row[Any]) -> Iterator[str]:
    pair = f"{order.user_id}/{order.order_id}"
    if order.identity != (f"{pair}/{order.created_at}" if order.order_is_number else pair):
        yield f"order {order.identity}: its id, user and time make another identity"
