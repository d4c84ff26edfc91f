"""Many orders from a CSV file: one row per line, `order,name,quantity[,on_shortage]`."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from msgspec import Struct

from messaging.errors import UsageError, WrongOrder
from messaging.orders import (
    MAX_LINES,
    OnShortage,
    Order,
    OrderLine,
    checked_line,
    imported_order_id,
    now,
)
from messaging.phrases import Words, phrase
from messaging.texts import is_name, printable

NEEDED = ("order", "name", "quantity")
COLUMNS = (*NEEDED, "on_shortage")
DELIMITERS: Final = ",;\t"  # spreadsheets of some countries write the second
MAX_LABEL = 128


class RowError(Struct, frozen=True):
    """`line` as an editor counts it, the header is 1."""

    line: int
    field: str
    problem: Words

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.problem}"


class OrdersFile(Struct, frozen=True):
    """Labelled orders as they first occur; an order with a wrong row is not among them."""

    orders: list[tuple[str, Order]]
    errors: list[RowError]


class _Receipt:
    """The rows of one order while the file is read."""

    def __init__(self) -> None:
        self.lines: list[OrderLine] = []
        self.on_shortage: OnShortage | None = None
        self.is_wrong = False


class _Wrong(Exception):
    """A row that cannot be taken; never leaves this module."""

    def __init__(self, field: str, problem: Words) -> None:
        super().__init__(problem)
        self.field, self.problem = field, problem


def read_orders_csv(path: Path, user_id: str) -> OrdersFile:
    """The same file of the same user always gives the same order ids.

    Raises UsageError where the file cannot be read at all; what is wrong with single rows is in `errors`.
    """
    rows = _rows(path)
    header = _header(path, next(rows, (1, [])))
    receipts: dict[str, _Receipt] = {}
    errors: list[RowError] = []
    for line, row in rows:
        try:
            _take(receipts, header, row)
        except _Wrong as wrong:
            errors.append(RowError(line, wrong.field, wrong.problem))
    whole = [(label, receipt) for label, receipt in receipts.items() if not receipt.is_wrong]
    return OrdersFile([(label, _order(label, receipt, user_id)) for label, receipt in whole], errors)


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, each with the number of its last line."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise UsageError(phrase(f"{path.name} cannot be read: {error.strerror}.")) from error
    except UnicodeDecodeError as error:
        raise UsageError(phrase(f"{path.name} is not UTF-8 (byte {error.start}): save it as CSV UTF-8.")) from error
    first = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(DELIMITERS, key=first.count), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise UsageError(phrase(f"{path.name}, line {reader.line_num}: this is not CSV: {error}.")) from error


def _header(path: Path, first: tuple[int, list[str]]) -> list[str]:
    header = [cell.strip().casefold() for cell in first[1]]
    if set(NEEDED) - set(header) or len(set(header)) < len(header):
        raise UsageError(phrase(f"{path.name} needs the header {','.join(NEEDED)}[,on_shortage] as its first line."))
    return header


def _take(receipts: dict[str, _Receipt], header: list[str], row: list[str]) -> None:
    cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
    label = _label(cells.get("order", ""))
    receipt = receipts.setdefault(label, _Receipt())
    try:
        if len(row) > len(header):
            raise _Wrong(
                "row", phrase(f"{len(row)} fields, the header has {len(header)}: put quotes around a comma in a name")
            )
        line, on_shortage = _line(cells), _on_shortage(cells.get("on_shortage", "") or receipt.on_shortage)
        if receipt.on_shortage not in (None, on_shortage):
            raise _Wrong("on_shortage", phrase(f"order {label} says something else above: use one for the whole order"))
        if len(receipt.lines) == MAX_LINES:
            raise _Wrong("order", phrase(f"order {label} has more than {MAX_LINES} lines: split it"))
    except _Wrong:
        receipt.is_wrong = True
        raise
    receipt.on_shortage = on_shortage
    receipt.lines.append(line)


def _label(text: str) -> str:
    if len(text) > MAX_LABEL or not is_name(text):
        raise _Wrong(
            "order", phrase(f"{printable(text[:40])!r} names no order: use 1 to {MAX_LABEL} visible characters")
        )
    return text


def _line(cells: dict[str, str]) -> OrderLine:
    name, text = cells.get("name", ""), cells.get("quantity", "")
    quantity = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
    try:
        return checked_line(name, quantity)  # type: ignore[arg-type]  # it says in words what is no number
    except WrongOrder as error:
        field = "quantity" if str(error).startswith("Quantity") else "name"
        raise _Wrong(field, error.words) from error


def _on_shortage(text: str | None) -> OnShortage:
    """Empty: as said above for this order, else the default."""
    try:
        return OnShortage(text.casefold()) if text else OnShortage.REJECT
    except ValueError:
        raise _Wrong("on_shortage", phrase(f"{str(text)[:40]!r} is not one of {', '.join(OnShortage)}")) from None


def _order(label: str, receipt: _Receipt, user_id: str) -> Order:
    on_shortage = receipt.on_shortage or OnShortage.REJECT
    order_id = imported_order_id(user_id, label)
    return Order(order_id, user_id, tuple(receipt.lines), now(), on_shortage=on_shortage)
