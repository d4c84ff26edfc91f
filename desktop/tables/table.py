"""The table of all tabs: rows of one height, sorted by a click on a title, copied with Ctrl+C as plain text."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStackedLayout,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desktop.tables.painted_table import PaintedTable
from desktop.tables.row_model import RIGHT, SORT_ROLE, Columns, Index
from desktop.widgets.empty_state import EmptyState
from messaging.files.spreadsheet import guarded, tabbed_text

R = TypeVar("R")

_SELECTED = QStyle.StateFlag.State_Selected
_NO_FOCUS = ~QStyle.StateFlag.State_HasFocus
_ROW_PADDING = 12  # added to the height of the font
_TITLE_PADDING = 20  # added to the width of a column's title


class SortedRows(QSortFilterProxyModel, Generic[R]):
    """Sorts by SORT_ROLE and filters by words: each must occur somewhere in what the model says of the row."""

    def __init__(self, source: Columns[R]) -> None:
        super().__init__(source)
        self.source = source
        self._words: tuple[str, ...] = ()
        self.setSourceModel(source)
        self.setSortRole(SORT_ROLE)
        self.setDynamicSortFilter(True)

    def search(self, text: str) -> None:
        self._words = tuple(text.casefold().split())
        self.invalidate()

    def accepts(self, row: R) -> bool:
        """Whether the row is shown; subclasses add conditions."""
        text = self.source.words(row).casefold() if self._words else ""
        return all(word in text for word in self._words)

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        shown = self.source.shown(row)
        return shown is not None and self.accepts(shown)

    def lessThan(self, left: Index, right: Index) -> bool:
        one, other = left.data(SORT_ROLE), right.data(SORT_ROLE)
        if type(one) is type(other):
            return bool(one < other)
        return str(one) < str(other)


class PlainDelegate(QStyledItemDelegate):
    """Draws no focus frame around cells, and keeps a row's own colours while it is selected."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        options = cast(Any, option)  # the stubs leave out the fields of QStyleOptionViewItem
        state = options.state
        options.state = state & _NO_FOCUS
        if not state & _SELECTED:
            return
        colour = index.data(Qt.ItemDataRole.ForegroundRole)
        if colour is not None:
            options.palette.setColor(options.palette.ColorRole.HighlightedText, colour)


