"""The tables of a user's history, as numbered steps: `PRAGMA user_version` counts those taken."""

import sqlite3

from messaging.errors import StoreUnavailable
from messaging.phrases import phrase
from messaging.runtime.upgrading import Told, nobody, telling

# `version` is the running number of the last write that touched the row: another window reads what changed since.
# `words` is what a search looks through, in case-folded text.
FIRST = (
    """CREATE TABLE orders (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        identity TEXT NOT NULL UNIQUE,
        digest TEXT NOT NULL,
        body BLOB NOT NULL,
        state TEXT NOT NULL,
        seq INTEGER,
        lines BLOB NOT NULL,
        placed_at TEXT NOT NULL,
        accepted_at TEXT NOT NULL DEFAULT '',
        changed_at TEXT NOT NULL DEFAULT '',
        reason TEXT NOT NULL DEFAULT '',
        problem TEXT NOT NULL DEFAULT '',
        label TEXT NOT NULL,
        total INTEGER,
        cancel_asked INTEGER NOT NULL DEFAULT 0,
        words TEXT NOT NULL,
        version INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX orders_by_state ON orders (state, number)",
    "CREATE INDEX orders_by_version ON orders (version)",
    # What has to leave, orders and commands in one sequence; a row is deleted once RabbitMQ has confirmed it.
    # `claims` counts the sendings of which RabbitMQ did not say that it did not take them.
    """CREATE TABLE outbox (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        identity TEXT NOT NULL,
        is_command INTEGER NOT NULL,
        body BLOB NOT NULL,
        owner TEXT NOT NULL DEFAULT '',
        lease_until REAL NOT NULL DEFAULT 0,
        claims INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
    "CREATE INDEX outbox_by_identity ON outbox (identity)",
    "CREATE INDEX outbox_by_owner ON outbox (owner, row)",
    """CREATE TABLE notices (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        event_id TEXT NOT NULL UNIQUE,
        identity TEXT NOT NULL,
        user_id TEXT NOT NULL,
        status TEXT NOT NULL,
        seq INTEGER,
        body BLOB NOT NULL,
        words TEXT NOT NULL,
        received_at TEXT NOT NULL,
        missed INTEGER NOT NULL,
        read INTEGER NOT NULL DEFAULT 0,
        version INTEGER NOT NULL
    ) STRICT""",
    "CREATE INDEX notices_by_identity ON notices (identity, row)",
    "CREATE INDEX notices_by_status ON notices (status, row)",
    "CREATE INDEX notices_by_version ON notices (version)",
    "CREATE INDEX notices_unread ON notices (row) WHERE read = 0",
    "CREATE TABLE marks (key TEXT PRIMARY KEY, value ANY) STRICT, WITHOUT ROWID",
    "INSERT INTO marks VALUES ('version', 0)",
)

# Up to which notice the full-text index has come; the index itself is made where SQLite can, see notice_index.py.
FOLLOWED_BY_AN_INDEX = ("INSERT INTO marks VALUES ('indexed_to', 0)",)

# How live notices travelled, as JSON; in a table of its own, for only one is ever looked at.
WITH_HEADERS = ("CREATE TABLE notice_headers (row INTEGER PRIMARY KEY, headers TEXT NOT NULL) STRICT",)

# An order's UUID alone was its identity, until another user could take it.
_WHOSE = "json_extract(CAST(body AS TEXT), '$.user_id') || '/' || identity"
OF_A_USER = (
    f"UPDATE orders SET identity = {_WHOSE} WHERE instr(identity, '/') = 0 AND json_valid(CAST(body AS TEXT))",
    f"UPDATE outbox SET identity = {_WHOSE} WHERE instr(identity, '/') = 0 AND json_valid(CAST(body AS TEXT))",
    "DROP INDEX notices_by_identity",  # a million are quicker without
    "UPDATE notices SET identity = user_id || '/' || identity WHERE instr(identity, '/') = 0",
    "CREATE INDEX notices_by_identity ON notices (identity, row)",
    "ALTER TABLE orders ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0",  # 1: rejected is no outcome
)

# Reasons as code and parameters, in JSON; those of before have their text alone.
WITH_MESSAGES = (
    "ALTER TABLE orders ADD COLUMN reason_message TEXT",
    "ALTER TABLE orders ADD COLUMN problem_message TEXT",
)

STEPS: tuple[tuple[str, ...], ...] = (FIRST, FOLLOWED_BY_AN_INDEX, WITH_HEADERS, OF_A_USER, WITH_MESSAGES)


TABLES = ("orders", "outbox", "notices", "marks", "notice_headers")
UNDER_WAY = phrase("schema.the_history_is_being_brought_to")
NOT_OURS = phrase("schema.this_history_is_not_one_of")


class HistoryDamaged(StoreUnavailable):
    """A row that no Order Desk has written; `damage.named` says which."""


def steps_taken(connection: sqlite3.Connection) -> int:
    """Raises StoreUnavailable where a newer program has made the file."""
    taken = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if taken < 0:
        raise StoreUnavailable(NOT_OURS)
    if taken > len(STEPS):
        raise StoreUnavailable(phrase("schema.this_history_was_written_by_a"))
    return taken


def take_steps(connection: sqlite3.Connection, told: Told = nobody) -> None:
    """Within a write transaction: two windows may open a new file at once. `told` is called with a text while
    an older one is brought to this version."""
    taken = steps_taken(connection)
    with telling(told if 0 < taken < len(STEPS) else nobody, UNDER_WAY):
        for step in STEPS[taken:]:
            for statement in step:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(STEPS)}")
