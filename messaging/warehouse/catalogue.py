"""The catalogue as a CSV file: `name,price,stock`, prices as decimal text with a point."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from importlib import resources
from pathlib import Path

from msgspec import Struct

from messaging.errors import UsageError
from messaging.orders import checked_line
from messaging.phrases import Words, phrase
from messaging.stock import StockLevel, offered
from messaging.warehouse.records import CatalogueRow

COLUMNS = ("name", "price", "stock")
MINOR_UNITS = 100
MOST_PRICE = 10**12  # minor units
MOST_STOCK = 10**9  # units
RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would take a text that begins so for a formula


class CatalogueFile(Struct, frozen=True):
    """What a file holds; `errors` names each row that is wrong."""

    rows: tuple[CatalogueRow, ...]
    errors: tuple[Words, ...] = ()


def read_catalogue_csv(path: Path) -> CatalogueFile:
    """Raises UsageError where the file cannot be read or has not the columns."""
    try:
        return parse(path.read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(phrase(f"{path} cannot be read: {error.strerror}.")) from error
    except UnicodeDecodeError as error:
        raise UsageError(phrase(f"{path.name} is not text in UTF-8: save it as CSV in UTF-8.")) from error


def seed_catalogue() -> tuple[CatalogueRow, ...]:
    """The products with which new books begin."""
    return parse((resources.files("resources") / "catalogue.csv").read_text("utf-8")).rows


def parse(text: str) -> CatalogueFile:
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if not set(COLUMNS) <= {(name or "").strip() for name in reader.fieldnames or ()}:
        raise UsageError(phrase(f"The first line must name the columns {','.join(COLUMNS)}."))
    rows: dict[str, CatalogueRow] = {}
    errors: list[Words] = []
    for number, row in _numbered(reader, errors):
        try:
            product = _row(row)
        except UsageError as error:
            errors.append(phrase(f"row {number:d}: {error}"))
            continue
        if product.name in rows:
            errors.append(phrase(f"row {number:d}: {product.name} is there twice."))
        rows.setdefault(product.name, product)
    return CatalogueFile(tuple(rows.values()), tuple(errors))


def write_catalogue_csv(path: Path, levels: Iterable[StockLevel]) -> None:
    """Reading it again changes nothing; stock is what is on hand, reserved or not. Of what is offered alone."""
    try:
        path.write_text(render(levels), "utf-8", newline="")
    except OSError as error:
        raise UsageError(phrase(f"{path} cannot be written: {error.strerror}.")) from error


def render(levels: Iterable[StockLevel]) -> str:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for level in offered(levels):
        writer.writerow((_guarded(level.name), decimal_text(level.price), level.on_hand))
    return out.getvalue()


def decimal_text(price: int) -> str:
    return f"{price // MINOR_UNITS}.{price % MINOR_UNITS:02}"


def _numbered(reader: "csv.DictReader[str]", errors: list[Words]) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Rows with the number of the line they end on."""
    try:
        for row in reader:
            yield reader.line_num, {(name or "").strip(): value for name, value in row.items() if name}
    except csv.Error as error:
        errors.append(phrase(f"row {reader.line_num:d}: this is not CSV: {error}."))


def _row(row: Mapping[str, str | None]) -> CatalogueRow:
    name = (row.get("name") or "").strip()
    if name[:1] == "'" and name[1:2] in RISKY:
        name = name[1:]
    checked_line(name, 1)
    return CatalogueRow(name, read_price(row.get("price") or ""), _stock(row.get("stock") or ""))


def read_price(text: str) -> int:
    """Decimal text with a point into minor units; raises UsageError."""
    try:
        price = Decimal(text.strip()) * MINOR_UNITS
    except InvalidOperation:
        price = Decimal(-1)
    if not price.is_finite() or price != price.to_integral_value() or not 0 <= price <= MOST_PRICE:
        raise UsageError(phrase(f"price {text[:20]!r} is not an amount like 12.50."))
    return int(price)


def _stock(text: str) -> int:
    stripped = text.strip()
    if not (stripped.isascii() and stripped.isdecimal() and len(stripped) <= 10 and int(stripped) <= MOST_STOCK):
        raise UsageError(phrase(f"stock {text[:20]!r} is not a whole number from 0 to {MOST_STOCK:,}."))
    return int(stripped)


def _guarded(name: str) -> str:
    return f"'{name}" if name.startswith(RISKY) else name
