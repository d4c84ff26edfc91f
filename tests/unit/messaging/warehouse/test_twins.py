"""Products of books from before names were read in their normal form."""

import json

import pytest

from messaging.domain.orders import OrderStatus
from messaging.errors import WrongMove
from messaging.warehouse.records import CatalogueRow, Incoming
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import an_order, decide, levels

OLD = "Cafe\u0301"
NEW = "Caf\u00e9"


@pytest.fixture
def old(store: WarehouseStore) -> WarehouseStore:
    store.stock.import_catalogue([CatalogueRow(OLD, 100, 10), CatalogueRow(" milk", 100, 10)])
    return store


@pytest.mark.parametrize(("kept", "asked"), [(OLD, NEW), (OLD, OLD), (" milk", "milk"), (" milk", "milk ")])
def test_an_order_finds_them(old: WarehouseStore, kept: str, asked: str) -> None:
    body = json.dumps(
        {
            "order_id": 1,
            "user_id": 2,
            "order": [{"name": asked, "quantity": 3}],
            "created_at": "t",
            "status": "new_order",
        }
    ).encode()
    first, again = (old.decide([Incoming(body, "new_orders_queue")])[0] for _ in range(2))
    assert first.status is OrderStatus.PROCESSED
    assert again.repeated
    assert levels(old, kept) == (10, 3)
    assert old.audit().balanced


def test_a_batch_with_others_decides_all(old: WarehouseStore) -> None:
    outcomes = decide(old, an_order((NEW, 1), ("laptop", 1)), an_order(("unicorn", 1)), an_order(("laptop", 1)))
    assert [one.status for one in outcomes] == [OrderStatus.PROCESSED, OrderStatus.REJECTED, OrderStatus.PROCESSED]


def test_whatever_names_them_means_them(old: WarehouseStore) -> None:
    old.stock.restock(NEW, 5, "came\x1b[31m\nin")
    old.stock.adjust("milk", -1, "broke")
    old.stock.withdraw([NEW])
    old.stock.import_catalogue([CatalogueRow(NEW, 250, 20)])
    (level,) = old.stock.levels([NEW])
    assert (level.name, level.price, level.on_hand, level.withdrawn) == (OLD, 250, 20, True)
    assert levels(old, "milk") == (9, 0)
    with pytest.raises(WrongMove, match="withdrawn"):
        old.stock.add_product(CatalogueRow(NEW, 1, 1))
    assert len(old.stock.levels()) == 12


def test_reasons_are_kept_as_they_may_be_shown(old: WarehouseStore) -> None:
    old.stock.adjust("laptop", 1, "\x1b[31mfound\n\u202eagain\ud800")
    assert old.stock.ledger("laptop")[0].reason.isprintable()
    assert old.stock.ledger("laptop")[0].reason.startswith("\ufffd[31mfound ")


def test_a_product_of_just_that_name_comes_first(store: WarehouseStore) -> None:
    store.stock.import_catalogue([CatalogueRow(OLD, 100, 10), CatalogueRow(NEW, 100, 0)])
    store.stock.restock(NEW, 4)
    assert (levels(store, NEW), levels(store, OLD)) == ((4, 0), (10, 0))
