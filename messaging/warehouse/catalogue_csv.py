"""The catalogue as a CSV file: `name,price,stock`, prices as decimal text."""

from collections.abc import Iterable
from importlib import resources
from pathlib import Path

from msgspec import Struct

from messaging.domain.orders import checked_line
from messaging.domain.stock import StockLevel, offered
from messaging.errors import UsageError
from messaging.files.amounts import MOST_STOCK, decimal_text, read_price, read_whole
from messaging.files.spreadsheet import BYTE_ORDER_MARK, csv_text
from messaging.files.table_reader import FileRow, FileTable, read_table, table_of
from messaging.files.whole_file import WholeFile
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.warehouse.records import CatalogueRow

COLUMNS = ("name", "price", "stock")


class CatalogueFile(Struct, frozen=True):
    """What a file holds; `errors` names each row that is left out, `note` says how it was read if not as UTF-8."""

    rows: tuple[CatalogueRow, ...]
    errors: tuple[Words, ...] = ()
    note: Words = NO_WORDS


def read_catalogue_csv(path: Path) -> CatalogueFile:
    """Raises UsageError where the file cannot be read or has not the columns."""
    return _catalogue(read_table(path, COLUMNS))


def seed_catalogue() -> tuple[CatalogueRow, ...]:
    """The products with which new books begin."""
    return parse((resources.files("resources") / "catalogue.csv").read_text("utf-8")).rows


def parse(text: str) -> CatalogueFile:
    return _catalogue(table_of("CATALOGUE.csv", text.encode(), COLUMNS))


def write_catalogue_csv(path: Path, levels: Iterable[StockLevel]) -> int:
    """Reading it again changes nothing; stock is what is on hand, reserved or not.

    Of what is offered alone: gives how many. Raises UsageError where it cannot be written.
    """
    rows = offered(levels)
    file = WholeFile(path)
    file.write(BYTE_ORDER_MARK + render(rows))
    file.finish()
    return len(rows)


def render(levels: Iterable[StockLevel]) -> str:
    rows = [(level.name, decimal_text(level.price), level.on_hand) for level in offered(levels)]
    return csv_text([COLUMNS, *rows], is_bare=True)


def _catalogue(table: FileTable) -> CatalogueFile:
    rows: dict[str, CatalogueRow] = {}
    errors: list[Words] = []
    may_shift = table.delimiter == "," and len(table.columns) > len(COLUMNS)
    for row in table.rows:
        try:
            product = _product(row, is_sure=not (may_shift and row.is_longer))
        except UsageError as error:
            errors.append(phrase("catalogue_csv.row", line=row.line, error=error))
            continue
        if product.name in rows:
            errors.append(phrase("catalogue_csv.row_is_there_twice", line=row.line, name=product.name))
        rows.setdefault(product.name, product)
    return CatalogueFile(tuple(rows.values()), tuple(errors), table.note)


def _product(row: FileRow, *, is_sure: bool) -> CatalogueRow:
    """`is_sure`: a comma within the price could not have moved what follows under another name."""
    if row.problem:
        raise UsageError(row.problem)
    name = checked_line(row.cell("name"), 1).name
    price = read_price(row.cell("price"))
    if not is_sure and row.cell("price").isdecimal():
        text = row.cell("price")
        raise UsageError(phrase("catalogue_csv.price_is_unclear_the_row_has", text=text[:20]))
    return CatalogueRow(name, price, _stock(row.cell("stock")))


def _stock(text: str) -> int:
    try:
        return read_whole(text, 0, MOST_STOCK)
    except UsageError as error:
        raise UsageError(phrase("catalogue_csv.stock", error=error)) from error
