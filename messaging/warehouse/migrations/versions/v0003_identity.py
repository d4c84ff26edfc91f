"""An order is its user's, and an event may be of a message that became no order."""

from alembic import op
from sqlalchemy import BigInteger, Column, ForeignKey, Integer, Text, text

revision = "0003"
down_revision = "0002"

Whole = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    op.execute("UPDATE orders SET identity = user_id || '/' || order_id WHERE order_is_number = 0")
    op.execute("UPDATE early_cancels SET identity = user_id || '/' || identity WHERE identity NOT LIKE '%/%'")
    op.create_index("orders_by_id", "orders", ["order_id"])
    if op.get_bind().dialect.name == "sqlite":
        _make_events_anew()
    else:
        op.alter_column("events", "order_number", nullable=True)


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
