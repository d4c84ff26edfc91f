"""Many orders from a CSV file: one row per line, `order,name,quantity[,on_shortage][,order_id]`."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from messaging.domain.orders import (
    MAX_LINES,
    MAX_QUANTITY,
    UUID_PATTERN,
    OnShortage,
    Order,
    OrderLine,
    checked_line,
    imported_order_id,
    now,
)
from messaging.errors import UsageError, WrongOrder
from messaging.files.amounts import read_whole
from messaging.files.table_reader import FileRow, FileTable, read_table
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.texts import is_name, printable

NEEDED = ("order", "name", "quantity")
KNOWN = ("on_shortage", "order_id")
MAX_LABEL = 128


class RowError(Struct, frozen=True):
    """`line` as an editor counts it, the header is 1."""

    line: int
    field: str
    problem: Words

    def __str__(self) -> str:
        return f"line {self.line}, {self.field}: {self.problem}"


class OrdersFile(Struct, frozen=True):
    """Labelled orders as they first occur. One with a wrong row is not among them: its label is in `left_out`.

    `note` says how the file was read where that was not as UTF-8.
    """

    orders: list[tuple[str, Order]]
    errors: list[RowError]
    left_out: tuple[str, ...] = ()
    note: Words = NO_WORDS


class _Receipt:
    """The rows of one order while the file is read; `line` is its first."""

    def __init__(self, label: str, line: int) -> None:
        self.label, self.line = label, line
        self.lines: list[OrderLine] = []
        self.on_shortage: OnShortage | None = None
        self.order_id = ""

    def take(self, row: FileRow) -> None:
        if row.problem:
            raise _Wrong("row", row.problem)
        line, on_shortage = _line(row), _on_shortage(row.cell("on_shortage") or self.on_shortage)
        order_id = _order_id(row) or self.order_id
        if self.on_shortage not in (None, on_shortage):
            words = phrase("orders_csv.order_says_something_else_above_use", label=self.label)
            raise _Wrong("on_shortage", words)
        if self.order_id not in ("", order_id):
            raise _Wrong("order_id", phrase("orders_csv.order_has_another_id_above_use", label=self.label))
        if len(self.lines) == MAX_LINES:
            raise _Wrong(
                "order", phrase("orders_csv.order_has_more_than_lines_split", label=self.label, max_lines=MAX_LINES)
            )
        self.on_shortage, self.order_id = on_shortage, order_id
        self.lines.append(line)

    def order(self, user_id: str) -> Order:
        order_id = self.order_id or imported_order_id(user_id, self.label)
        return Order(order_id, user_id, tuple(self.lines), now(), on_shortage=self.on_shortage or OnShortage.REJECT)


class _Wrong(Exception):
    """A row that cannot be taken; never leaves this module."""

    def __init__(self, field: str, problem: Words) -> None:
        super().__init__(problem)
        self.field, self.problem = field, problem


class _Receipts:
    """All orders of a file. Whose row it is that names no order, or whose fields are shifted, is settled at the end."""

    def __init__(self, table: FileTable) -> None:
        self.errors: list[RowError] = []
        self.wrong: set[str] = set()
        self._all: dict[str, _Receipt] = {}
        self._above = ""  # the label of the last row that has one
        self._doubtful: list[tuple[Sequence[str], str]] = []  # what may be the label, and the one above
        self._is_label_sure = table.columns["order"] == min(table.columns.values())
        for row in table.rows:
            self._take(row)
        for labels, above in self._doubtful:
            self.wrong.update(self._all.keys() & set(labels) or {above})

    def whole(self, user_id: str) -> list[tuple[str, Order]]:
        """Those whose rows are all right, each id once."""
        orders = {label: receipt.order(user_id) for label, receipt in self._all.items()}
        times = Counter(str(order.order_id) for order in orders.values())
        for label in [label for label, order in orders.items() if times[str(order.order_id)] > 1]:
            words = phrase("orders_csv.order_has_the_id_of_another", label=label)
            self.errors.append(RowError(self._all[label].line, "order_id", words))
            self.wrong.add(label)
        self.errors.sort(key=lambda error: error.line)
        return [(label, order) for label, order in orders.items() if label not in self.wrong]

    def left_out(self) -> tuple[str, ...]:
        return tuple(label for label in self._all if label in self.wrong)

    def _take(self, row: FileRow) -> None:
        try:
            self._judge(row)
        except _Wrong as wrong:
            self.errors.append(RowError(row.line, wrong.field, wrong.problem))

    def _judge(self, row: FileRow) -> None:
        if row.problem and not self._is_label_sure:
            self._doubtful.append((row.fields, self._above))
            raise _Wrong("row", row.problem)
        label = self._label(row)
        receipt = self._all.setdefault(label, _Receipt(label, row.line))
        try:
            receipt.take(row)
        except _Wrong:
            self.wrong.add(label)
            raise

    def _label(self, row: FileRow) -> str:
        try:
            self._above = _label(row)
        except _Wrong:
            self._doubtful.append(((), self._above))
            raise
        return self._above


def read_orders_csv(path: Path, user_id: str) -> OrdersFile:
    """The same file of the same user always gives the same order ids; so does one's own export.

    Raises UsageError where the file cannot be read at all; what is wrong with single rows is in `errors`.
    """
    table = read_table(path, NEEDED, KNOWN)
    receipts = _Receipts(table)
    orders = receipts.whole(user_id)
    return OrdersFile(orders, receipts.errors, receipts.left_out(), table.note)


def _label(row: FileRow) -> str:
    text = row.cell("order") or _order_id(row)
    if len(text) > MAX_LABEL or not is_name(text):
        raise _Wrong(
            "order", phrase("orders_csv.names_no_order_use_1_to", text=printable(text[:40]), max_label=MAX_LABEL)
        )
    return text


def _order_id(row: FileRow) -> str:
    """The order's own id, as our export writes it; ids of other programs are passed over."""
    text = row.cell("order_id").casefold()
    return text if re.match(UUID_PATTERN, text) else ""


def _line(row: FileRow) -> OrderLine:
    try:
        name = checked_line(row.cell("name"), 1).name
    except WrongOrder as error:
        raise _Wrong("name", error.words) from error
    try:
        return OrderLine(name, read_whole(row.cell("quantity"), 1, MAX_QUANTITY))
    except UsageError as error:
        raise _Wrong("quantity", error.words) from error


def _on_shortage(text: str | None) -> OnShortage:
    """Empty: as said above for this order, else the default."""
    try:
        return OnShortage(text.casefold()) if text else OnShortage.REJECT
    except ValueError:
        raise _Wrong(
            "on_shortage", phrase("orders_csv.is_not_one_of", text=str(text)[:40], onshortage=", ".join(OnShortage))
        ) from None
