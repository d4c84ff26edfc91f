"""Opening the books, and what is said when the database fails."""

import os
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, create_engine, event

from messaging.domain.orders import OrderStatus
from messaging.domain.stock import StockLevel
from messaging.errors import StoreRefused, StoreUnavailable, UsageError
from messaging.warehouse.store.database import engine
from messaging.warehouse.store.database.schema import metadata
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import an_order, decide, incoming, levels, make_old_books
from tests.helpers.postgresql import private_database

LAMP = (
    "INSERT INTO products VALUES ('lamp', 1, 1250, 3, 0, 0)",
    "INSERT INTO stock_ledger (name, on_hand, reserved, kind, reason, at)"
    " VALUES ('lamp', 3, 0, 'opening', '', '2026-11-22T20:00:00+00:00')",
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "books.sqlite"


@pytest.fixture
def books(path: Path) -> Iterator[WarehouseStore]:
    books = WarehouseStore(f"sqlite:///{path}").open()
    yield books
    books.close()


def test_the_migrations_make_the_schema_that_the_code_knows(store: WarehouseStore, store_url: str) -> None:
    store.open()
    plain = create_engine(store_url)
    with plain.connect() as connection:
        differences = compare_metadata(MigrationContext.configure(connection), metadata)
    plain.dispose()
    assert differences == []


def test_books_of_the_first_release_are_opened_and_all_their_products_are_offered(server: str, tmp_path: Path) -> None:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'old.sqlite'}"
        if server:
            url = stack.enter_context(private_database(server, f"old-{uuid4().hex[:12]}"))
        make_old_books(url, "0001", *LAMP)
        store = WarehouseStore(url).open()
        stack.callback(store.close)
        assert store.stock.levels() == [StockLevel("lamp", 1250, 3)]
        assert decide(store, an_order(("lamp", 1)))[0].status is OrderStatus.PROCESSED
        store.stock.withdraw(["lamp"])
        assert decide(store, an_order(("lamp", 1)))[0].status is OrderStatus.REJECTED
        assert store.audit().gaps == ()


def test_the_books_outlive_the_program(store: WarehouseStore, store_url: str) -> None:
    decide(store, an_order(("laptop", 2)))
    store.stock.restock("laptop", 1, "")
    store.close()
    again = WarehouseStore(store_url)
    assert levels(again, "laptop") == (26, 2)
    assert len(again.events.unpublished(10)) == 1
    again.close()


def test_a_start_that_has_nothing_to_migrate_loads_no_alembic(books: WarehouseStore, path: Path) -> None:
    books.close()
    program = (
        "import sys; from messaging.warehouse.store.warehouse_store import WarehouseStore\n"
        "WarehouseStore(sys.argv[1]).open().close(); sys.exit('alembic' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", program, f"sqlite:///{path}"], check=True)


def test_warehouses_that_start_together_make_one_catalogue(path: Path) -> None:
    def start(_nth: int) -> int:
        store = WarehouseStore(f"sqlite:///{path}")
        try:
            return len(store.stock.levels())
        finally:
            store.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(start, range(4))) == [10] * 4


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
def test_only_their_owner_reads_the_books(books: WarehouseStore, path: Path) -> None:
    path.chmod(0o644)
    again = WarehouseStore(f"sqlite:///{path}").open()
    decide(again, an_order())
    again.close()
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_sqlite_syncs_each_commit_and_keeps_no_wal_that_could_break(books: WarehouseStore) -> None:
    pragmas = books._transactions.read(
        lambda c: [
            c.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("synchronous", "journal_mode", "foreign_keys")
        ]
    )
    assert pragmas == [2, "wal" if sqlite3.sqlite_version_info >= (3, 51, 3) else "persist", 1]


def test_locked_books_say_so_and_go_on_when_they_are_free(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.1)
    books = WarehouseStore(f"sqlite:///{path}").open()
    message = incoming(an_order())
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreUnavailable, match="locked by another program"):
        books.decide([message, message])
    with pytest.raises(StoreUnavailable, match="locked by another program"):
        books.stock.levels()
    other.execute("ROLLBACK")
    other.close()
    first, second = books.decide([message, message])
    assert (first.repeated, second.repeated) == (False, True)
    assert books.set_aside.page() == []
    books.close()


