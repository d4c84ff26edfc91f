"""Notices and orders as files for other programs. Text from others never becomes a formula in a spreadsheet."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import IO

from messaging import wire
from messaging.errors import UsageError
from messaging.history.records import KeptNotice, PlacedOrder
from messaging.phrases import phrase

# A cell that begins so is run by spreadsheets: CWE-1236, OWASP ASVS 5.0 1.2.10.
# Spreadsheets of the east take the wide signs, too.
FORMULAS = tuple(
    "=+-@\t\r\n\0\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)

_AT_FIRST = ("received_at", "order_id", "user_id", "status")
_OF_LINE = ("name", "quantity", "reserved", "missing")
NOTICE_HEADER = (*_AT_FIRST, *_OF_LINE, "reason", "occurred_at", "seq", "event_id", "missed", "read")
ORDER_HEADER = ("number", "order", "order_id", "placed_at", "state", *_OF_LINE, "on_shortage", "reason")


class Format(StrEnum):
    CSV = "csv"
    JSON = "json"


class Export:
    """A file that is written piece by piece and comes only when it is whole. Raises UsageError where it cannot be."""

    def __init__(self, path: Path, header: Sequence[str]) -> None:
        self.path, self.rows = path, 0
        self._header = header
        self.format = Format.JSON if path.suffix.casefold() == ".json" else Format.CSV
        self._part = path.with_name(f".{path.name}.part")
        try:
            self._file: IO[str] = self._part.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise UsageError(phrase(f"{path.name} cannot be written: {error.strerror}.")) from error
        self._write("[" if self.format is Format.JSON else _csv([header]))

    def add_notices(self, notices: Iterable[KeptNotice]) -> None:
        for kept in notices:
            if self.format is Format.JSON:
                more = {"received_at": kept.received_at, "missed": kept.missed, "read": kept.read}
                self._add_json({**json.loads(wire.encode(kept.notice)), **more})
            else:
                self._write(_csv(_notice_rows(kept)))
            self.rows += 1

    def add_orders(self, orders: Iterable[PlacedOrder]) -> None:
        for order in orders:
            if self.format is Format.JSON:
                more = {
                    "state": order.state,
                    "placed_at": order.placed_at,
                    "label": order.label,
                    "reason": order.reason,
                }
                self._add_json({**json.loads(wire.encode(order.order)), **more})
            else:
                self._write(_csv(_order_rows(order)))
            self.rows += 1

    def finish(self) -> None:
        self._write("\n]\n" if self.format is Format.JSON else "")
        try:
            self._file.close()
            self._part.replace(self.path)
        except OSError as error:
            self._part.unlink(missing_ok=True)
            raise UsageError(phrase(f"{self.path.name} cannot be written: {error.strerror}.")) from error

    def give_up(self) -> None:
        self._file.close()
        self._part.unlink(missing_ok=True)

    def _add_json(self, item: dict[str, object]) -> None:
        self._write(f"{',' if self.rows else ''}\n{json.dumps(item, ensure_ascii=False)}")

    def _write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError as error:
            self.give_up()
            raise UsageError(phrase(f"{self.path.name} cannot be written: {error.strerror}.")) from error


def guarded(value: object) -> str:
    """A text that a spreadsheet would run gets an apostrophe; a number stays a number."""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(FORMULAS) else text


def _csv(rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO(newline="")
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()


def _notice_rows(kept: KeptNotice) -> list[list[object]]:
    """A row for each line of the order."""
    n = kept.notice
    before = [kept.received_at, str(n.order_id), str(n.user_id), n.status.value]
    after = [
        n.reason or "",
        n.occurred_at,
        n.seq if n.seq is not None else "",
        n.event_id,
        int(kept.missed),
        int(kept.read),
    ]
    return [[*before, line.name, line.quantity, line.reserved, line.missing, *after] for line in n.lines]


def _order_rows(order: PlacedOrder) -> list[list[object]]:
    """A row for each line; what `place --file` and the import take stands under the names they take it by."""
    before = [
        order.number,
        order.label or order.order.order_id,
        str(order.order.order_id),
        order.placed_at,
        order.state.value,
    ]
    after = [order.order.on_shortage.value, order.reason]
    return [[*before, line.name, line.quantity, line.reserved, line.missing, *after] for line in order.lines]
