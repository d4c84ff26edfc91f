"""The catalogue as it is answered: page by page, each product once, in its order."""

import pytest

from messaging.contract.codec import encode
from messaging.texts import normal_name
from messaging.warehouse.records import CatalogueRow
from messaging.warehouse.store.warehouse_store import WarehouseStore

PAGE = 2_048  # bytes
NAMES = [f"{n:03} {'x' * 60}" for n in range(40)]


@pytest.fixture
def large(store: WarehouseStore) -> WarehouseStore:
    store.stock.import_catalogue([CatalogueRow(name, 100, 10) for name in NAMES])
    return store


def read_whole(store: WarehouseStore) -> list[str]:
    """As a client does it: it asks on behind the normal name of the last product."""
    found: list[str] = []
    while len(found) < 1000:
        page = store.stock.catalogue_page(found[-1] if found else "", PAGE)
        assert page.full == (not found)
        assert len(encode(page)) <= PAGE
        found += [normal_name(level.name) for level in page.levels]
        if not page.more:
            return found
    raise AssertionError("the catalogue has no end")


def test_every_product_comes_once_and_in_its_order(large: WarehouseStore) -> None:
    assert read_whole(large)[10:] == NAMES
    assert len(large.stock.catalogue_page().levels) == 50


def test_what_is_withdrawn_is_left_out_and_its_place_is_still_known(large: WarehouseStore) -> None:
    large.stock.withdraw([NAMES[5], NAMES[20]])
    assert large.stock.catalogue_page(NAMES[5], PAGE).levels[0].name == NAMES[6]
    assert read_whole(large)[10:] == [name for name in NAMES if name not in (NAMES[5], NAMES[20])]


def test_behind_a_product_that_is_not_there_it_begins_anew(large: WarehouseStore) -> None:
    page = large.stock.catalogue_page("nowhere", PAGE)
    assert page.full
    assert page.levels == large.stock.catalogue_page("", PAGE).levels


@pytest.mark.parametrize("odd", [" {}", "{} ", "{}\u0301"], ids=["blank before", "blank behind", "decomposed"])
def test_names_of_older_books_come_to_an_end(store: WarehouseStore, odd: str) -> None:
    names = [odd.format(f"{n:03} {'x' * 60}e") for n in range(40)]
    store.stock.import_catalogue([CatalogueRow(name, 100, 10) for name in names])
    assert read_whole(store)[10:] == [normal_name(name) for name in names]
