"""Cells that no Order Desk has written: flipped bytes, texts that are none, other kinds than the columns'."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from messaging.commands import main
from messaging.domain.orders import OrderStatus
from messaging.errors import StoreDamaged
from messaging.runtime.settings import Settings
from messaging.warehouse.records import Incoming
from messaging.warehouse.store.warehouse_store import WarehouseStore

BAD = "CAST(x'6cff80' AS TEXT)"
CHANGES = [
    *(f"UPDATE orders SET {column} = {BAD}" for column in ("status", "reason", "created_at", "on_shortage", "user_id")),
    "UPDATE orders SET status = 'odd'",
    "UPDATE orders SET on_shortage = 'odd'",
    "UPDATE orders SET user_id = 'x', user_is_number = 1",
    f"UPDATE events SET notice = {BAD}",
    "UPDATE events SET notice = '{}'",
    "UPDATE events SET notice = 'no json'",
    "UPDATE events SET notice = '[[' ",
    f"UPDATE order_lines SET name = {BAD}",
    f"UPDATE stock_ledger SET reason = {BAD}",
    "UPDATE stock_ledger SET kind = 'odd'",
    f"UPDATE products SET name = {BAD} WHERE name = 'webcam'",
    *(f"UPDATE set_aside SET {column} = {BAD}" for column in ("reason", "queue", "headers", "state", "at")),
    "UPDATE set_aside SET headers = '[1]', properties = '7'",
    "UPDATE set_aside SET headers = 'null'",
    "UPDATE set_aside SET headers = 'no json'",
    "UPDATE set_aside SET state = 'odd'",
    f"UPDATE alembic_version SET version_num = {BAD}",
    "UPDATE alembic_version SET version_num = '0000'",
    "DELETE FROM alembic_version",
    "DELETE FROM products",
    "DELETE FROM counters",
    "UPDATE order_lines SET name = 'gone'",
    "DROP TABLE events",
    "DROP TABLE counters",
]  # fmt: skip


def an_order(number: int) -> bytes:
    line = {"name": "laptop", "quantity": 1}
    order = {"order_id": number, "user_id": 2, "order": [line], "created_at": "t", "status": "new_order"}
    return json.dumps(order).encode()


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("books")
    store = WarehouseStore(Settings(data_dir=str(folder)).database_url).open()
    store.decide([Incoming(an_order(1), "new_orders_queue"), Incoming(b"{", "new_orders_queue")])
    store.close()
    with sqlite3.connect(folder / "warehouse.sqlite") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return (folder / "warehouse.sqlite").read_bytes()


@pytest.mark.parametrize("change", CHANGES)
def test_no_command_has_a_bug_by_them(
    whole: bytes, change: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "warehouse.sqlite").write_bytes(whole)
    with sqlite3.connect(tmp_path / "warehouse.sqlite") as connection:
        connection.execute("PRAGMA foreign_keys = 0")
        connection.execute("PRAGMA ignore_check_constraints = 1")
        connection.execute(change)
    connection.close()
    for words in (["orders"], ["orders", "--json"], ["order", "1"], ["audit"], ["stock"], ["dead-letters", "list"],
                  ["dead-letters", "show", "1"], ["ship", "1"], ["metrics"], ["restock", "webcam", "1"]):  # fmt: skip
        code = main([*words, "--data-dir", str(tmp_path)])
        said = capsys.readouterr().err
        assert code in (0, 1), (words, said)
        assert "a bug" not in said, (words, said)
        assert "Traceback" not in said


def test_whoever_works_with_them_is_told_and_goes_on(whole: bytes, tmp_path: Path) -> None:
    """A page or a running warehouse hears of it in words; the rest is read, and orders are taken."""
    (tmp_path / "warehouse.sqlite").write_bytes(whole)
    with closing(sqlite3.connect(tmp_path / "warehouse.sqlite")) as connection, connection:
        connection.execute("UPDATE events SET notice = 'no json'")
        connection.execute(f"UPDATE set_aside SET headers = {BAD}")
    with closing(WarehouseStore(Settings(data_dir=str(tmp_path)).database_url)) as store:
        for work in (lambda: store.events.unpublished(10), store.set_aside.page, lambda: store.set_aside.drop([1])):
            with pytest.raises(StoreDamaged, match="The books are damaged"):
                work()
        assert store.stock.levels()
        (decided,) = store.decide([Incoming(an_order(3), "new_orders_queue")])
        assert decided.status is OrderStatus.PROCESSED
