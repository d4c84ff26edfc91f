"""A table that grows at the top, and holds still for whoever has scrolled down to read."""

from collections import deque
from collections.abc import Iterable
from typing import Any

from PySide6.QtWidgets import QWidget

from desktop.tables.row_model import RowModel
from desktop.tables.table import Table, TableWithEmptyState
from desktop.text.formats import number
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.parts import button, column, row

HELD = 5000  # rows that wait for the reader at most; older ones would be cut from the table anyway


class LiveTable(QWidget):
    """Rows come in batches by `add`. While the view is not at its top they wait behind "N new"."""

    def __init__(self, table: Table, model: RowModel[Any], empty: EmptyState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = table
        self._model = model
        self._held: deque[Any] = deque(maxlen=HELD)
        self.more_button = button("", "chevron-right", hint=self.tr("Show them"))
        self.more_button.hide()
        self.more_button.clicked.connect(self.show_held)
        chip = row(1, self.more_button, 1)
        self._column = column(self, chip, TableWithEmptyState(table, empty))
        self._column.setSpacing(0)
        table.verticalScrollBar().valueChanged.connect(self._scrolled)

    @property
    def held(self) -> int:
        return len(self._held)

    def add(self, rows: Iterable[Any]) -> None:
        """Oldest first. Rows that are known change where they are."""
        new = self._model.update_rows(rows)
        if self._is_at_top() and not self._held:
            self._model.put_on_top(new)
            return
        self._held.extend(new)
        self._tell()

    def add_below(self, part: QWidget) -> None:
        self._column.addWidget(part)

    def show_held(self) -> None:
        self._model.put_on_top(self._held)
        self._held.clear()
        self._tell()
        self.table.scrollToTop()

    def _is_at_top(self) -> bool:
        bar = self.table.verticalScrollBar()
        return bar.value() == bar.minimum() or self.table.horizontalHeader().sortIndicatorSection() >= 0

    def _scrolled(self, value: int) -> None:
        if self._held and value == self.table.verticalScrollBar().minimum():
            self.show_held()

    def _tell(self) -> None:
        self.more_button.setText(self.tr("{0} new").format(number(len(self._held))))
        self.more_button.setVisible(bool(self._held))
