import csv
import json
from pathlib import Path

import pytest

from messaging.errors import UsageError
from messaging.history.export import NOTICE_HEADER, ORDER_HEADER, Export, guarded
from messaging.history.my_orders import OrderQuery, OrderSort
from messaging.history.orders_csv import read_orders_csv
from messaging.history.records import OrderState
from messaging.history.store import HistoryStore
from messaging.history.words import Word
from messaging.orders import new_order
from tests.unit.history.conftest import USER, placed


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\N{FULLWIDTH EQUALS SIGN}1"])
def test_a_text_that_a_spreadsheet_would_run_is_kept_from_it(text: str) -> None:
    assert guarded(text) == f"'{text}"


def test_numbers_stay_numbers_and_other_texts_as_they_are() -> None:
    assert [guarded(value) for value in (-5, "5", "a=b", "")] == ["-5", "5", "a=b", ""]


def test_exported_orders_can_be_imported_again(store: HistoryStore, tmp_path: Path) -> None:
    store.place([("A", new_order(USER, [("laptop", 2), ("webcam", 1)])), ("B", new_order(USER, [("laptop", 1)]))])
    for name in ("orders.csv", "orders.json"):
        file = Export(tmp_path / name, ORDER_HEADER)
        file.add_orders(store.orders_at([1, 2]))
        file.finish()
    read = read_orders_csv(tmp_path / "orders.csv", USER)
    assert [(label, len(order.lines)) for label, order in read.orders] == [("A", 2), ("B", 1)]
    assert read.errors == []
    told = json.loads((tmp_path / "orders.json").read_text(encoding="utf-8"))
    assert [one["label"] for one in told] == ["A", "B"]


def test_a_file_is_there_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "notices.csv"
    path.write_text("as it was", encoding="utf-8")
    Export(path, NOTICE_HEADER).give_up()
    assert [(one.name, one.read_text(encoding="utf-8")) for one in tmp_path.iterdir()] == [("notices.csv", "as it was")]
    Export(path, NOTICE_HEADER).finish()
    with path.open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [list(NOTICE_HEADER)]


def test_a_file_that_cannot_be_written_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"x\.csv cannot be written: No such file or directory"):
        Export(tmp_path / "nowhere" / "x.csv", NOTICE_HEADER)


def test_my_orders_are_found_by_state_and_words_and_sorted(store: HistoryStore) -> None:
    placed(store, 2)
    chair = new_order(USER, [("office_chair", 1)])
    store.place([("", chair)], [14999])
    store.place_cancel(chair.identity)
    found = store.find_orders
    assert list(found(OrderQuery())) == [3, 2, 1]
    assert list(found(OrderQuery((Word("chair"),)))) == [3]
    assert list(found(OrderQuery(states=(OrderState.WAITING,), sort=OrderSort.OLDEST))) == [1, 2]
    assert list(found(OrderQuery(sort=OrderSort.TOTAL_DOWN))) == [3, 2, 1]
    assert dict(store.order_counts()) == {OrderState.WAITING: 2, OrderState.CANCELLED: 1}
    assert store.identities_known([chair.identity, "unknown"]) == {chair.identity}
