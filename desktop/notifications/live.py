"""The live table of notices; those that wait are held as row numbers alone, since they may be many."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.notifications.notices_model import NoticesModel
from desktop.tables.live_table import LiveTable
from desktop.tables.paged_model import PAGE
from desktop.tables.paged_table import PagedTable
from desktop.widgets.empty_state import EmptyState
from messaging.history.records import StoredNotice


class LiveNotices(LiveTable[StoredNotice, int]):
    """Signal `again_asked`: the notices that waited stand somewhere between the others, so all must be found again."""

    again_asked = Signal()

    def __init__(
        self, table: PagedTable[StoredNotice], model: NoticesModel, empty: EmptyState, parent: QWidget | None = None
    ) -> None:
        super().__init__(table, empty, parent=parent)
        self._model = model

    def grows_at_top(self) -> bool:
        return self._model.places.newest_first

    def put_on_top(self, rows: Sequence[StoredNotice]) -> None:
        self._model.put_on_top(rows)

    def put_held_on_top(self, held: Sequence[int]) -> None:
        if self.grows_at_top():
            self._model.put_numbers_on_top(held)
        elif held:
            self.again_asked.emit()

    def hold(self, rows: Sequence[StoredNotice]) -> Iterable[int]:
        self._model.hold(rows[-PAGE:])  # the first ones to be shown
        return [kept.row for kept in rows]
