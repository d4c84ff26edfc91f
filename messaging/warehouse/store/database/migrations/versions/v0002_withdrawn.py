"""Products that are no longer offered."""

from alembic import op
from sqlalchemy import BigInteger, Column, Integer

revision = "0002"
down_revision = "0001"

Whole = BigInteger().with_variant(Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("products", Column("withdrawn", Whole, nullable=False, server_default="0"))
