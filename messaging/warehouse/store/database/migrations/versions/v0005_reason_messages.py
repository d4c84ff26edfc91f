"""Reasons are kept as code and parameters too; those of before have their text alone."""

from alembic import op
from sqlalchemy import Column, Text

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    for table in ("orders", "stock_ledger", "early_cancels", "set_aside"):
        op.add_column(table, Column("reason_message", Text, nullable=True))
