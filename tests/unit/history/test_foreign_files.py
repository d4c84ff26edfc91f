"""A history that is none, or of another version, or damaged: said in words."""

import sqlite3
from pathlib import Path

import pytest

from messaging.errors import StoreUnavailable
from messaging.history.store import HistoryStore
from tests.unit.history.conftest import USER

CHANGES = [
    "PRAGMA user_version = -5",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 2",
    "PRAGMA user_version = 99",
    "DROP TABLE orders",
    "DROP TABLE outbox",
    "DROP TABLE notices",
    "DROP TABLE marks",
    "ALTER TABLE notices DROP COLUMN missed",
    "DELETE FROM marks",
    "UPDATE marks SET value = 'x'",
]


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_used_or_refused_in_words(tmp_path: Path, change: str) -> None:
    path = tmp_path / "history.sqlite"
    HistoryStore(path, USER).close()
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    said = _said(path)
    assert said.isprintable()
    assert "history" in said or not said


def _said(path: Path) -> str:
    try:
        store = HistoryStore(path, USER)
        store.counts()
        store.notices_after(0, 10)
        store.close()
    except StoreUnavailable as error:
        return str(error)
    return ""
