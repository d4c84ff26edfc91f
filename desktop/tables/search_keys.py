"""Keys by which a search field moves the selection in the table it searches, while it keeps the focus."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from desktop.tables.table import Table

_AND_ROW = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class SearchKeys(QObject):
    """The arrow keys select among the matches, Esc clears the field."""

    def __init__(self, field: QLineEdit, view: Table[Any]) -> None:
        super().__init__(field)
        self._field, self._view = field, view
        field.installEventFilter(self)

    def choose_first(self) -> None:
        """Select the first match; nothing where the field is empty."""
        if self._field.text().strip() and self._view.rows.rowCount():
            self._view.select(0)
        else:
            self._view.let_go()

    def chosen(self) -> tuple[QPersistentModelIndex, ...]:
        """The selected rows, the current one last, for `choose_again` after a search has hidden them."""
        here, rows = self._view.currentIndex().row(), self._view.rows
        found = sorted(self._view.selectionModel().selectedRows(), key=lambda index: index.row() == here)
        return tuple(QPersistentModelIndex(rows.mapToSource(index)) for index in found)

    def choose_again(self, chosen: Sequence[QPersistentModelIndex]) -> None:
        rows = self._view.rows
        for index in map(rows.mapFromSource, chosen):
            if index.isValid():
                self._view.selectionModel().setCurrentIndex(index, _AND_ROW)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            key = Qt.Key(event.key())
            if key == Qt.Key.Key_Escape:
                self._field.clear()
                return True
            if key in _STEPS:
                self._move(_STEPS[key])
                return True
        return super().eventFilter(watched, event)

    def _move(self, step: int) -> None:
        count = self._view.rows.rowCount()
        is_chosen = self._view.selectionModel().hasSelection()
        now = self._view.currentIndex().row() if is_chosen else -1 if step > 0 else count
        if count:
            self._view.select(min(max(now + step, 0), count - 1))
