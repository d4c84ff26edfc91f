"""Whatever stands in a cell of the books: each command ends with a line in plain words, never with a bug."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Table, text

from messaging.commands import main
from messaging.commands.support.terminal import json_text
from messaging.errors import OrderDeskError, StoreUnavailable
from messaging.runtime.settings import Settings
from messaging.warehouse.records import Incoming, Verdict
from messaging.warehouse.store.database.schema import metadata
from messaging.warehouse.store.warehouse_store import WarehouseStore

ODD = {
    "bytes": "x'6cff80'",
    "no UTF-8": "CAST(x'ff' AS TEXT)",
    "a text": "'odd'",
    "a number": "7",
    "nothing": "NULL",
    "the largest": str(2**63 - 1),
    "the least": str(-(2**63)),
    "infinite": "1e400",
    "long": f"'{'9' * 5000}'",
    "a NUL": "CAST(x'6100ff62' AS TEXT)",
}
SHARE = len(ODD)  # of what is asked each kind is asked one part, the next kind the next one
NOT_OURS = re.compile(
    r"bug|traceback|sqlite3|sqlalchemy|msgspec|decode|overflow|not supported|object|NoneType"
    r"|Error|datatype|constraint|literal|codec|argument",
    re.IGNORECASE,
)


def an_order(number: int, product: str = "laptop") -> Incoming:
    line = {"name": product, "quantity": 1}
    order = {"order_id": number, "user_id": 2, "order": [line], "created_at": "t", "status": "new_order"}
    return Incoming(json.dumps(order).encode(), "new_orders_queue")


def a_cancel() -> Incoming:
    cancel = {"order_id": "01234567-0123-7123-8123-0123456789ab", "user_id": "a", "reason": "r", "created_at": "t"}
    return Incoming(json.dumps(cancel).encode(), "order_commands_queue")


@pytest.fixture(scope="module")
def loose(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Books with a row in each table, the tables of which take anything."""
    folder = tmp_path_factory.mktemp("books")
    with closing(WarehouseStore(Settings(data_dir=str(folder)).database_url)) as store:
        store.decide([an_order(1), an_order(2), Incoming(b"{", "new_orders_queue")])
        store.set_aside.drop([1])
    path = folder / "warehouse.sqlite"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("INSERT INTO early_cancels VALUES ('a/b', 'a', 'r', '2026-01-01T00:00:00Z', NULL)")
        for table in metadata.tables.values():
            connection.execute(f"ALTER TABLE {table.name} RENAME TO strict")
            connection.execute(f"CREATE TABLE {table.name} ({_columns(table)})")
            connection.execute(f"INSERT INTO {table.name} SELECT {_names(table)} FROM strict")
            connection.execute("DROP TABLE strict")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return path.read_bytes()


def _names(table: Table) -> str:
    return ", ".join(f'"{column.name}"' for column in table.columns)


def _columns(table: Table) -> str:
    """Without kinds; where the database draws numbers, with its own."""
    key = ", ".join(f'"{column.name}"' for column in table.primary_key)
    drawn = table.autoincrement_column
    columns = ", ".join(
        f'"{c.name}" INTEGER PRIMARY KEY' if c is drawn else f'"{c.name}" UNIQUE' if c.unique else f'"{c.name}"'
        for c in table.columns
    )
    return columns if drawn is not None else f"{columns}, PRIMARY KEY ({key})"


def put(path: Path, table: str, column: str, value: str) -> bool:
    """Into the first row; False where a number that the database draws can be nothing else."""
    with closing(sqlite3.connect(path)) as connection, connection:
        first = f"SELECT min(rowid) FROM {table}"
        try:
            connection.execute(f'UPDATE {table} SET "{column}" = {value} WHERE rowid = ({first})')
        except sqlite3.IntegrityError:
            return False
    return True


WORK: list[Callable[[WarehouseStore], object]] = [
    lambda store: store.probe(),
    lambda store: store.identity(),
    lambda store: store.events.poll(10),
    lambda store: store.events.unpublished(10),
    lambda store: store.events.still_unpublished([1, 2]),
    lambda store: store.events.after(0),
    lambda store: store.events.of_order("2/1/t"),
    lambda store: store.counts(),
    lambda store: store.stock.levels(),
    lambda store: store.stock.levels(["laptop"]),
    lambda store: store.stock.ledger(),
    lambda store: store.orders.page(),
    lambda store: store.orders.page(2),
    lambda store: store.orders.called("1"),
    lambda store: store.orders.history("2/1/t"),
    lambda store: store.set_aside.page(None),
    lambda store: [one.freed_on(30) for one in store.set_aside.page(None)],
    lambda store: store.set_aside.one(1),
    lambda store: store.audit(),
    lambda store: store.stock.preview_restock("laptop", 1),
    lambda store: store.stock.restock("laptop", 1),
    lambda store: store.stock.undo_posting(1),
    lambda store: store.decide([an_order(3)]),
    lambda store: store.decide([an_order(4), an_order(1), Incoming(b"[", "new_orders_queue")]),
    lambda store: store.decide([a_cancel()]),
    lambda store: store.set_aside.collect([an_order(9), Incoming(b"{", "new_orders_queue")]),
    lambda store: store.set_aside.undo_drop([1]),
    lambda store: store.set_aside.begin_replay([1]),
    lambda store: store.orders.cancel("2/2/t"),
    lambda store: store.orders.ship(["2/1/t"]),
    lambda store: store.clean(1),
    lambda store: store.renew_identity("x"),
]


