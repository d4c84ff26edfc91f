"""Identifies orders by user and id, allows events without an order, keeps only the beginning of a large message."""

from datetime import UTC, datetime

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text, text

revision = "0003"
down_revision = "0002"

KEPT = 65_536  # bytes
Whole = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    _cut_what_is_set_aside()  # first: the others use the room that it frees
    op.execute("UPDATE orders SET identity = user_id || '/' || order_id WHERE order_is_number = 0")
    op.execute("UPDATE early_cancels SET identity = user_id || '/' || identity WHERE identity NOT LIKE '%/%'")
    op.create_index("orders_by_id", "orders", ["order_id"])
    if op.get_bind().dialect.name == "sqlite":
        _make_events_anew()
    else:
        op.alter_column("events", "order_number", nullable=True)
    op.create_index("early_cancels_of_user", "early_cancels", ["user_id", "at"])


def _cut_what_is_set_aside() -> None:
    op.add_column("set_aside", Column("length", Whole, nullable=False, server_default="0"))
    for name in ("ended_at", "taken_by", "taken_as"):
        op.add_column("set_aside", Column(name, Text, nullable=False, server_default=""))
    length = "length(body)" if op.get_bind().dialect.name == "sqlite" else "octet_length(body)"
    for (number,) in op.get_bind().execute(text(f"SELECT row FROM set_aside WHERE {length} > {KEPT}")).fetchall():
        # One by one: a statement on all of them would have SQLite note down all their bytes, in two places.
        cut = f"UPDATE set_aside SET length = {length}, body = substr(body, 1, {KEPT}) WHERE row = :row"
        op.get_bind().execute(text(cut), {"row": number})
    op.execute(f"UPDATE set_aside SET length = {length} WHERE length = 0")
    ended = f"UPDATE set_aside SET ended_at = '{datetime.now(UTC).isoformat(timespec='milliseconds')}'"
    op.execute(f"{ended} WHERE state IN ('dropped', 'settled')")


def _make_events_anew() -> None:
    """SQLite cannot take NOT NULL from a column."""
    op.create_table(
        "events_anew",
        Column("seq", Whole, primary_key=True, autoincrement=False),
        Column("order_number", Whole, ForeignKey("orders.number"), nullable=True),
        Column("user_id", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("notice", Text, nullable=False),
        Column("occurred_at", Text, nullable=False),
        Column("published_at", Text, nullable=True),
        sqlite_strict=True,
    )
    op.execute("INSERT INTO events_anew SELECT * FROM events ORDER BY seq")
    op.drop_table("events")
    op.rename_table("events_anew", "events")
    op.create_index("events_of_order", "events", ["order_number", "seq"])
    op.create_index("events_of_user", "events", ["user_id", "seq"])
    op.create_index("events_owed", "events", ["seq"], sqlite_where=text("published_at IS NULL"))
