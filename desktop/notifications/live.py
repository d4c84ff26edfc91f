"""New notices on top while the reader is at the top; otherwise they wait behind "N new"."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.notifications.notices_model import NoticesModel
from desktop.tables.paged_table import PagedTable
from desktop.tables.table import TableWithEmptyState
from desktop.text.formats import number
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.parts import button, column, row
from messaging.history.records import StoredNotice


class LiveNotices(QWidget):
    """Signal `again_asked`: what waits belongs in between, so ask for all of it again."""

    again_asked = Signal()

    def __init__(
        self, table: PagedTable, model: NoticesModel, empty: EmptyState, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._table, self._model = table, model
        self._held: list[int] = []  # numbers only: they may be many
        self._paused = False
        self.more_button = button("", "chevron-right", hint=self.tr("Show them"))
        self.more_button.hide()
        self.more_button.clicked.connect(self.show_held)
        column(self, row(1, self.more_button, 1), TableWithEmptyState(table, empty)).setSpacing(0)
        table.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def held(self) -> int:
        return len(self._held)

    @property
    def is_paused(self) -> bool:
        return self._paused

    def pause(self, is_paused: bool) -> None:
        self._paused = is_paused
        if not is_paused and self._is_at_top():
            self.show_held()
        self._tell()

    def add(self, news: Sequence[StoredNotice]) -> None:
        """Oldest first; those that belong to what is shown."""
        if self._is_at_top() and not self._held and not self._paused and self._model.places.newest_first:
            self._model.put_on_top(news)
            return
        self._model.hold(news[-100:])
        self._held += [kept.row for kept in news]
        self._tell()

    def show_held(self) -> None:
        held, self._held = self._held, []
        if self._model.places.newest_first:
            self._model.put_numbers_on_top(held)
            self._table.scrollToTop()
        elif held:
            self.again_asked.emit()
        self._tell()

    def forget_held(self) -> None:
        """They are part of what is shown now."""
        self._held = []
        self._tell()

    def _is_at_top(self) -> bool:
        bar = self._table.verticalScrollBar()
        return bar.value() == bar.minimum()

    def _scrolled(self, value: int) -> None:
        at_top = value == self._table.verticalScrollBar().minimum()
        if self._held and at_top and not self._paused and self._model.places.newest_first:
            self.show_held()

    def _tell(self) -> None:
        words = self.tr("Paused: {0} new") if self._paused else self.tr("{0} new")
        self.more_button.setText(words.format(number(len(self._held))))
        self.more_button.setVisible(bool(self._held) or self._paused)