@pytest.mark.parametrize("table", metadata.tables)
def test_the_books_say_which_cell_it_is(loose: bytes, table: str, tmp_path: Path) -> None:
    """Whatever is asked of them, all of it for each column; and what is given is always what it should be."""
    path = tmp_path / "warehouse.sqlite"
    for column in [one.name for one in metadata.tables[table].columns]:
        for turn, (kind, value) in enumerate(ODD.items()):
            path.write_bytes(loose)
            if put(path, table, column, value):
                with closing(WarehouseStore(Settings(data_dir=str(tmp_path)).database_url)) as store:
                    for nth in range(turn % SHARE, len(WORK), SHARE):
                        said = _said(store, WORK[nth], (column, kind, nth))
                        assert not NOT_OURS.search(said), (column, kind, nth, said[:300])
                        assert len(said) < 500
            for rest in tmp_path.glob("warehouse.sqlite-*"):
                rest.unlink()


def _said(store: WarehouseStore, work: Callable[[WarehouseStore], object], which: object) -> str:
    """Empty where it could be done."""
    try:
        json_text(work(store))
    except OrderDeskError as error:
        return str(error)
    except Exception as error:
        raise AssertionError(which) from error
    return ""


COMMANDS = (["orders"], ["orders", "--json"], ["order", "1"], ["audit"], ["audit", "--json"], ["stock"], ["ship", "1"],
            ["stock", "--json"], ["dead-letters", "list"], ["dead-letters", "show", "1"], ["restock", "webcam", "1"],
            ["metrics"])  # fmt: skip
FORCED = [
    ("orders", "reason", "bytes"),
    ("orders", "status", "nothing"),
    ("order_lines", "name", "bytes"),
    ("products", "on_hand", "the largest"),
    ("stock_ledger", "on_hand", "the largest"),
    ("stock_ledger", "at", "nothing"),
    ("events", "notice", "bytes"),
    ("counters", "events", "the largest"),
    ("set_aside", "reason", "nothing"),
    ("set_aside", "properties", "a number"),
]


@pytest.mark.parametrize("cell", FORCED, ids=" ".join)
def test_commands_say_it_in_a_line(
    loose: bytes, cell: tuple[str, str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table, column, kind = cell
    path = tmp_path / "warehouse.sqlite"
    path.write_bytes(loose)
    assert put(path, table, column, ODD[kind])
    for words in COMMANDS[FORCED.index(cell) % 3 :: 3]:
        code = main([*words, "--data-dir", str(tmp_path)])
        said = capsys.readouterr().err
        assert code in (0, 1), (words, said)
        assert not NOT_OURS.search(said.replace(str(tmp_path), "")), (words, said)
    assert main(["audit", "--data-dir", str(tmp_path)]) == 1
    assert f"table {table}, " in capsys.readouterr().err


def test_a_batch_beside_a_damaged_product_is_decided(loose: bytes, tmp_path: Path) -> None:
    """What is of that product is set aside with the cell named; where nothing can be kept the books cannot be used."""
    path = tmp_path / "warehouse.sqlite"
    path.write_bytes(loose)
    put(path, "products", "reserved", ODD["bytes"])
    with closing(WarehouseStore(Settings(data_dir=str(tmp_path)).database_url)) as store:
        odd, good = store.decide([an_order(5, product=_first(path)), an_order(6, "webcam")])
        assert (odd.verdict, good.verdict) == (Verdict.REFUSE, Verdict.ACCEPT)
        assert "table products, name" in odd.reason
    path.write_bytes(loose)
    put(path, "counters", "events", ODD["the largest"])
    said = "table counters, id 1, column events: the number is too large"
    with (
        closing(WarehouseStore(Settings(data_dir=str(tmp_path)).database_url)) as store,
        pytest.raises(StoreUnavailable, match=said),
    ):
        store.decide([an_order(7, "webcam")])


def _first(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT name FROM products ORDER BY rowid LIMIT 1").fetchone()[0])


def test_numbers_of_64_bits_in_either_database(store_url: str) -> None:
    """PostgreSQL keeps no other kind in a column, but numbers that nothing can be added to."""
    with closing(WarehouseStore(store_url)) as store:
        store.decide([an_order(1), Incoming(b"{", "new_orders_queue")])
        for column in ("price", "on_hand", "threshold", "position"):
            _put_in_all(store, "products", column, 2**63 - 1)
            for work in (*WORK[:3], *WORK[7:12], *WORK[18:23]):
                assert not NOT_OURS.search(_said(store, work, column))
            assert f"column {column}: the number is too large" in str(store.audit().gaps)
            _put_in_all(store, "products", column, 500)
        _put_in_all(store, "stock_ledger", "on_hand", 2**63 - 1)
        assert "table stock_ledger, row 1, column on_hand" in store.audit().gaps[0]


def _put_in_all(store: WarehouseStore, table: str, column: str, number: int) -> None:
    change = text(f"UPDATE {table} SET {column} = {number}")
    store._transactions.database.write(lambda connection: connection.execute(change).rowcount)
