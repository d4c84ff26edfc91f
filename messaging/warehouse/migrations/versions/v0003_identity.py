"""An order is its user's: the same UUID of another user is another order."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("UPDATE orders SET identity = user_id || '/' || order_id WHERE order_is_number = 0")
    op.execute("UPDATE early_cancels SET identity = user_id || '/' || identity WHERE identity NOT LIKE '%/%'")
    op.create_index("orders_by_id", "orders", ["order_id"])
