"""The catalogue that a shop keeps by hand: new products, prices, what is withdrawn and offered again."""

from pathlib import Path

import pytest

from messaging.contract.codec import read_inventory
from messaging.domain.orders import OnShortage, OrderStatus
from messaging.domain.stock import StockLevel
from messaging.errors import UsageError, WrongMove, WrongOrder
from messaging.warehouse.catalogue_csv import parse, render
from messaging.warehouse.records import CatalogueRow, LedgerKind
from messaging.warehouse.relay import stock_messages
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import an_order, decide, levels, statuses


def level_of(store: WarehouseStore, name: str) -> StockLevel:
    (level,) = store.stock.levels([name])
    return level


def test_a_new_product_stands_last_and_its_first_stock_is_a_posting(store: WarehouseStore) -> None:
    store.stock.add_product(CatalogueRow(" milk ", 119, 20), 5, "first delivery")
    assert store.stock.levels()[-1] == StockLevel("milk", 119, 20, threshold=5)
    (posting,) = store.stock.ledger("milk")
    assert (posting.kind, posting.on_hand, posting.reason) == (LedgerKind.RESTOCK, 20, "first delivery")
    store.stock.undo_posting(posting.row)
    assert levels(store, "milk") == (0, 0)
    store.stock.add_product(CatalogueRow("bread", 0, 0))
    assert store.stock.ledger("bread") == []


@pytest.mark.parametrize(
    ("row", "threshold", "says"),
    [
        (CatalogueRow("laptop", 1, 1), 0, "laptop is in the catalogue already"),
        (CatalogueRow("webcam", 1, 1), 0, "webcam is withdrawn: offer it again"),
        (CatalogueRow(" ", 1, 1), 0, "is not a product name"),
        (CatalogueRow("milk", -1, 1), 0, "A price is"),
        (CatalogueRow("milk", 1, -1), 0, "A stock is"),
        (CatalogueRow("milk", 1, 1), -1, "A threshold is"),
    ],
)
def test_what_cannot_be_a_new_product_is_refused_and_changes_nothing(
    store: WarehouseStore, row: CatalogueRow, threshold: int, says: str
) -> None:
    store.stock.withdraw(["webcam"])
    before = store.stock.levels(), store.stock.ledger()
    with pytest.raises((WrongMove, UsageError, WrongOrder), match=says):
        store.stock.add_product(row, threshold)
    assert (store.stock.levels(), store.stock.ledger()) == before


def test_a_price_and_a_low_stock_mark_are_changed_and_no_stock_moves(store: WarehouseStore) -> None:
    before = store.stock.ledger()
    store.stock.change_product("laptop", 89900, 5)
    assert level_of(store, "laptop") == StockLevel("laptop", 89900, 25, threshold=5)
    assert store.stock.ledger() == before
    with pytest.raises(WrongMove, match="no product 'unicorn'"):
        store.stock.change_product("unicorn", 1, 1)
    with pytest.raises(UsageError, match="A price is"):
        store.stock.change_product("laptop", -1, 0)


@pytest.mark.parametrize("on_shortage", list(OnShortage))
def test_a_withdrawn_product_is_refused_whatever_an_order_says(store: WarehouseStore, on_shortage: OnShortage) -> None:
    store.stock.withdraw(["laptop"])
    (refused,) = decide(store, an_order(("webcam", 1), ("laptop", 1), on_shortage=on_shortage))
    assert (refused.status, refused.reason) == (OrderStatus.REJECTED, "laptop: no longer offered")
    assert [(line.reserved, line.missing) for line in refused.events[0].notice.lines] == [(0, 0), (0, 1)]
    store.stock.offer_again(["laptop"])
    assert decide(store, an_order(("laptop", 1)))[0].status is OrderStatus.PROCESSED


def test_orders_that_are_in_the_books_go_on_after_a_withdrawal(store: WarehouseStore) -> None:
    ready, waits, later = an_order(("laptop", 20)), an_order(("laptop", 9), on_shortage=OnShortage.WAIT), an_order()
    decide(store, ready, waits)
    store.stock.withdraw(["laptop"])
    assert decide(store, ready)[0].repeated
    store.stock.restock("laptop", 4, "")
    store.orders.ship([ready.identity])
    decide(store, later)
    assert statuses(store, [ready, waits, later]) == ["shipped", "processed", "rejected"]
    assert level_of(store, "laptop") == StockLevel("laptop", 99999, 9, 9, withdrawn=True)
    assert len(store.stock.ledger("laptop")) == 5


def test_all_of_several_are_withdrawn_or_none(store: WarehouseStore) -> None:
    mark = store.events.poll(0).mark
    with pytest.raises(WrongMove, match="no product 'unicorn'"):
        store.stock.withdraw(["laptop", "unicorn"])
    assert store.events.poll(0).mark == mark
    store.stock.withdraw(["laptop", "webcam"])
    assert [level.name for level in store.stock.levels() if level.withdrawn] == ["laptop", "webcam"]
    withdrawn = store.events.poll(0).mark
    store.stock.withdraw(["laptop"])
    assert store.events.poll(0).mark == withdrawn != mark
    store.stock.offer_again(["laptop"])
    store.stock.withdraw(["smartphone"])
    assert store.events.poll(0).mark != withdrawn, "as many as before, but others"


def test_clients_are_told_of_what_is_offered_alone(store: WarehouseStore) -> None:
    store.stock.withdraw(["laptop"])
    (message,) = stock_messages(store.stock.levels(), full=True, books=store.identity())
    told = read_inventory(message.body)
    offered = [level.name for level in store.stock.levels() if level.name != "laptop"]
    assert [level.name for level in told.levels] == offered


def test_a_file_neither_holds_a_withdrawn_product_nor_brings_it_back(store: WarehouseStore, tmp_path: Path) -> None:
    before = render(store.stock.levels())
    store.stock.withdraw(["laptop"])
    exported = render(store.stock.levels())
    assert "laptop" not in exported
    assert store.stock.import_catalogue(parse(exported).rows).unchanged == 9
    done = store.stock.import_catalogue(parse(before).rows)
    assert (done.unchanged, done.withdrawn) == (10, ("laptop",))
    done = store.stock.import_catalogue([CatalogueRow("laptop", 5, 7)])
    assert (done.changed, done.withdrawn) == (1, ("laptop",))
    assert level_of(store, "laptop") == StockLevel("laptop", 5, 7, withdrawn=True)
