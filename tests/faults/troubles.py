"""What comes from outside while receipts are on their way, beside what is killed."""

import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

AWAY = 8.0  # seconds: longer than SQLite's own waiting


def locked(books: Path) -> None:
    """Another program holds the database: the fault lasts as long as it does, nothing is waited for."""
    with closing(sqlite3.connect(books, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        time.sleep(AWAY)
        other.execute("ROLLBACK")


@contextmanager
def other_warehouse(folder: Path, broker_url: str) -> Iterator[Path]:
    """A warehouse with books of its own on the same RabbitMQ; gives the file that it says everything to."""
    command = [sys.executable, "-m", "messaging", "warehouse", "--data-dir", str(folder), "--broker", broker_url]
    folder.mkdir()
    said = folder / "said.log"
    with said.open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        yield said
    finally:
        process.terminate()
        process.wait(20)


def copied(books: Path, to: Path) -> None:
    """As a backup: whole, whatever stands in its journal."""
    with closing(sqlite3.connect(books)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)
