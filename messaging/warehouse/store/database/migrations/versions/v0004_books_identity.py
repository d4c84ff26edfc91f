"""Books have an identity."""

from uuid import uuid4

from alembic import op
from sqlalchemy import BigInteger, Column, Integer, Text

from messaging.domain.orders import now

revision = "0004"
down_revision = "0003"

Whole = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    identity = op.create_table(
        "identity",
        Column("number", Whole, primary_key=True, autoincrement=True),
        Column("id", Text, nullable=False, unique=True),
        Column("made_at", Text, nullable=False),
        Column("replaces", Text, nullable=False),
        sqlite_strict=True,
    )
    op.bulk_insert(identity, [{"id": str(uuid4()), "made_at": now(), "replaces": ""}])
