"""The order that a user has begun in the window and not placed yet."""

from collections.abc import Sequence

import msgspec

from messaging.domain.orders import OnShortage, Order
from messaging.history.records import Draft
from messaging.history.store.database.database_file import HistoryFile

KEY = "draft"


class SavedDraft:
    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def load(self) -> Draft | None:
        body = self._file.mark(KEY)
        return msgspec.json.decode(body, type=Draft) if body else None

    def save(self, lines: Sequence[tuple[str, int]], on_shortage: OnShortage = OnShortage.REJECT) -> None:
        """`lines` are names and units. Without any, there is no draft any more."""
        self._file.set_mark(KEY, msgspec.json.encode(Draft(list(lines), on_shortage)) if lines else b"")

    def forget(self, order: Order) -> None:
        """Within the write that places this order: a draft with its very lines is gone."""
        draft = self.load()
        if draft is not None and draft.lines == [(line.name, line.quantity) for line in order.lines]:
            self._file.put_mark(KEY, b"")
