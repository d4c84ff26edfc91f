"""The catalogue's rows as they are found: the best answer first, whatever stands before it in the alphabet."""

from typing import Any

from PySide6.QtCore import QAbstractItemModel, Qt

from desktop.client.ranking import NEARLY, rank
from desktop.shared.row_model import ROW_ROLE, Index
from desktop.shared.tables import SortedRows, Table

NO_COLUMN = -1


class RankedRows(SortedRows):
    """A column that was clicked sorts instead. Slips of the keys are guessed only where nothing else is found."""

    def __init__(self, source: QAbstractItemModel) -> None:
        self._typed = ""
        self._worst = NEARLY - 1
        self._chosen = (NO_COLUMN, Qt.SortOrder.AscendingOrder)
        super().__init__(source)

    def search(self, text: str) -> None:
        self._typed, self._worst = " ".join(text.split()), NEARLY - 1
        self.invalidate()
        if self._typed and not self.rowCount():
            self._worst = NEARLY
            self.invalidate()
        self._sort()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._chosen = (column, order)
        self._sort()

    def _sort(self) -> None:
        is_ranked = self._typed and self._chosen[0] == NO_COLUMN
        super().sort(*((0, Qt.SortOrder.AscendingOrder) if is_ranked else self._chosen))

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        found = self._rank(self.sourceModel().index(row, 0, parent)) if self._typed else 0
        return found is not None and found <= self._worst

    def lessThan(self, left: Index, right: Index) -> bool:
        if self._chosen[0] != NO_COLUMN:
            return super().lessThan(left, right)
        one, other = self._rank(left), self._rank(right)
        return left.row() < right.row() if one == other else (one or 0) < (other or 0)

    def _rank(self, index: Index) -> int | None:
        return rank(self._typed, index.data(ROW_ROLE).name)


class CatalogueTable(Table):
    def _rows_over(self, model: QAbstractItemModel) -> Any:
        return RankedRows(model)
