"""Stock that moves by hand, and the catalogue as a file."""

from pathlib import Path

import pytest

from messaging.errors import UsageError, WrongMove
from messaging.warehouse.catalogue_csv import parse, read_catalogue_csv, render, seed_catalogue, write_catalogue_csv
from messaging.warehouse.records import CatalogueRow, LedgerKind
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import an_order, decide, levels


def test_each_posting_is_in_the_ledger_with_its_reason(store: WarehouseStore) -> None:
    store.stock.restock("laptop", 5, "delivery 17")
    store.stock.adjust("laptop", -2, "stolen")
    rows = store.stock.ledger("laptop")
    assert [(row.kind, row.on_hand, row.reason) for row in rows] == [
        (LedgerKind.ADJUST, -2, "stolen"),
        (LedgerKind.RESTOCK, 5, "delivery 17"),
        (LedgerKind.OPENING, 25, ""),
    ]
    assert levels(store, "laptop") == (28, 0)


def test_what_is_reserved_cannot_be_taken_away(store: WarehouseStore) -> None:
    decide(store, an_order(("laptop", 20)))
    with pytest.raises(WrongMove, match="20 of them reserved"):
        store.stock.adjust("laptop", -6, "")
    store.stock.adjust("laptop", -5, "")
    assert levels(store, "laptop") == (20, 20)


@pytest.mark.parametrize("units", [0, -1, 10**10])
def test_a_delivery_that_can_never_be_is_a_wrong_argument_also_as_a_preview(store: WarehouseStore, units: int) -> None:
    with pytest.raises(UsageError, match="A delivery is 1 to"):
        store.stock.restock("laptop", units, "")
    with pytest.raises(UsageError, match="A delivery is 1 to"):
        store.stock.preview_restock("laptop", units)


def test_a_delivery_of_an_unknown_product_is_refused(store: WarehouseStore) -> None:
    with pytest.raises(WrongMove, match="no product 'unicorn'"):
        store.stock.restock("unicorn", 1, "")


def test_a_posting_by_hand_is_undone_once_by_a_counter_posting(store: WarehouseStore) -> None:
    store.stock.restock("laptop", 5, "")
    (posting, opening) = store.stock.ledger("laptop")
    store.stock.undo_posting(posting.row)
    assert levels(store, "laptop") == (25, 0)
    with pytest.raises(WrongMove, match="undone already"):
        store.stock.undo_posting(posting.row)
    with pytest.raises(WrongMove, match="only those"):
        store.stock.undo_posting(opening.row)


def test_a_catalogue_sets_prices_and_stock_and_the_second_time_nothing(store: WarehouseStore) -> None:
    rows = parse("name,price,stock\nlaptop,899.99,30\nlamp,12.5,3\nwebcam,49.99,45\n").rows
    done = store.stock.import_catalogue(rows)
    assert (done.added, done.changed, done.unchanged, done.errors) == (1, 1, 1, ())
    ledger = store.stock.ledger()
    again = store.stock.import_catalogue(rows)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 3)
    assert store.stock.ledger() == ledger
    (lamp,) = store.stock.levels(["lamp"])
    assert (lamp.price, lamp.on_hand) == (1250, 3)
    assert levels(store, "laptop") == (30, 0)


def test_a_catalogue_cannot_take_what_is_reserved(store: WarehouseStore) -> None:
    decide(store, an_order(("laptop", 20)))
    done = store.stock.import_catalogue([CatalogueRow("laptop", 1, 5), CatalogueRow("webcam", 1, 5)])
    assert done.errors == ("laptop: stock 5 is below the 20 reserved for orders; left as it was.",)
    assert done.changed == 1
    assert levels(store, "laptop") == (25, 20)


def test_an_exported_catalogue_read_again_changes_nothing(store: WarehouseStore, tmp_path: Path) -> None:
    store.stock.import_catalogue([CatalogueRow("=cmd()", 5, 1), CatalogueRow('"quoted", with comma', 7, 0)])
    path = tmp_path / "out.csv"
    write_catalogue_csv(path, store.stock.levels())
    assert "'=cmd()" in path.read_text("utf-8")
    read = read_catalogue_csv(path)
    assert read.errors == ()
    assert store.stock.import_catalogue(read.rows).unchanged == 12


def test_names_of_old_books_that_are_not_normal_get_no_twin(store: WarehouseStore) -> None:
    old = [CatalogueRow("Cafe\u0301", 125, 100), CatalogueRow("two  blanks", 5, 1)]
    assert store.stock.import_catalogue(old).added == 2
    levels = store.stock.levels()
    assert store.stock.import_catalogue(parse(render(levels)).rows).unchanged == len(levels)
    done = store.stock.import_catalogue(parse("name,price,stock\nCaf\u00e9,1.30,100\n").rows)
    assert (done.added, done.changed) == (0, 1)
    store.stock.import_catalogue([CatalogueRow("Caf\u00e9", 1, 1)])
    assert len(store.stock.levels()) == len(levels)


def test_wrong_rows_are_named_by_their_line() -> None:
    read = parse("name,price,stock\nok,1,1\n,1,1\nb,1.234,1\nc,1,-1\nd,nan,1\ne,1,1.5\nok,2,2\nshort\nf,1,1,9\n")
    assert [row.name for row in read.rows] == ["ok"]
    assert [error.partition(":")[0] for error in read.errors] == [f"row {n}" for n in (3, 4, 5, 6, 7, 8, 9, 10)]
    assert "12.50" in read.errors[1]


def test_a_file_that_is_no_catalogue_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="name,price,stock"):
        parse("a,b\n1,2\n")
    with pytest.raises(UsageError, match="cannot be read"):
        read_catalogue_csv(tmp_path / "none.csv")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    with pytest.raises(UsageError, match="not text"):
        read_catalogue_csv(tmp_path / "picture.csv")


def test_the_seeds_catalogue_is_whole() -> None:
    assert len(seed_catalogue()) == 10
