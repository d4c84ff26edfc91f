import csv
import json
from pathlib import Path

import pytest

from messaging.client.orders_csv import read_orders_csv
from messaging.domain.orders import OnShortage, new_order
from messaging.errors import UsageError
from messaging.history.export import NOTICE_HEADER, ORDER_HEADER, Export
from messaging.history.records import OrderState
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.search.order_search import OrderQuery, OrderSort
from messaging.history.store.search.search_terms import Word
from tests.helpers.stores import place_orders
from tests.unit.messaging.history.conftest import USER, placed


def test_exported_orders_can_be_imported_again(store: HistoryStore, tmp_path: Path) -> None:
    place_orders(
        store, [("A", new_order(USER, [("laptop", 2), ("webcam", 1)])), ("B", new_order(USER, [("laptop", 1)]))]
    )
    for name in ("orders.csv", "orders.json"):
        file = Export(tmp_path / name, ORDER_HEADER)
        file.add_orders(store.orders.at([1, 2]))
        file.finish()
    read = read_orders_csv(tmp_path / "orders.csv", USER)
    assert [(label, len(order.lines)) for label, order in read.orders] == [("A", 2), ("B", 1)]
    assert read.errors == []
    told = json.loads((tmp_path / "orders.json").read_text(encoding="utf-8"))
    assert [one["label"] for one in told] == ["A", "B"]


@pytest.mark.parametrize("label", ["", "A", "+49-1", "'=x", "01a2231e-553d-7718-8457-e0c5f3549183"])
@pytest.mark.parametrize("name", ["laptop", "-18 ice", "'=x", "=cmd|x", '6" bolt, "steel"; x', "Café"])
def test_ones_own_export_comes_back_as_nothing_new(store: HistoryStore, tmp_path: Path, label: str, name: str) -> None:
    """Also after it went through a spreadsheet that writes it with semicolons in the code page of the country."""
    order = new_order(USER, [(name, 2), ("webcam", 1), (name, 1)], OnShortage.WAIT)
    place_orders(store, [(label, order)])
    path = tmp_path / "orders.csv"
    file = Export(path, ORDER_HEADER)
    file.add_orders(store.orders.at([1]))
    file.finish()
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    for content in (path.read_bytes(), path.read_text("utf-8-sig").replace('","', '";"').encode("cp1252")):
        path.write_bytes(content)
        read = read_orders_csv(path, USER)
        assert (read.errors, len(read.orders)) == ([], 1)
        assert (read.orders[0][1].identity, read.orders[0][1].digest) == (order.identity, order.digest)
        done, placed = place_orders(store, read.orders)
        assert (done.placed, done.repeated, done.conflicts, placed) == (0, 1, (), [])


def test_an_export_never_goes_through_a_link_that_lies_in_its_way(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.write_text("kept", encoding="utf-8")
    (tmp_path / ".x.csv.part").symlink_to(other)
    Export(tmp_path / "x.csv", NOTICE_HEADER).finish()
    assert other.read_text(encoding="utf-8") == "kept"
    assert (tmp_path / "x.csv").is_file()


def test_a_file_is_there_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "notices.csv"
    path.write_text("as it was", encoding="utf-8")
    Export(path, NOTICE_HEADER).give_up()
    assert [(one.name, one.read_text(encoding="utf-8")) for one in tmp_path.iterdir()] == [("notices.csv", "as it was")]
    Export(path, NOTICE_HEADER).finish()
    with path.open(encoding="utf-8-sig", newline="") as file:
        assert list(csv.reader(file)) == [list(NOTICE_HEADER)]


def test_a_file_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"x\.csv cannot be written: No such file or directory"):
        Export(tmp_path / "nowhere" / "x.csv", NOTICE_HEADER)


def test_my_orders_are_found_by_state_and_words_and_sorted(store: HistoryStore) -> None:
    placed(store, 2)
    chair = new_order(USER, [("office_chair", 1)])
    place_orders(store, [("", chair)], [14999])
    store.outbox.place_cancel(chair.identity)
    found = store.orders.find
    assert list(found(OrderQuery())) == [3, 2, 1]
    assert list(found(OrderQuery((Word("chair"),)))) == [3]
    assert list(found(OrderQuery(states=(OrderState.WAITING,), sort=OrderSort.OLDEST))) == [1, 2]
    assert list(found(OrderQuery(sort=OrderSort.TOTAL_DOWN))) == [3, 2, 1]
    assert dict(store.orders.counts()) == {OrderState.WAITING: 2, OrderState.CANCELLED: 1}
    assert store.orders.digests([chair.identity, "unknown"]) == {chair.identity: chair.digest}
