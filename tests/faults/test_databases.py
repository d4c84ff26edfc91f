"""The databases locked by another program, full, read-only, gone: all waits, says why, and goes on by itself."""

import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from messaging.client.service import ClientService
from messaging.errors import StoreUnavailable
from messaging.history.history import History
from messaging.history.records import OrderState
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.amqp import depth
from tests.helpers.books import TEMPLATE
from tests.helpers.postgresql import private_database
from tests.helpers.services import Shop, Told, in_thread
from tests.helpers.stores import newest_notices
from tests.helpers.waiting import eventually

Fault = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def gone(path: Path) -> Iterator[None]:
    """With its journal, as when a disk is unplugged."""
    names = [file for file in path.parent.glob(f"{path.name}*") if file.is_file()]
    for file in names:
        file.rename(file.with_name(f"away-{file.name}"))
    path.mkdir()  # nothing can be opened or made at its place
    yield
    path.rmdir()
    for file in names:
        file.with_name(f"away-{file.name}").rename(file)


@contextmanager
def read_only(path: Path) -> Iterator[None]:
    """Its folder is mounted so: as the superuser no rights of a file would do."""
    folder = str(path.parent)
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", folder], check=True)
        yield
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def table_locked(url: str) -> Iterator[None]:
    """By another session of PostgreSQL, as by somebody's maintenance."""
    with psycopg.connect(_plain(url)) as other:
        other.execute("LOCK TABLE products")
        yield


