"""The table over a paged model: sorts, copies and knows the current row though few rows are in memory."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QCursor, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from desktop.tables.paged_model import PagedModel
from desktop.tables.row_model import Column, Columns
from desktop.tables.table import SortedRows, Table, pasteable
from messaging.files.spreadsheet import tabbed_text

R = TypeVar("R")
S = TypeVar("S")  # what a model can be sorted by

MOST_COPIED = 10_000  # rows; more is for a file


class PagedTable(Table[R]):
    """Signal `copy_asked(list[int])`: the numbers of the selected rows, in the order shown.

    `on_current` gets a row that is still on its way once it is there.
    """

    copy_asked = Signal(list)
    rows: PagedModel[R]

    def __init__(self, model: PagedModel[R], name: str, parent: QWidget | None = None) -> None:
        super().__init__(model, name, parent)
        self._emitted: R | None = None
        self.on_current(self._remember)
        model.arrived.connect(self._emit_arrived)

    def _rows_over(self, model: Columns[R] | SortedRows[R]) -> Any:
        return model

    def _row_at(self, number: int) -> R | None:
        return self.rows.shown(number) if number >= 0 else None

    def selected_numbers(self, most: int = MOST_COPIED) -> list[int]:
        """The numbers of at most `most` selected rows; taken by ranges, since a million rows may be selected."""
        spans = sorted((span.top(), span.bottom()) for span in self._spans())
        numbers: list[int] = []
        for first, last in spans:
            numbers += self.rows.places[first : min(last + 1, first + most - len(numbers))]
        return numbers

    def sorting(self, sorts: Mapping[int, tuple[S, S]], column: int, is_down: bool, usual: S) -> S:
        """The order for a click on a title: `sorts` gives it by column as (first click, second click).

        After a third click, and for a column that nothing is sorted by, it is `usual`.
        """
        if column in sorts:
            return sorts[column][int(is_down)]
        if column >= 0:
            self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        return usual

    def shown_columns(self, also: int = -1) -> list[int]:
        """The visible columns in the order shown; `also`: a column that is included though it is hidden."""
        header = self.horizontalHeader()
        order = [header.logicalIndex(place) for place in range(header.count())]
        return [column for column in order if column == also or not self.isColumnHidden(column)]

    def as_text(self, rows: Sequence[R], also: int = -1) -> str:
        """These rows as lines of tab-separated values."""
        columns = [self.rows.columns[column] for column in self.shown_columns(also)]
        return tabbed_text([[pasteable(_text_of(column, row), column.align) for column in columns] for row in rows])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy_asked.emit(self.selected_numbers())
        else:
            super().keyPressEvent(event)

    def _remember(self, row: R | None) -> None:
        self._emitted = row

    def _emit_arrived(self) -> None:
        if self._emitted is None and (row := self.current()) is not None:
            self._emit_current(row)


def _text_of(column: Column[R], row: R) -> str:
    return column.text(row) or (column.spoken(row) if column.spoken else "")


class ColumnsMenu(QMenu):
    """Chooses which columns are shown; opens also by a right click on the header."""

    def __init__(self, table: Table[Any], always: int = 0) -> None:
        """The column `always` cannot be hidden, so that a header remains to be clicked."""
        super().__init__(table)
        self._table, self._always = table, always
        self.aboutToShow.connect(self._fill)
        header = table.horizontalHeader()
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(lambda _where: self.popup(QCursor.pos()))

    def _fill(self) -> None:
        self.clear()
        model = self._table.model()
        for column in range(model.columnCount()):
            title = str(model.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.DisplayRole))
            action = QAction(title.replace("&", "&&"), self, checkable=True)
            action.setChecked(not self._table.isColumnHidden(column))
            action.setEnabled(column != self._always)
            action.toggled.connect(lambda is_shown, column=column: self._choose(column, is_shown))
            self.addAction(action)

    def _choose(self, column: int, is_shown: bool) -> None:
        self._table.choose_column(column, is_shown)
