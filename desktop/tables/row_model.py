"""A table model of typed rows that takes batches and emits changes for what changed only.

Rows are known by a key, so a selection and the place scrolled to survive an update.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFont

from desktop.text.formats import plain_tip
from messaging.texts import printable

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

SORT_ROLE = Qt.ItemDataRole.UserRole + 1
ROW_ROLE = Qt.ItemDataRole.UserRole + 3

RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
CENTRE = Qt.AlignmentFlag.AlignCenter

MOST_CELL = 500  # characters
FEW = 5  # changed rows up to which each has a signal of its own


@dataclass(frozen=True, slots=True)
class Column(Generic[R]):
    """What one column shows of a row; `sort` gives a number or a text, the shown text where it is missing."""

    title: str
    text: Callable[[R], str]
    sort: Callable[[R], int | float | str] | None = None
    align: Qt.AlignmentFlag = LEFT
    tip: Callable[[R], str] | None = None
    icon: Callable[[R], object] | None = None
    colour: Callable[[R], object] | None = None
    bold: Callable[[R], bool] | None = None
    spoken: Callable[[R], str] | None = None  # for a screen reader, where the cell shows only a picture


class Columns(QAbstractTableModel, Generic[R]):
    """Answers what Qt asks of a table by its columns; subclasses hold the rows."""

    def __init__(self, columns: Sequence[Column[R]], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = columns
        self.bold = QFont()
        self.bold.setBold(True)

    @property
    def columns(self) -> Sequence[Column[R]]:
        return self._columns

    @columns.setter
    def columns(self, columns: Sequence[Column[R]]) -> None:
        self._columns = tuple(columns)
        self._answers = [_answers_of(self, column) for column in self._columns]

    def shown(self, number: int) -> R | None:
        """The row at this index; None where there is none, or none in memory."""
        raise NotImplementedError

    def words(self, row: R) -> str:
        """The text that a search looks through."""
        return " ".join(column.text(row) for column in self.columns)

    def refresh(self, *columns: int) -> None:
        """Make the views draw these columns again: for texts that change with the time."""
        for column in columns if self.rowCount() else ():
            self.dataChanged.emit(self.index(0, column), self.index(self.rowCount() - 1, column))

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> Any:
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.columns[section].align
        return None

    def data(self, index: Index, role: int = 0) -> Any:
        if not index.isValid():
            return None
        answer = self._answers[index.column()].get(role)
        row = self.shown(index.row()) if answer else None
        return answer(row) if answer and row is not None else None


class RowModel(Columns[R]):
    """Holds at most `limit` rows: where more come, the last ones are dropped and counted in `dropped`."""

    def __init__(
        self,
        columns: Sequence[Column[R]],
        key: Callable[[R], Hashable],
        parent: QObject | None = None,
        *,
        limit: int = 100_000,
        search: Callable[[R], str] | None = None,
    ) -> None:
        super().__init__(columns, parent)
        self.dropped = 0
        self._key = key
        self._limit = limit
        self._search = search
        self._rows: list[R] = []
        self._place: dict[Hashable, int] = {}
        self._shift = 0  # added to each place: rows put on top need not be counted anew

    # --- reading

    def row(self, number: int) -> R:
        return self._rows[number]

    def rows(self) -> tuple[R, ...]:
        return tuple(self._rows)

    def find(self, key: Hashable) -> int | None:
        place = self._place.get(key)
        return None if place is None else place + self._shift

    def get(self, key: Hashable) -> R | None:
        number = self.find(key)
        return None if number is None else self._rows[number]

    # --- changing

    def update_rows(self, rows: Iterable[R]) -> list[R]:
        """Replace the rows whose keys are known; returns the others in their order."""
        new: list[R] = []
        changed: list[int] = []
        for row in rows:
            number = self.find(self._key(row))
            if number is None:
                new.append(row)
            elif self._rows[number] != row:
                self._rows[number] = row
                changed.append(number)
        self._emit_changed(changed)
        return new

    def put_on_top(self, rows: Iterable[R]) -> None:
        """Replace known rows where they are and put new ones on top; the last of `rows` is topmost."""
        fresh = {self._key(row): row for row in self.update_rows(rows)}
        new = list(fresh.values())[::-1][: self._limit]
        self.dropped += len(fresh) - len(new)
        if not new:
            return
        self._cut(self._limit - len(new))
        self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
        self._rows[:0] = new
        self._shift += len(new)
        for number, row in enumerate(new):
            self._place[self._key(row)] = number - self._shift
        self.endInsertRows()

    def synchronise(self, rows: Sequence[R]) -> None:
        """Become exactly these rows, and emit only what is removed, changed and inserted."""
        wanted = {self._key(row): row for row in rows[: self._limit]}
        self._remove_all_but(wanted)
        if [self._key(row) for row in self._rows] != [key for key in wanted if key in self._place]:
            self._reset(list(wanted.values()))
            return
        number = 0
        for is_new, run in groupby(wanted.items(), lambda item: item[0] not in self._place):
            rows_of_run = [row for _, row in run]
            if is_new:
                self._insert(number, rows_of_run)
            else:
                self._replace_run(number, rows_of_run)
            number += len(rows_of_run)
        self._recount()

    def clear(self) -> None:
        self._reset([])

    def _emit_changed(self, numbers: Sequence[int]) -> None:
        """Emit one signal for many rows: each costs the views more than the unchanged rows between."""
        if not numbers:
            return
        spans = [(number, number) for number in numbers] if len(numbers) <= FEW else [(min(numbers), max(numbers))]
        for first, last in spans:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))

    def _replace_run(self, first: int, rows: list[R]) -> None:
        changed = [number for number, row in enumerate(rows, first) if self._rows[number] != row]
        self._rows[first : first + len(rows)] = rows
        self._emit_changed(changed)

    def _insert(self, number: int, rows: list[R]) -> None:
        self.beginInsertRows(QModelIndex(), number, number + len(rows) - 1)
        self._rows[number:number] = rows
        self.endInsertRows()

    def _remove_all_but(self, wanted: dict[Hashable, R]) -> None:
        """Remove the other rows, from the end, each run of neighbours in one step."""
        end = len(self._rows)
        for is_kept, run in groupby(self._rows[::-1], lambda row: self._key(row) in wanted):
            start = end - len(list(run))
            if not is_kept:
                self.beginRemoveRows(QModelIndex(), start, end - 1)
                del self._rows[start:end]
                self.endRemoveRows()
            end = start
        self._recount()

    def _cut(self, most: int) -> None:
        extra = len(self._rows) - most
        if extra <= 0:
            return
        self.beginRemoveRows(QModelIndex(), most, len(self._rows) - 1)
        for row in self._rows[most:]:
            del self._place[self._key(row)]
        del self._rows[most:]
        self.dropped += extra
        self.endRemoveRows()

    def _reset(self, rows: list[R]) -> None:
        self.beginResetModel()
        self._rows = rows
        self._recount()
        self.endResetModel()

    def _recount(self) -> None:
        self._shift = 0
        self._place = {self._key(row): number for number, row in enumerate(self._rows)}

    # --- what Qt asks

    def shown(self, number: int) -> R | None:
        return self._rows[number] if number < len(self._rows) else None

    def words(self, row: R) -> str:
        return self._search(row) if self._search else super().words(row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)


def cell(text: str) -> str:
    """A text, perhaps from others, as a cell shows it: printable, in one line, at most MOST_CELL characters."""
    return printable(text[:MOST_CELL])


def _answers_of(model: Columns[R], column: Column[R]) -> dict[int, Callable[[R], Any]]:
    """The column's functions by role; roles it does not have are left out, for Qt asks eight of each cell."""
    text, sort, tip, bold, align = column.text, column.sort, column.tip, column.bold, column.align
    answers: dict[int, Callable[[R], Any]] = {
        Qt.ItemDataRole.DisplayRole: lambda row: cell(text(row)),
        Qt.ItemDataRole.TextAlignmentRole: lambda row: align,
        SORT_ROLE: sort or (lambda row: text(row).casefold()),
        ROW_ROLE: lambda row: row,
    }
    if tip:
        answers[Qt.ItemDataRole.ToolTipRole] = lambda row: plain_tip(tip(row))
    if bold:
        answers[Qt.ItemDataRole.FontRole] = lambda row: model.bold if bold(row) else None
    others = {
        Qt.ItemDataRole.DecorationRole: column.icon,
        Qt.ItemDataRole.ForegroundRole: column.colour,
        Qt.ItemDataRole.AccessibleTextRole: column.spoken,
    }
    return answers | {role: answer for role, answer in others.items() if answer}
