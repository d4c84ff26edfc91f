"""Files by command: what is right is taken, what is left out is said and makes the exit code."""

from pathlib import Path

import pytest

from messaging.commands import main
from tests.helpers.books import an_order, decide
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def test_orders_of_a_file_are_placed_and_those_with_a_wrong_row_left_out(
    shop: Shop, broker_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def place(content: bytes) -> tuple[int, str, list[str]]:
        file = tmp_path / "orders.csv"
        file.write_bytes(content)
        words = ["place", "--user", "alice", "--file", str(file), "--data-dir", str(shop.folder)]
        code = main([*words, "--broker", broker_url])
        out, err = capsys.readouterr()
        return code, out, [line for line in err.splitlines() if "Connected to" not in line]

    good = "order;name;quantity;;\nS2;laptop;1.0;;\nS3;webcam;2,00;;\n".encode("utf-16")
    with shop.warehouse():
        half = b"\norder,customer,name,quantity\nS1,Ada,laptop,1\n,,webcam,4\nS2,Bob,laptop,1\n"
        code, out, err = place(half)
        assert (code, out) == (1, "1 placed, 0 were there already, 0 in conflict\n")
        assert err[0].startswith("order-desk: orders.csv: line 4, order: '' names no order")
        assert err[1:] == ["order-desk: orders.csv: rows left out: 1; orders left out: 1: S1."]
        code, out, err = place(good)
        assert (code, out) == (0, "1 placed, 1 were there already, 0 in conflict\n")
        assert err == ["order-desk: orders.csv is read as UTF-16."]
        for content, says in (
            (b'order,name,quantity\nS5,"laptop,1\nS6,laptop,1\n', "line 2: this is not CSV"),
            (b"order,name,quantity,Name\nS5,laptop,1,x\n", "name stands twice"),
            (b"order,name,quantity\nS5,laptop,1,9\n", "4 fields"),
        ):
            code, out, err = place(content)
            assert (code, out, says in err[0], err[-1][:12]) == (2, "", True, "order-desk: ")
        eventually(lambda: shop.look(lambda store: len(store.orders.page())) == 2)


def test_a_catalogue_says_which_rows_it_leaves_out(
    shop: Shop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "catalogue.csv"

    def run(content: str) -> tuple[int, str, list[str]]:
        file.write_text(content, encoding="utf-8")
        code = main(["stock", "--import", str(file), "--data-dir", str(shop.folder)])
        out, err = capsys.readouterr()
        return code, out, err.splitlines()

    shop.look(lambda store: decide(store, an_order(("wireless_mouse", 60))))
    assert run("name,price,stock\nwireless_mouse,18.99,10\nwebcam,49.99,7\n") == (
        1,
        "2 products read: 0 new, 1 changed.\n",
        [
            "order-desk: catalogue.csv: wireless_mouse: stock 10 is below the 60 reserved for orders; left as it was.",
            "order-desk: catalogue.csv: rows left out: 1.",
        ],
    )
    code, out, err = run("name;price;stock\nlaptop;1,250;5\nmilk;1,25;7.0\n")
    assert (code, out, err[1:]) == (
        1,
        "1 product read: 1 new, 0 changed.\n",
        ["order-desk: catalogue.csv: rows left out: 1."],
    )
    before = shop.look(lambda store: store.stock.levels())
    code, out, err = run("name,price,stock\nmilk,1,25,100\nlaptop,1,299,5\n")
    assert (code, out) == (2, "")
    assert [line.partition(": put")[0] for line in err] == [
        "order-desk: catalogue.csv: row 2: 4 fields, the header has 3",
        "order-desk: catalogue.csv: row 3: 4 fields, the header has 3",
        "order-desk: catalogue.csv has 2 wrong rows: mend them, nothing changed.",
    ]
    assert shop.look(lambda store: store.stock.levels()) == before
