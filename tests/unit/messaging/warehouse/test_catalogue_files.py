"""Catalogues that other programs wrote: what is taken, and what is refused so that nothing is wrong unseen."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from messaging.domain.stock import StockLevel
from messaging.errors import UsageError
from messaging.files.amounts import MOST_PRICE, MOST_STOCK
from messaging.texts import is_name, normal_name
from messaging.warehouse.catalogue_csv import parse, read_catalogue_csv, render, write_catalogue_csv
from messaging.warehouse.records import CatalogueRow

MILK = (CatalogueRow("milk", 125, 100),)
names = some.text(some.characters(exclude_categories=["C", "Z"]) | some.sampled_from("'=-+@\",; "), max_size=40)


@pytest.mark.parametrize(
    "text",
    [
        "name;price;stock\nmilk;1.25;100\n",
        "name;price;stock\nmilk;1,25;100\n",
        'name,price,stock\nmilk,"1,25",100.0\n',
        "Name,Price,Stock\nmilk,1.25,100\n",
        "stock\tnote\tprice\tname\n100\tx\t1.250000\tmilk\n",
        "sep=;\n\nNAME;PRICE;STOCK;;\nmilk;1.25;100,00;;\n",
        "name,price,stock\n milk ,1.25,100,\n",
        "name,price,stock,note\nmilk,1.25,100,fresh,\n",
        "name;price;stock;note\nmilk;1.25;100;;;\n",
    ],
)
def test_a_catalogue_is_read_however_a_spreadsheet_writes_it(text: str) -> None:
    found = parse(text)
    assert (found.rows, found.errors) == (MILK, ())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,price,stock\nmilk,1,25,100\nlaptop,1,299,5\n", "4 fields, the header has 3"),
        ("name,price,stock,,\nmilk,1,25,100,\n", "field 4 stands under no name"),
        ("name,price,stock,note\nmilk,1,25,100,\n", "price '1' is unclear, the row has a comma too many"),
        ("name,price,stock\nmilk,1e999999,5\n", "price '1e999999' is not an amount like 12.50."),
        ("name;price;stock\nmilk;1,250;5\n", "price '1,250' is unclear"),
        ("name,price,stock\nmilk,1.25,1.250\n", "stock: '1.250' is unclear"),
        ("name,price,stock\nmilk,1.25,1.5\n", "stock: '1.5' is not a whole number"),
        ("name,price,stock\nmilk,1.25\n", "stock: '' is not a whole number"),
        (f"name,price,stock\n{'x' * 200_000},1,1\n", "is not a product name"),
    ],
)
def test_a_row_that_cannot_be_right_is_named_and_not_taken(text: str, says: str) -> None:
    found = parse(text)
    assert found.rows == ()
    assert all(says in error and error.startswith("row ") and len(error) < 200 for error in found.errors)
    assert len(found.errors) == text.count("\n") - 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name,price,stock,price\nmilk,1.25,100,9.99\n", "the column price stands twice"),
        ('name,price,stock,d\nbolt,0.10,100,"M6\nnut,0.05,200,x\nscrew,0.03,400,"wood"\n', "line 2: this is not CSV"),
        ("x" * 300_000, "needs the header name,price,stock"),
        ("name,price\nmilk,1\n", "lacks stock"),
    ],
)
def test_a_file_that_cannot_be_right_is_refused_whole(text: str, says: str) -> None:
    with pytest.raises(UsageError, match=says) as refused:
        parse(text)
    assert len(str(refused.value)) < 200


def test_a_catalogue_in_another_encoding_is_read_and_said(tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("name;price;stock\nKäse;1,25;1\n".encode("cp1252"))
    found = read_catalogue_csv(path)
    assert ([row.name for row in found.rows], "Windows-1252" in found.note) == (["Käse"], True)


def test_an_export_opens_right_in_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    gone = StockLevel("gone", 1, 1, withdrawn=True)
    assert write_catalogue_csv(path, [StockLevel("Café", 125, 3), StockLevel("\uff1dcmd|x", 1, 1), gone]) == 2
    data = path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert "'\uff1dcmd|x," in data.decode()
    assert [row.name for row in read_catalogue_csv(path).rows] == ["Café", "\uff1dcmd|x"]
    assert [one.name for one in tmp_path.iterdir()] == ["out.csv"]


@given(
    some.lists(some.tuples(names, some.integers(0, MOST_PRICE), some.integers(0, MOST_STOCK)), unique_by=lambda x: x[0])
)
def test_what_we_write_is_read_again(rows: list[tuple[str, int, int]]) -> None:
    levels = [StockLevel(*row) for row in rows if row[0] == normal_name(row[0]) and is_name(row[0])]
    found = parse(render(levels))
    assert found.errors == ()
    assert [(row.name, row.price, row.stock) for row in found.rows] == [(x.name, x.price, x.on_hand) for x in levels]
