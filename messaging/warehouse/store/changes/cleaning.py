"""Deletes messages that nobody needs any more, and cancels whose orders did not come."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from messaging.warehouse.records import FREED
from messaging.warehouse.store.database.schema import early_cancels, set_aside

EARLY_DAYS = 7  # for which a cancel waits for its order
MOST_EARLY = 1000  # cancels of one user that wait


def clean(connection: Connection, days: int) -> int:
    """Delete messages dropped or settled more than `days` ago, and old early cancels; gives how many rows."""
    has_ended = set_aside.c.state.in_([state.value for state in FREED])
    unnoted = update(set_aside).where(has_ended, set_aside.c.ended_at == "")  # by an older program on these books
    connection.execute(unnoted.values(ended_at=_before(0)))
    freed = connection.execute(delete(set_aside).where(has_ended, set_aside.c.ended_at < _before(days))).rowcount
    return freed + connection.execute(delete(early_cancels).where(early_cancels.c.at < _before(EARLY_DAYS))).rowcount


def limit_early_cancels(connection: Connection, users: Collection[str]) -> None:
    """Of each of these users the newest MOST_EARLY stay: a user who invents them loses his own ones."""
    for user in users:
        mine = early_cancels.c.user_id == user
        newest = early_cancels.c.at.desc(), early_cancels.c.identity.desc()
        too_many = select(early_cancels.c.identity).where(mine).order_by(*newest).offset(MOST_EARLY)
        connection.execute(delete(early_cancels).where(mine, early_cancels.c.identity.in_(too_many)))


def _before(days: int) -> str:
    return (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="milliseconds")
