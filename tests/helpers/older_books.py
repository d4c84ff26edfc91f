"""Books of the version before orders had their user in their identity (schema 0002), as large as is wanted."""

import json
from hashlib import sha256

USER = "11111111-1111-4111-8111-111111111111"
AT = "2026-11-22T20:00:00.000+00:00"
DIGEST = sha256(json.dumps([USER, "reject", [["lamp", 1]]], separators=(",", ":")).encode()).hexdigest()

ID = "printf('00000000-0000-4000-8000-%012x', n)"
EVENT_ID = "printf('00000000-0000-7000-8000-%012x', n)"
NOTICE = f"""json_object('order_id', {ID}, 'user_id', '{USER}',
    'order', json('[{{"name":"lamp","quantity":1,"reserved":1}}]'), 'created_at', '{AT}', 'status', 'processed',
    'event_id', {EVENT_ID}, 'seq', n, 'occurred_at', '{AT}')"""


def older(orders: int, large: int = 0, size: int = 1_000_000) -> tuple[str, ...]:
    """Statements for SQLite: so many processed orders of one lamp each, and `large` messages of `size` bytes that
    were set aside."""
    up_to = f"WITH RECURSIVE up_to(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM up_to WHERE n < {orders})"
    moved = "INSERT INTO stock_ledger (name, on_hand, reserved, kind, reason, order_number, at)"
    return (
        f"INSERT INTO products VALUES ('lamp', 1, 1250, {orders}, {orders}, 0, 0)",
        f"{moved} VALUES ('lamp', {orders}, 0, 'opening', '', NULL, '{AT}')",
        f"""{up_to} INSERT INTO orders
            SELECT n, {ID}, {ID}, '{USER}', 0, 0, '{AT}', '{DIGEST}', 'processed', 'reject', '', '{AT}', '{AT}'
            FROM up_to""",
        f"{up_to} INSERT INTO order_lines SELECT n, 0, 'lamp', 1, 1, 0 FROM up_to",
        f"{up_to} {moved} SELECT 'lamp', 0, 1, 'reserve', '', n, '{AT}' FROM up_to",
        f"{up_to} INSERT INTO events SELECT n, n, '{USER}', 'processed', {NOTICE}, '{AT}', '{AT}' FROM up_to",
        f"UPDATE counters SET orders = {orders}, events = {orders}",
        *[_set_aside(size)] * large,
    )


def _set_aside(size: int) -> str:
    digest = sha256(bytes(size)).hexdigest()
    return f"""INSERT INTO set_aside
        (body, body_digest, reason, queue, headers, properties, at, state, replays)
        VALUES (zeroblob({size}), '{digest}', 'unreadable', 'new_orders_queue', '{{}}', '{{}}', '{AT}', 'kept', 0)"""
