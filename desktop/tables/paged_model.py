"""A table model for rows that stay on disk: it keeps all their numbers, and in memory only the rows in view.

Eight bytes a row: a million rows are there at once, and the scroll bar leads to each of them.
"""

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar, overload

from PySide6.QtCore import QModelIndex, QObject, Qt, QTimer, Signal

from desktop.tables.row_model import Column, Columns, Index

R = TypeVar("R")

PAGE = 100  # rows asked for together, about three windows full
HELD = 2000  # rows in memory
NO_ROWS: Sequence[int] = range(0)


class RowNumbers(Sequence[int]):
    """The numbers of all rows in the order shown; new ones are put on top."""

    def __init__(self, numbers: Sequence[int] = NO_ROWS, newest_first: bool = False) -> None:
        self._numbers, self.newest_first = numbers, newest_first
        self._top = array("q")  # the last is the topmost

    def put_on_top(self, numbers: Iterable[int]) -> None:
        self._top.extend(numbers)

    def extend(self, numbers: Sequence[int]) -> None:
        self._numbers = array("q", [*self._numbers, *numbers])

    def are(self, numbers: Sequence[int], newest_first: bool) -> bool:
        """Whether these are the same rows in the same order; False where that is not certain."""
        on_top = len(self._top)
        is_alike = self.newest_first == newest_first and len(numbers) == len(self)
        return is_alike and list(numbers[:on_top]) == list(self._top[::-1]) and numbers[on_top:] == self._numbers

    def __len__(self) -> int:
        return len(self._top) + len(self._numbers)

    @overload
    def __getitem__(self, place: int) -> int: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[int]: ...
    def __getitem__(self, place: int | slice) -> int | Sequence[int]:
        if isinstance(place, slice):
            return [self[n] for n in range(*place.indices(len(self)))]
        on_top = len(self._top)
        return self._top[on_top - 1 - place] if place < on_top else self._numbers[place - on_top]

    def find(self, number: int) -> int | None:
        """The index of this number. Logarithmic where the newest is first, linear (milliseconds) otherwise."""
        if not self.newest_first:
            return next((place for place, known in enumerate(self) if known == number), None)
        place = bisect_left(self, -number, key=lambda known: -known)
        return place if place < len(self) and self[place] == number else None


class PagedModel(Columns[R]):
    """Signals: `wanted(list[int])` numbers of rows to bring by `put`; `sort_asked(column, is_down)`; `arrived`."""

    wanted = Signal(list)
    sort_asked = Signal(int, bool)
    arrived = Signal()

    def __init__(self, columns: Sequence[Column[R]], key: Callable[[R], int], parent: QObject | None = None) -> None:
        super().__init__(columns, parent)
        self.places = RowNumbers()
        self._key = key
        self._held: OrderedDict[int, R] = OrderedDict()
        self._looked_at: dict[int, None] = {}  # places whose rows are missing, the last one asked for last
        self._under_way: set[int] = set()
        self._ask_soon = QTimer(self, singleShot=True, interval=0)
        self._ask_soon.timeout.connect(self._ask)

    # --- reading

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.places)

    def shown(self, number: int) -> R | None:
        """The row at this index; None while it is being fetched, which this call starts."""
        if number >= len(self.places):
            return None
        row = self._held.get(self.places[number])
        if row is None:
            self._looked_at.pop(number, None)
            self._looked_at[number] = None
            if not self._under_way:
                self._ask_soon.start()
        return row

    def row(self, number: int) -> R:
        """The row at this index, which must be in memory: else KeyError."""
        return self._held[self.places[number]]

    def rows(self) -> tuple[R, ...]:
        """The rows in memory, in the order shown."""
        if self.places.newest_first:
            return tuple(self._held[n] for n in sorted(self._held, reverse=True) if self.places.find(n) is not None)
        return tuple(self._held[number] for number in self.places if number in self._held)

    def held(self) -> Iterable[R]:
        """The rows in memory, in no particular order."""
        return self._held.values()

    def get(self, key: int) -> R | None:
        return self._held.get(key)

    def find(self, key: int) -> int | None:
        return self.places.find(key)

    # --- changing

    def show(self, numbers: Sequence[int], newest_first: bool = False) -> None:
        """Replace all rows by these numbers; where they are shown already, nothing changes and nothing scrolls."""
        if self.places.are(numbers, newest_first):
            return
        self.beginResetModel()
        self.places = RowNumbers(numbers, newest_first)
        self._looked_at.clear()
        self.endResetModel()

    def extend(self, numbers: Sequence[int]) -> None:
        """Append these numbers below."""
        if numbers:
            self.beginInsertRows(QModelIndex(), len(self.places), len(self.places) + len(numbers) - 1)
            self.places.extend(numbers)
            self.endInsertRows()

    def put_on_top(self, rows: Sequence[R]) -> None:
        """Put new rows on top; the last of them is topmost."""
        self._hold(rows)
        self.put_numbers_on_top([self._key(row) for row in rows])

    def put_numbers_on_top(self, numbers: Sequence[int]) -> None:
        if numbers:
            self.beginInsertRows(QModelIndex(), 0, len(numbers) - 1)
            self.places.put_on_top(numbers)
            self.endInsertRows()

    def hold(self, rows: Iterable[R]) -> None:
        """Keep rows in memory that will be in view soon."""
        self._hold(rows)

    def put(self, rows: Iterable[R]) -> None:
        """Take rows that were asked for by `wanted`, or that have changed."""
        news = [row for row in rows if self._is_news(row, self._held.get(self._key(row)))]
        self._under_way.clear()
        self._hold(news)
        if news and len(self.places):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.places) - 1, len(self.columns) - 1))
        self.arrived.emit()
        if self._looked_at:
            self._ask_soon.start()

    def change(self, rows: Iterable[R]) -> None:
        """Take changed rows; those that are not in memory are ignored."""
        self.put([row for row in rows if self._key(row) in self._held])

    def forget(self) -> None:
        """Drop all rows in memory, so that those in view are fetched anew."""
        self._held.clear()
        self.put(())
        if len(self.places):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.places) - 1, len(self.columns) - 1))

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sort_asked.emit(column, order is Qt.SortOrder.DescendingOrder)

    def _is_news(self, row: R, held: R | None) -> bool:
        """Whether this row may replace the held one; a subclass knows which of two versions is newer."""
        return row != held

    def _hold(self, rows: Iterable[R]) -> None:
        for row in rows:
            if self._is_news(row, self._held.get(self._key(row))):
                self._held[self._key(row)] = row
            self._held.move_to_end(self._key(row))
        while len(self._held) > HELD:
            self._held.popitem(last=False)

    def _ask(self) -> None:
        """Ask for the page that was in view last: while the scroll bar is dragged the others have gone by."""
        while self._looked_at and not self._under_way:
            number, _ = self._looked_at.popitem()
            first = number // PAGE * PAGE
            near = range(first, min(first + PAGE, len(self.places)))
            missing = [key for key in (self.places[n] for n in near) if key not in self._held]
            self._looked_at = {n: None for n in self._looked_at if n not in near and abs(n - number) < PAGE}
            if missing:
                self._under_way.update(missing)
                self.wanted.emit(missing)