def test_a_full_disk_pauses_and_turns_no_order_into_a_dead_letter(path: Path) -> None:
    books = WarehouseStore(f"sqlite:///{path}").open()
    pages = books._transactions.read(lambda c: c.exec_driver_sql("PRAGMA page_count").scalar())
    books.close()

    def small_disk(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA max_page_count={pages}")

    messages = [incoming(an_order()) for _ in range(200)]
    event.listen(Engine, "connect", small_disk)
    try:
        with pytest.raises(StoreUnavailable, match="the disk is full"):
            books.decide(messages)
    finally:
        event.remove(Engine, "connect", small_disk)
    assert books.audit().orders == {}
    assert len(books.decide(messages)) == 200
    assert books.audit().balanced
    assert books.set_aside.page() == []
    books.close()


def test_books_that_are_moved_away_are_not_replaced_by_empty_ones(books: WarehouseStore, path: Path) -> None:
    decide(books, an_order(("laptop", 2)))
    moved = path.rename(path.with_suffix(".moved"))
    for _ in range(2):
        with pytest.raises(StoreUnavailable):
            decide(books, an_order())
    assert not path.exists()
    moved.rename(path)
    assert levels(books, "laptop") == (25, 2)


def test_a_file_that_is_no_database_is_named(path: Path) -> None:
    path.write_bytes(b"shopping list " * 1000)
    with pytest.raises(StoreUnavailable, match="not a database of Order Desk"):
        WarehouseStore(f"sqlite:///{path}").open()
    assert path.read_bytes().startswith(b"shopping list")


@pytest.mark.parametrize("left", [b"", None], ids=["no byte", "cut off while it was closed"])
def test_books_without_a_byte_are_no_new_books(path: Path, left: bytes | None) -> None:
    if left is None:
        WarehouseStore(f"sqlite:///{path}").open().close()
        os.truncate(path, 0)
        path.with_name(f"{path.name}-journal").unlink(missing_ok=True)
    else:
        path.write_bytes(left)
    empty = WarehouseStore(f"sqlite:///{path}")
    for _ in range(2):
        with pytest.raises(StoreRefused, match="or delete it to begin with new books"):
            empty.stock.levels()
    assert path.stat().st_size == 0
    path.unlink()
    assert len(empty.stock.levels()) == 10
    empty.close()


def test_new_books_are_made_where_a_link_points(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    path.symlink_to(tmp_path / "elsewhere" / "books.sqlite")
    store = WarehouseStore(f"sqlite:///{path}")
    assert len(store.stock.levels()) == 10
    store.close()
    assert path.is_symlink()
    assert [file.name for file in path.parent.iterdir() if file.name.startswith(".")] == []


def test_books_of_a_newer_program_are_left_alone(books: WarehouseStore, path: Path) -> None:
    books.close()
    other = sqlite3.connect(path)
    other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.commit()
    other.close()
    with pytest.raises(StoreUnavailable, match="newer Order Desk"):
        books.open()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match="No such file"):
        WarehouseStore(f"sqlite:///{tmp_path / 'none' / 'books.sqlite'}").open()


def test_a_server_that_is_not_there_is_named_without_its_password() -> None:
    with pytest.raises(StoreUnavailable) as raised:
        WarehouseStore("postgresql://me:secret@127.0.0.1:1/books").open()
    assert "127.0.0.1" in str(raised.value)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["", "books", "mysql://localhost/books", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_cannot_be_is_refused_at_once(url: str) -> None:
    with pytest.raises(UsageError):
        WarehouseStore(url)


@pytest.mark.parametrize("made", ["CREATE TABLE orders (y)", "CREATE TABLE bookmarks (url)", "CREATE TABLE events (x)"])
def test_another_programs_file_is_refused_and_stays_as_it_is(path: Path, made: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(made)
    before = path.read_bytes()
    with closing(WarehouseStore(f"sqlite:///{path}")) as store, pytest.raises(StoreRefused, match="not Order Desk's"):
        store.open()
    assert path.read_bytes() == before
