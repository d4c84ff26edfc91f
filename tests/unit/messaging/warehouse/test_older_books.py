"""Older books get the tables of this version: however large, whatever happens meanwhile, and whoever waits is told."""

import signal
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from threading import Event
from uuid import uuid4

import pytest
from sqlalchemy import Engine, event

from messaging.errors import StoreUnavailable
from messaging.phrases import NO_WORDS, Words
from messaging.warehouse.store.database import engine, migrate
from messaging.warehouse.store.database.engine import JOURNAL_KEPT
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import an_order, decide, make_old_books
from tests.helpers.older_books import older
from tests.helpers.postgresql import private_database

ORDERS = 2000
LAMPS = "INSERT INTO products VALUES ('lamp', 1, 1250, 0, 0, 0, 0)"
KILLED = """
import os, signal, sys
from sqlalchemy import Engine, event
from messaging.warehouse.store.database import engine
from messaging.warehouse.store.warehouse_store import WarehouseStore
engine.CACHE_KIB = 64  # so that some of it is on disk already
@event.listens_for(Engine, "after_cursor_execute")
def kill(_connection, _cursor, statement, *_):
    if statement.strip().startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
WarehouseStore(sys.argv[1]).open()
"""
MOMENTS = (
    "UPDATE set_aside SET length",
    "UPDATE orders SET identity",
    "INSERT INTO events_anew",
    "DROP TABLE events",
    "CREATE INDEX events_of_user",
    "INSERT INTO identity",
    "UPDATE alembic_version",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Of books with orders and two messages of a megabyte."""
    path = tmp_path / "books.sqlite"
    make_old_books(f"sqlite:///{path}", "0002", *older(ORDERS, large=2))
    return path


@pytest.fixture
def told() -> list[Words]:
    return []


def test_whoever_opens_older_books_is_told_until_they_are_open(server: str, tmp_path: Path, told: list[Words]) -> None:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'old.sqlite'}"
        if server:
            url = stack.enter_context(private_database(server, f"old-{uuid4().hex[:12]}"))
        make_old_books(url, "0002", LAMPS)
        for _ in range(2):
            with closing(WarehouseStore(url, told.append)) as store:
                store.open()
        assert told == [migrate.UNDER_WAY, NO_WORDS]


def test_whoever_opens_them_meanwhile_hears_what_holds_them(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    begun, may_go_on = Event(), Event()

    def hold(words: Words) -> None:
        if words:
            begun.set()
            assert may_go_on.wait(60)

    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'old.sqlite'}"
        if server:
            url = stack.enter_context(private_database(server, f"old-{uuid4().hex[:12]}"))
        make_old_books(url, "0002", LAMPS)
        first, second = WarehouseStore(url, hold), WarehouseStore(url)
        with ThreadPoolExecutor(1) as pool, closing(first), closing(second):
            opened = pool.submit(first.open)
            assert begun.wait(60)
            try:
                for work in (second.open, second.stock.levels):
                    with pytest.raises(
                        StoreUnavailable, match=r"old.* is being brought .*: wait, or try again in a min"
                    ):
                        work()
            finally:
                may_go_on.set()
            opened.result(60)
            assert [level.name for level in second.stock.levels()] == ["lamp"]


def test_books_that_show_nothing_at_their_opening_may_be_on_their_way(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as other,
        closing(WarehouseStore(f"sqlite:///{path}")) as s,
    ):
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match=r"locked by another program, which may be bringing it .*: wait, or"):
            s.open()
        other.execute("ROLLBACK")
        s.open()
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StoreUnavailable, match="locked by another program; close what holds it"):
            s.stock.levels()


def test_new_books_are_nothing_to_wait_for(tmp_path: Path, told: list[Words]) -> None:
    WarehouseStore(f"sqlite:///{tmp_path / 'new.sqlite'}", told.append).open().close()
    assert told == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_start_that_is_killed_half_way_leaves_books_that_the_next_one_opens(path: Path, moment: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, f"sqlite:///{path}", moment], check=False)
    assert killed.returncode == -signal.SIGKILL
    _is_of(path, "0002")
    _serves(path)


@pytest.mark.parametrize("pages", [1, 30, 60])
def test_a_full_disk_half_way_is_said_and_leaves_the_older_books(path: Path, pages: int, told: list[Words]) -> None:
    """As many pages more than the books have."""
    with closing(sqlite3.connect(path)) as plain:
        had = plain.execute("PRAGMA page_count").fetchone()[0] - 500  # what two messages free

    def small_disk(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={had + pages}")

    event.listen(Engine, "connect", small_disk)
    try:
        with (
            closing(WarehouseStore(f"sqlite:///{path}", told.append)) as store,
            pytest.raises(StoreUnavailable, match="the disk is full; make room"),
        ):
            store.open()
    finally:
        event.remove(Engine, "connect", small_disk)
    assert told == [migrate.UNDER_WAY, NO_WORDS]
    _is_of(path, "0002")
    _serves(path)


def test_large_messages_are_cut_without_a_copy_of_all_their_bytes(tmp_path: Path) -> None:
    path = tmp_path / "books.sqlite"
    make_old_books(f"sqlite:///{path}", "0002", *older(100, large=40))
    size = path.stat().st_size
    watched = _Watched(path)
    event.listen(Engine, "after_cursor_execute", watched.look)
    try:
        _serves(path)
    finally:
        event.remove(Engine, "after_cursor_execute", watched.look)
    assert path.stat().st_size <= size + 100_000
    assert watched.journal < size // 4
    assert path.with_name(f"{path.name}-journal").stat().st_size <= JOURNAL_KEPT


class _Watched:
    def __init__(self, path: Path) -> None:
        self._journal, self.journal = path.with_name(f"{path.name}-journal"), 0

    def look(self, *_: object) -> None:
        if self._journal.exists():
            self.journal = max(self.journal, self._journal.stat().st_size)


def _is_of(path: Path, revision: str) -> None:
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchone() == (revision,)
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert plain.execute("SELECT count(*) FROM events").fetchone() == (ORDERS,)


def _serves(path: Path) -> None:
    with closing(WarehouseStore(f"sqlite:///{path}")) as store:
        assert len(store.set_aside.page()[0].body) == 65_536
        decide(store, an_order(("lamp", 1)))
        audited = store.audit()
    assert audited.gaps == ()
    assert sum(audited.orders.values()) > 100
