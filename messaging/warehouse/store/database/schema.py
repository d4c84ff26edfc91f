"""The tables of the warehouse's books, on SQLite and on PostgreSQL alike.

What they mean: `orders` with `order_lines` is the state now, `events` is every change of it (outbox, history
and audit in one), `stock_ledger` is every stock movement; `products` is the ledger added up.
"""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

from messaging.warehouse.store.database.cells import guard

HEAD = "0005"  # the newest migration: a database that stands there needs no Alembic

# STRICT tables of SQLite know INTEGER (64 bits) but not BIGINT.
Whole = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

products = Table(
    "products",
    metadata,
    Column("name", Text, primary_key=True),
    Column("position", Whole, nullable=False),  # order of the catalogue
    Column("price", Whole, nullable=False),  # minor units of money
    Column("on_hand", Whole, nullable=False),
    Column("reserved", Whole, nullable=False),
    Column("threshold", Whole, nullable=False),
    Column("withdrawn", Whole, nullable=False, server_default="0"),  # 1: no longer offered
    CheckConstraint("price >= 0 AND threshold >= 0", name="product_amounts"),
    CheckConstraint("reserved >= 0 AND on_hand >= reserved", name="never_oversold"),
    sqlite_strict=True,
)

counters = Table(
    "counters",
    metadata,
    Column("id", Whole, primary_key=True, autoincrement=False),
    Column("orders", Whole, nullable=False),
    Column("events", Whole, nullable=False),
    CheckConstraint("id = 1", name="one_row"),
    sqlite_strict=True,
)

# Whose books these are: the last row. Each earlier one says what they were before they took others' place.
identity = Table(
    "identity",
    metadata,
    Column("number", Whole, primary_key=True, autoincrement=True),
    Column("id", Text, nullable=False, unique=True),
    Column("made_at", Text, nullable=False),
    Column("replaces", Text, nullable=False),  # ids, with blanks between
    sqlite_strict=True,
)

orders = Table(
    "orders",
    metadata,
    Column("number", Whole, primary_key=True, autoincrement=False),  # order of arrival
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
    Column("reason_message", Text, nullable=True),  # the reason as code and parameters, in JSON
    Index("orders_of_user", "user_id", "number"),
    Index("orders_by_status", "status", "number"),
    Index("orders_by_id", "order_id"),
    sqlite_strict=True,
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_number", Whole, ForeignKey("orders.number"), primary_key=True, autoincrement=False),
    Column("line", Whole, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),  # as ordered: may be a product that is unknown here
    Column("quantity", Whole, nullable=False),
    Column("reserved", Whole, nullable=False),
    Column("missing", Whole, nullable=False),
    CheckConstraint("quantity >= 1 AND reserved >= 0 AND missing >= 0", name="line_amounts"),
    CheckConstraint("reserved + missing <= quantity", name="line_not_above"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

stock_ledger = Table(
    "stock_ledger",
    metadata,
    Column("row", Whole, primary_key=True, autoincrement=True),
    Column("name", Text, ForeignKey("products.name"), nullable=False),
    Column("on_hand", Whole, nullable=False),
    Column("reserved", Whole, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("order_number", Whole, ForeignKey("orders.number"), nullable=True),
    Column("at", Text, nullable=False),
    Column("reason_message", Text, nullable=True),
    Index("ledger_of_product", "name", "row"),
    Index(
        "ledger_of_order",
        "order_number",
        sqlite_where=text("order_number IS NOT NULL"),
        postgresql_where=text("order_number IS NOT NULL"),
    ),
    sqlite_strict=True,
)

events = Table(
    "events",
    metadata,
    Column("seq", Whole, primary_key=True, autoincrement=False),
    Column("order_number", Whole, ForeignKey("orders.number"), nullable=True),  # none: it was set aside
    Column("user_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("notice", Text, nullable=False),  # JSON as it travels
    Column("occurred_at", Text, nullable=False),
    Column("published_at", Text, nullable=True),
    Index("events_of_order", "order_number", "seq"),
    Index("events_of_user", "user_id", "seq"),
    Index(
        "events_owed",
        "seq",
        sqlite_where=text("published_at IS NULL"),
        postgresql_where=text("published_at IS NULL"),
    ),
    sqlite_strict=True,
)

early_cancels = Table(
    "early_cancels",
    metadata,
    Column("identity", Text, primary_key=True),
    Column("user_id", Text, primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
    Column("reason_message", Text, nullable=True),
    Index("early_cancels_of_user", "user_id", "at"),
    sqlite_strict=True,
)

set_aside = Table(
    "set_aside",
    metadata,
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
    Column("length", Whole, nullable=False, server_default="0"),  # bytes of the whole, of which body is the beginning
    Column("ended_at", Text, nullable=False, server_default=""),  # since when it is dropped or settled
    Column("taken_by", Text, nullable=False, server_default=""),
    Column("taken_as", Text, nullable=False, server_default=""),  # the identity of the order sent in its place
    Column("reason_message", Text, nullable=True),
    Index("set_aside_by_body", "body_digest"),
    Index("set_aside_by_state", "state", "row"),
    sqlite_strict=True,
)

guard(metadata)
