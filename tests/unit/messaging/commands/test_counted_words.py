"""What is counted reads right for one and for many."""

import json
from pathlib import Path

import pytest

from messaging.client.resender import _cancellations, _orders
from messaging.commands import main
from messaging.commands.support.formatting import counted, wrong_rows
from messaging.runtime.settings import Settings
from messaging.warehouse.records import Incoming
from messaging.warehouse.store.warehouse_store import WarehouseStore


def test_one_many_and_none() -> None:
    assert [counted(n, "row") for n in (0, 1, 2, 1000)] == ["0 rows", "1 row", "2 rows", "1,000 rows"]
    assert [wrong_rows(n) for n in (1, 2)] == ["1 wrong row: mend it", "2 wrong rows: mend them"]
    assert [_orders(n) for n in (0, 1, 2)] == ["0 orders", "1 order", "2 orders"]
    assert [_cancellations(n) for n in (0, 1, 2)] == ["0 cancellations", "1 cancellation", "2 cancellations"]


def test_files_of_one_row(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "c.csv"
    for rows, wanted in (
        ("cup,2.50,1", "1 product read: 1 new, 0 changed."),
        ("cup,2.50,1\npot,3,1", "2 products read: 1 new, 0 changed."),
        ("cup,x,1", "c.csv has 1 wrong row: mend it, nothing changed."),
        ("cup,x,1\npot,x,1", "c.csv has 2 wrong rows: mend them, nothing changed."),
    ):
        path.write_text(f"name,price,stock\n{rows}\n")
        main(["stock", "--data-dir", str(tmp_path), "--import", str(path)])
        assert wanted in "".join(capsys.readouterr())


def test_books_of_one_order(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = [{"name": "laptop", "quantity": 1}]
    order = {"order_id": 1, "user_id": 2, "order": line, "created_at": "t", "status": "new_order"}
    store = WarehouseStore(Settings(data_dir=str(tmp_path)).database_url).open()
    store.decide([Incoming(json.dumps(order).encode(), "new_orders_queue"), Incoming(b"{", "new_orders_queue")])
    store.stock.adjust("laptop", 1 - store.stock.levels(["laptop"])[0].on_hand, "test")
    store.close()
    assert main(["audit", "--data-dir", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert "         1  event, 1 not published yet\n" in said
    assert "         1  message set aside\n" in said
    assert "units on hand, 1 reserved\n" in said
    assert main(["dead-letters", "show", "1", "--data-dir", str(tmp_path)]) == 0
    assert "0 replays" in capsys.readouterr().out
