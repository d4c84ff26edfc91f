"""Notices and orders as files for other programs. Text from others never becomes a formula in a spreadsheet."""

import json
from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path

from messaging.contract import codec
from messaging.files.spreadsheet import BYTE_ORDER_MARK, csv_text
from messaging.files.whole_file import WholeFile
from messaging.history.records import PlacedOrder, StoredNotice

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
        self.format = Format.JSON if path.suffix.casefold() == ".json" else Format.CSV
        self._file = WholeFile(path)
        self._file.write("[" if self.format is Format.JSON else BYTE_ORDER_MARK + csv_text([header]))

    def add_notices(self, notices: Iterable[StoredNotice]) -> None:
        for kept in notices:
            if self.format is Format.JSON:
                more = {"received_at": kept.received_at, "missed": kept.missed, "read": kept.read}
                self._add_json({**json.loads(codec.encode(kept.notice)), **more})
            else:
                self._file.write(csv_text(_notice_rows(kept)))
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
                self._add_json({**json.loads(codec.encode(order.order)), **more})
            else:
                self._file.write(csv_text(_order_rows(order)))
            self.rows += 1

    def finish(self) -> None:
        if self.format is Format.JSON:
            self._file.write("\n]\n")
        self._file.finish()

    def give_up(self) -> None:
        self._file.give_up()

    def _add_json(self, item: dict[str, object]) -> None:
        self._file.write(f"{',' if self.rows else ''}\n{json.dumps(item, ensure_ascii=False)}")


def _notice_rows(kept: StoredNotice) -> list[list[object]]:
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