class Table(PaintedTable, Generic[R]):
    """Shows the rows of a model and gives them back typed: `current`, `selected`, `on_current`, `on_chosen`."""

    _row_chosen = Signal(object)
    _current_changed = Signal(object)

    def __init__(self, model: Columns[R] | SortedRows[R], name: str, parent: QWidget | None = None) -> None:
        """`name` is spoken by a screen reader and is the key under which the columns' widths are kept."""
        super().__init__(parent)
        self.rows = self._rows_over(model)
        self._widths: dict[int, int] = {}  # as set, in logical pixels
        self.choices: dict[int, bool] = {}  # columns the user chose to show, or not to
        self._given_up: tuple[int, ...] = ()
        self._least = 0
        self.setModel(self.rows)
        self.setAccessibleName(name)
        self.setObjectName(name)
        self.setItemDelegate(PlainDelegate(self))
        self._calm()
        self._set_header()
        self.doubleClicked.connect(lambda index: self._row_chosen.emit(self.row(index.row())))
        self._is_unannounced = True  # the current row is not selected, and so was not emitted
        self.selectionModel().currentRowChanged.connect(self._current_row_changed)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self._has_emitted = False
        self._chosen = 0  # selected rows, as last seen
        for gone in (self.rows.rowsRemoved, self.rows.modelReset, self.rows.layoutChanged):
            gone.connect(self._rows_gone)

    def _rows_over(self, model: Columns[R] | SortedRows[R]) -> Any:
        """What the view shows: here the model's rows sorted and filtered."""
        return model if isinstance(model, SortedRows) else SortedRows(model)

    # --- the rows

    def row(self, number: int) -> R | None:
        """The row at this place of the view; None where there is none, or it is not in memory yet."""
        found: R | None = self._row_at(number)
        return found

    def current(self) -> R | None:
        """The row under the cursor."""
        return self.row(self.currentIndex().row())

    def selected(self) -> list[R]:
        """The selected rows in the order shown."""
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return [row for row in map(self.row, numbers) if row is not None]

    def on_current(self, slot: Callable[[R | None], object]) -> None:
        """Call `slot` with the row under the cursor when that changes, and with None when there is none any more."""
        self._current_changed.connect(slot)

    def on_chosen(self, slot: Callable[[R], object]) -> None:
        """Call `slot` with the row on which Enter was pressed or a double click made."""
        self._row_chosen.connect(slot)

    # --- how it looks

    def _calm(self) -> None:
        self.setShowGrid(False)
        self.setAlternatingRowColors(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + _ROW_PADDING)

    def _set_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setStretchLastSection(True)
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        header.setMinimumSectionSize(44)
        self.setSortingEnabled(True)

    def set_widths(self, *widths: int, stretch: int = -1) -> None:
        """Widths in characters of the table's font; `stretch` is the column that takes what is left."""
        header = self.horizontalHeader()
        unit = self.fontMetrics().averageCharWidth()
        letters = QFontMetrics(header.font())
        for column, width in enumerate(widths):
            title = letters.horizontalAdvance(str(self.rows.headerData(column, Qt.Orientation.Horizontal) or ""))
            self._widths[column] = max(width * unit + 26, title + _TITLE_PADDING)  # other languages have longer titles
            header.resizeSection(column, self._widths[column])
        if stretch >= 0:
            header.setStretchLastSection(False)
            header.setSectionResizeMode(stretch, QHeaderView.ResizeMode.Stretch)

    def choose_column(self, column: int, is_shown: bool) -> None:
        """Show or hide a column for good: `offer_column` does not change the user's choice."""
        self.choices[column] = is_shown
        self.setColumnHidden(column, not is_shown)

    def offer_column(self, column: int, is_shown: bool) -> None:
        """Show or hide a column, unless the user has chosen."""
        self.setColumnHidden(column, not self.choices.get(column, is_shown))

    def give_up(self, least: int, *columns: int) -> None:
        """Hide these columns, the first one first, where the stretched column would get fewer than `least` characters.

        Only for columns that nothing else hides or shows.
        """
        self._given_up, self._least = columns, least * self.fontMetrics().averageCharWidth()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._given_up:
            self._make_room()

    def _make_room(self) -> None:
        header = self.horizontalHeader()
        fixed = [n for n in range(header.count()) if header.sectionResizeMode(n) != QHeaderView.ResizeMode.Stretch]
        taken = sum(max(header.sectionSize(n), self._widths.get(n, 0)) for n in fixed if self._may_show(n))
        room = self.viewport().width() - taken - self._least
        for column in (column for column in self._given_up if column not in self.choices):
            self.setColumnHidden(column, room < 0)
            room += self._widths[column] if room < 0 else 0

    def _may_show(self, column: int) -> bool:
        return column in self._given_up or not self.isColumnHidden(column)

    def _current_row_changed(self, now: Index, _before: Index) -> None:
        self._is_unannounced = not self.selectionModel().hasSelection()
        self._emit_current(self.row(now.row()))

    def _emit_current(self, row: R | None) -> None:
        self._has_emitted = row is not None
        self._current_changed.emit(row)

    def _rows_gone(self) -> None:
        """Emit what Qt does not: that the last row or all rows have gone, or selected rows are filtered out."""
        if self._has_emitted and not self.currentIndex().isValid():
            self._emit_current(None)
        if self._chosen != self.selected_count():
            self.selectionModel().selectionChanged.emit(QItemSelection(), QItemSelection())

    def selected_count(self) -> int:
        return sum(span.height() for span in self._spans())

    def let_go(self) -> None:
        """Clear the selection and the current row."""
        self.selectionModel().clear()

    def _selection_changed(self) -> None:
        """Emit the current row when it is selected by a click though it was current already."""
        here, chosen = self.currentIndex(), self.selectionModel()
        self._chosen = self.selected_count()
        if not chosen.hasSelection():
            self._is_unannounced = True
        elif self._is_unannounced and here.isValid() and chosen.isSelected(here):
            self._is_unannounced = False
            self._emit_current(self.current())

    def select(self, number: int) -> None:
        """Select the row at this index of the view, alone, and scroll to it."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        index = self.rows.index(number, 0)
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            QGuiApplication.clipboard().setText(self.copied())
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._row_chosen.emit(self.current())
        else:
            super().keyPressEvent(event)

    def copied(self) -> str:
        """The selected rows as lines of tab-separated values, in the order shown."""
        order = [self.horizontalHeader().logicalIndex(place) for place in range(self.rows.columnCount())]
        shown = [column for column in order if not self.isColumnHidden(column)]
        numbers = sorted(index.row() for index in self.selectionModel().selectedRows())
        return tabbed_text([[_copied(self.rows.index(n, column)) for column in shown] for n in numbers])


def _copied(index: Index) -> str:
    return pasteable(str(index.data() or "").strip(), index.data(Qt.ItemDataRole.TextAlignmentRole))


def pasteable(text: str, align: Qt.AlignmentFlag) -> str:
    """A cell's text that no spreadsheet takes for a formula; right-aligned cells are our own figures and stay."""
    return text if align == RIGHT else guarded(text)


class TableWithEmptyState(QWidget):
    """Shows a table or, while it has no rows, an EmptyState.

    Where its rows are only filtered away it says so, and `show_all` undoes that.
    """

    def __init__(
        self,
        table: Table[Any],
        empty: EmptyState,
        show_all: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.table, self.empty, self._is_filtered = table, empty, show_all is not None
        self.nothing = EmptyState("search", self.tr("Nothing matches"), action=self.tr("Show all"))
        self._stack = QStackedLayout(self)
        for part in (empty, table, self.nothing):
            self._stack.addWidget(part)
        if show_all is not None:
            self.nothing.acted.connect(show_all)
            table.rows.sourceModel().rowsRemoved.connect(self._choose)  # rows go from the filter before they are gone
        for changed in (table.rows.rowsInserted, table.rows.rowsRemoved, table.rows.modelReset):
            changed.connect(self._choose)
        table.rows.layoutChanged.connect(self._choose)
        self._choose()

    def _choose(self) -> None:
        rows = self.table.rows
        if rows.rowCount():
            self._stack.setCurrentWidget(self.table)
        else:
            is_hidden = self._is_filtered and rows.sourceModel().rowCount()
            self._stack.setCurrentWidget(self.nothing if is_hidden else self.empty)
