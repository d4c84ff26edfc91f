import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from messaging.domain.orders import OnShortage
from messaging.domain.stock import StockLevel
from messaging.errors import StoreUnavailable
from messaging.history.store.database import database_file, schema
from messaging.history.store.history_store import HistoryStore
from tests.unit.messaging.history.conftest import USER, OpenStore, placed


def test_the_file_and_its_folder_are_for_their_owner_alone(store: HistoryStore, path: Path) -> None:
    placed(store)
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert {stat.S_IMODE(each.stat().st_mode) for each in path.parent.iterdir()} == {0o600}


def test_every_commit_is_synced_and_a_wal_is_used_only_where_it_is_safe(store: HistoryStore) -> None:
    assert store._file.read("PRAGMA synchronous")[0][0] == database_file.FULL
    assert store._file.read("PRAGMA busy_timeout")[0][0] == database_file.BUSY_MS
    safe = sqlite3.sqlite_version_info >= (3, 51, 3)
    assert store._file.read("PRAGMA journal_mode")[0][0] == ("wal" if safe else "truncate")


def test_a_history_of_a_newer_program_is_left_alone(store: HistoryStore, open_store: OpenStore) -> None:
    store._file.execute(f"PRAGMA user_version = {len(schema.STEPS) + 1}")
    with pytest.raises(StoreUnavailable, match="newer Order Desk"):
        open_store()


def test_the_history_of_another_user_is_refused(store: HistoryStore, path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="another user"):
        HistoryStore(path, "somebody-else")


def test_a_file_that_is_no_history_says_so_and_is_left_alone(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreUnavailable, match="not a history"):
        HistoryStore(path, USER)
    assert path.read_bytes().startswith(b"no database")


def test_a_folder_that_cannot_be_made_says_so(tmp_path: Path) -> None:
    (tmp_path / "users").write_text("a file is in the way")
    with pytest.raises(StoreUnavailable, match="cannot be used"):
        HistoryStore(tmp_path / "users" / "me.sqlite", USER)


def test_a_locked_history_says_so_and_works_again_afterwards(store: HistoryStore, path: Path) -> None:
    store._file.execute("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="in use"):
        placed(store)
    other.execute("ROLLBACK")
    other.close()
    placed(store)
    assert store.counts().waiting == 1


@pytest.mark.parametrize("lock", ["BEGIN IMMEDIATE", "BEGIN EXCLUSIVE"])
def test_who_opens_an_older_history_that_another_upgrades_is_told_to_wait(
    path: Path, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database_file, "BUSY_MS", 50)
    HistoryStore(path, USER).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA user_version = 1")
        other.execute(lock)
        with pytest.raises(StoreUnavailable, match=r"which may be bringing it .*: wait, or try again in a minute"):
            HistoryStore(path, USER)
        other.execute(f"PRAGMA user_version = {len(schema.STEPS)}")
        other.execute("COMMIT")
    HistoryStore(path, USER).close()


def test_a_full_disk_says_so_keeps_what_was_there_and_works_again(store: HistoryStore) -> None:
    placed(store)
    (pages,) = store._file.execute("PRAGMA page_count").fetchone()
    store._file.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreUnavailable, match="disk is full"):
        placed(store, 500)
    assert store.counts().waiting == 1
    store._file.execute("PRAGMA max_page_count = 100000")
    placed(store, 500)
    assert store.counts().waiting == 501


def test_a_history_that_cannot_be_written_says_so(store: HistoryStore) -> None:
    store._file.execute("PRAGMA query_only = ON")
    with pytest.raises(StoreUnavailable, match="cannot be written"):
        placed(store)


def test_a_history_whose_file_is_gone_says_so_and_works_again_when_it_is_back(store: HistoryStore, path: Path) -> None:
    away = path.with_suffix(".away")
    path.rename(away)
    with pytest.raises(StoreUnavailable):
        placed(store)
    away.rename(path)
    placed(store)
    assert store.counts().waiting == 1


def test_a_bug_is_not_taken_for_trouble_with_the_disk(store: HistoryStore) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        store._file.read("SELECT * FROM no_table")


def test_how_far_the_history_is_complete_moves_forward_only(open_store: OpenStore) -> None:
    one, two = open_store(), open_store()
    assert one.books.caught_up_to() == 0
    one.books.set_caught_up_to(9)
    two.books.set_caught_up_to(5)
    assert one.books.caught_up_to() == 9
    two.books.set_caught_up_to(2, backwards=True)
    assert one.books.caught_up_to() == 2


def test_a_draft_survives_and_an_empty_one_is_forgotten(open_store: OpenStore) -> None:
    assert open_store().draft.load() is None
    open_store().draft.save([("laptop", 2)], OnShortage.WAIT)
    assert open_store().draft.load() == ([("laptop", 2)], OnShortage.WAIT)
    open_store().draft.save([])
    assert open_store().draft.load() is None


def test_the_last_known_stock_is_kept(open_store: OpenStore) -> None:
    assert open_store().catalogue() == []
    levels = [StockLevel("laptop", 99999, 25, 3), StockLevel("webcam", 4999, 45)]
    open_store().save_catalogue(levels)
    assert open_store().catalogue() == levels