@contextmanager
def sessions_ended(url: str) -> Iterator[None]:
    """PostgreSQL ends every session of the database and lets nobody in, as before a restart."""
    name = _plain(url).rpartition("/")[2]
    with psycopg.connect(f"{_plain(url).rpartition('/')[0]}/postgres", autocommit=True) as other:
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'.encode())
        other.execute(b"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        yield
        other.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'.encode())


def _plain(url: str) -> str:
    return url.replace("+psycopg", "")


@contextmanager
def query_only(history: History) -> Iterator[None]:
    """As the superuser no file is read-only; SQLite's own switch on the connection is."""
    yield from _with_pragma(history, "query_only = 1", "query_only = 0")


@contextmanager
def full(history: History) -> Iterator[None]:
    """No page more than there is now."""
    yield from _with_pragma(history, "max_page_count = 1", "max_page_count = 1073741823")


def _with_pragma(history: History, begin: str, end: str) -> Iterator[None]:
    history.ask(lambda store: store._file.execute(f"PRAGMA {begin}").fetchall()).result()
    yield
    history.ask(lambda store: store._file.execute(f"PRAGMA {end}").fetchall()).result()


@contextmanager
def tiny_disk(folder: Path) -> Iterator[Path]:
    """A file system of 2 MB; making one takes the superuser, others use a file with as few pages."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@contextmanager
def filled(folder: Path) -> Iterator[None]:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        while shutil.disk_usage(folder).free:
            file.write(bytes(4096))
    yield
    ballast.unlink()


@pytest.fixture
def direct(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


@pytest.mark.parametrize("fault", [locked, gone, read_only])
def test_while_the_books_cannot_be_used_orders_wait_and_none_is_set_aside(
    direct: Shop, broker_url: str, fault: Fault
) -> None:
    books = direct.folder / "books" / "warehouse.sqlite"
    books.parent.mkdir()
    direct.settings = replace(direct.settings, database=f"sqlite:///{books}")
    wait_for_the_books(direct, broker_url, lambda: fault(books), "warehouse.sqlite")


@pytest.mark.parametrize("fault", [table_locked, sessions_ended])
def test_while_postgresql_cannot_be_used_orders_wait_and_none_is_set_aside(
    direct: Shop, broker_url: str, postgresql: str, fault: Callable[[str], AbstractContextManager[None]]
) -> None:
    with private_database(postgresql, f"fault-{uuid4().hex[:12]}", TEMPLATE) as url:
        direct.settings = replace(direct.settings, database=url)
        wait_for_the_books(direct, broker_url, lambda: fault(url), "postgresql")


def wait_for_the_books(
    direct: Shop, broker_url: str, fault: Callable[[], AbstractContextManager[None]], named: str
) -> None:
    alice = direct.profile()
    orders = some_orders(alice, 30)
    with direct.warehouse() as (_, done), direct.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        client.place_many([("", order) for order in orders[:10]]).result(10)
        told.until(lambda t: decided(t) == 10)
        with fault():
            client.place_many([("", order) for order in orders[10:]]).result(10)
            done.until(lambda t: t.says_away(named))
            told.until(lambda t: sum(o.state is OrderState.ACCEPTED for o in t.orders.values()) == 20)
        told.until(lambda t: decided(t) == 30)
    assert depth(broker_url, "dead_letter_queue") == 0
    assert_each_once(direct, alice, orders)


def test_while_the_books_are_full_orders_wait_and_none_is_set_aside(direct: Shop, broker_url: str) -> None:
    """The books lie on a disk of a megabyte, which something else has filled."""
    alice = direct.profile()
    orders = some_orders(alice, 30)
    with tiny_disk(direct.folder / "disk") as disk:
        direct.settings = replace(direct.settings, database=f"sqlite:///{disk / 'books.sqlite'}")
        with direct.warehouse() as (_, done), direct.client(alice) as (client, told):
            done.until(lambda t: t.is_ready)
            client.place_many([("", order) for order in orders[:10]]).result(10)
            told.until(lambda t: decided(t) == 10)
            eventually(lambda: not direct.look(lambda store: store.events.unpublished(1)))
            with filled(disk):
                client.place_many([("", order) for order in orders[10:]]).result(10)
                done.until(lambda t: t.says_away("books.sqlite"))
            told.until(lambda t: decided(t) == 30)
        assert depth(broker_url, "dead_letter_queue") == 0
        assert_each_once(direct, alice, orders)


@pytest.mark.parametrize("fault", [locked])
def test_while_the_history_cannot_be_written_notices_wait_and_each_comes_once(
    direct: Shop, broker_url: str, fault: Fault
) -> None:
    alice = direct.profile()
    orders = some_orders(alice, 10)
    elsewhere = Shop(direct.folder / "elsewhere", broker_url)
    with direct.warehouse(), direct.client(alice) as (client, told), elsewhere.listener(alice) as (_, heard):
        heard.until(lambda t: t.is_ready)
        with fault(elsewhere.settings.folder.history(alice.user_id)):
            client.place_many([("", order) for order in orders]).result(10)
            told.until(lambda t: decided(t) == 10)
            heard.until(lambda t: any("is in use by another program" in str(error) for error in t.errors))
            assert not heard.notices
        heard.until(lambda t: len(t.notices) == 10)
    assert_each_once(direct, alice, orders)
    with elsewhere.history(alice) as history:
        assert len(history.ask(lambda store: newest_notices(store, limit=100)).result()) == 10


@pytest.mark.parametrize("fault", [query_only, full])
def test_orders_that_cannot_be_kept_are_said_not_to_be_placed_and_the_next_ones_are(
    direct: Shop, fault: "Callable[[History], AbstractContextManager[None]]"
) -> None:
    alice = direct.profile()
    lost, (kept,) = [("", order) for order in some_orders(alice, 2000)], some_orders(alice, 1)
    with direct.history(alice) as history, direct.warehouse():
        told = Told()
        desk = ClientService(alice, history, direct.broker, direct.settings, told)
        with in_thread(desk.run, desk.stop):
            told.until(lambda t: t.is_ready)
            with fault(history), pytest.raises(StoreUnavailable, match=r"cannot be written|has no room"):
                desk.place_many(lost).result(20)
            desk.place(kept).result(10)
            told.until(lambda t: decided(t) == 1)
    assert_each_once(direct, alice, [kept])
