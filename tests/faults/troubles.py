"""What comes from outside while receipts are on their way, beside what is killed."""

import sqlite3
import time
from contextlib import closing
from pathlib import Path

AWAY = 8.0  # seconds: longer than SQLite's own waiting


def locked(books: Path) -> None:
    """Another program holds the database: the fault lasts as long as it does, nothing is waited for."""
    with closing(sqlite3.connect(books, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(AWAY)
        other.execute("ROLLBACK")
