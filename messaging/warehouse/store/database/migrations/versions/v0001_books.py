"""The first books: catalogue, orders, ledger, events, what is set aside."""

from alembic import op
from sqlalchemy import BigInteger, CheckConstraint, Column, ForeignKey, Integer, LargeBinary, Text, text

revision = "0001"
down_revision = None

Whole = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "products",
        Column("name", Text, primary_key=True),
        Column("position", Whole, nullable=False),
        Column("price", Whole, nullable=False),
        Column("on_hand", Whole, nullable=False),
        Column("reserved", Whole, nullable=False),
        Column("threshold", Whole, nullable=False),
        CheckConstraint("price >= 0 AND threshold >= 0", name="product_amounts"),
        CheckConstraint("reserved >= 0 AND on_hand >= reserved", name="never_oversold"),
        sqlite_strict=True,
    )
    op.create_table(
        "counters",
        Column("id", Whole, primary_key=True, autoincrement=False),
        Column("orders", Whole, nullable=False),
        Column("events", Whole, nullable=False),
        CheckConstraint("id = 1", name="one_row"),
        sqlite_strict=True,
    )
    op.create_table(
        "orders",
        Column("number", Whole, primary_key=True, autoincrement=False),
        Column("identity", Text, nullable=False, unique=True),
        Column("order_id", Text, nullable=False),
        Column("user_id", Text, nullable=False),
        Column("order_is_number", Whole, nullable=False),
        Column("user_is_number", Whole, nullable=False),
        Column("created_at", Text, nullable=False),
        Column("digest", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("on_shortage", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("received_at", Text, nullable=False),
        Column("changed_at", Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("orders_of_user", "orders", ["user_id", "number"])
    op.create_index("orders_by_status", "orders", ["status", "number"])
    op.create_table(
        "order_lines",
        Column("order_number", Whole, ForeignKey("orders.number"), primary_key=True, autoincrement=False),
        Column("line", Whole, primary_key=True, autoincrement=False),
        Column("name", Text, nullable=False),
        Column("quantity", Whole, nullable=False),
        Column("reserved", Whole, nullable=False),
        Column("missing", Whole, nullable=False),
        CheckConstraint("quantity >= 1 AND reserved >= 0 AND missing >= 0", name="line_amounts"),
        CheckConstraint("reserved + missing <= quantity", name="line_not_above"),
        sqlite_strict=True,
        sqlite_with_rowid=False,
    )
    op.create_table(
        "stock_ledger",
        Column("row", Whole, primary_key=True, autoincrement=True),
        Column("name", Text, ForeignKey("products.name"), nullable=False),
        Column("on_hand", Whole, nullable=False),
        Column("reserved", Whole, nullable=False),
        Column("kind", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("order_number", Whole, ForeignKey("orders.number"), nullable=True),
        Column("at", Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("ledger_of_product", "stock_ledger", ["name", "row"])
    op.create_index(
        "ledger_of_order",
        "stock_ledger",
        ["order_number"],
        sqlite_where=text("order_number IS NOT NULL"),
        postgresql_where=text("order_number IS NOT NULL"),
    )
    op.create_table(
        "events",
        Column("seq", Whole, primary_key=True, autoincrement=False),
        Column("order_number", Whole, ForeignKey("orders.number"), nullable=False),
        Column("user_id", Text, nullable=False),
        Column("status", Text, nullable=False),
        Column("notice", Text, nullable=False),
        Column("occurred_at", Text, nullable=False),
        Column("published_at", Text, nullable=True),
        sqlite_strict=True,
    )
    op.create_index("events_of_order", "events", ["order_number", "seq"])
    op.create_index("events_of_user", "events", ["user_id", "seq"])
    op.create_index(
        "events_owed",
        "events",
        ["seq"],
        sqlite_where=text("published_at IS NULL"),
        postgresql_where=text("published_at IS NULL"),
    )
    op.create_table(
        "early_cancels",
        Column("identity", Text, primary_key=True),
        Column("user_id", Text, primary_key=True),
        Column("reason", Text, nullable=False),
        Column("at", Text, nullable=False),
        sqlite_strict=True,
    )
    op.create_table(
        "set_aside",
        Column("row", Whole, primary_key=True, autoincrement=True),
        Column("body", LargeBinary, nullable=False),
        Column("body_digest", Text, nullable=False),
        Column("reason", Text, nullable=False),
        Column("queue", Text, nullable=False),
        Column("headers", Text, nullable=False),
        Column("properties", Text, nullable=False),
        Column("at", Text, nullable=False),
        Column("state", Text, nullable=False),
        Column("replays", Whole, nullable=False),
        sqlite_strict=True,
    )
    op.create_index("set_aside_by_body", "set_aside", ["body_digest"])
    op.create_index("set_aside_by_state", "set_aside", ["state", "row"])
    op.execute("INSERT INTO counters (id, orders, events) VALUES (1, 0, 0)")
