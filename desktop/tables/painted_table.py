"""A table that draws its rows in one go.

Qt asks a model that is written in Python for each cell a dozen times, and at each question Python's lock may go to a
busy worker: two thousand times for one picture of a full table. Here a row is read once, and its words are drawn
where Qt's own drawing would put them.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, cast

from PySide6.QtCore import QAbstractProxyModel, QItemSelectionRange, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem, QTableView

from desktop.style.icons import drawn
from desktop.tables.row_model import LEFT, ROW_ROLE, Column, Columns, cell

_ONE_LINE = Qt.TextFlag.TextSingleLine.value
_PLAIN = re.compile("[ -~\u00a1-\u00ac\u00ae-\u017f\u2026]*")  # from left to right, in the font itself
_WIDE = 1000  # logical pixels of the cell that the style is asked about


class PaintedTable(QTableView):
    """Paints rows of one height and words on one line, without a grid.

    Qt itself draws what is selected, columns with a delegate of their own, and what is disabled or from right to left.
    """

    rows: Any  # what is shown: a model of Columns, or proxies over one; subclasses set it

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.isEnabled() or self.isRightToLeft():
            super().paintEvent(event)
            return
        numbers = self._rows_within(event.rect())
        columns = [n for n in range(self.rows.columnCount()) if not self.isColumnHidden(n)]
        chosen, special = self._chosen_of(numbers), [n for n in columns if self.itemDelegateForColumn(n) is not None]
        if chosen or special:
            super().paintEvent(QPaintEvent(event.region() & self._region(chosen, special)))
        rows = ((self.rowViewportPosition(n), self._row_at(n)) for n in numbers if n not in chosen)
        places = [self._place(n) for n in columns if n not in special]
        painter = QPainter(self.viewport())
        _Pen(self, self._options(), painter).paint(((top, row) for top, row in rows if row is not None), places)
        painter.end()

    def _rows_within(self, rect: QRect) -> range:
        first, last = self.rowAt(rect.top()), self.rowAt(rect.bottom())
        return range(first, (last if last >= 0 else self.rows.rowCount() - 1) + 1) if first >= 0 else range(0)

    def _chosen_of(self, numbers: range) -> set[int]:
        """Which of these rows are selected; taken by ranges, since a million rows may be selected."""
        spans = ((span.top(), span.bottom() + 1) for span in self._spans())
        return {n for first, end in spans for n in range(max(first, numbers.start), min(end, numbers.stop))}

    def _spans(self) -> list[QItemSelectionRange]:
        return list(cast(Any, self.selectionModel().selection()))  # the stubs leave out that it is a list

    def _region(self, rows: Iterable[int], columns: Iterable[int]) -> QRegion:
        whole, region = self.viewport().rect(), QRegion()
        for n in rows:
            region += QRect(0, self.rowViewportPosition(n), whole.width(), self.rowHeight(n))
        for n in columns:
            region += QRect(self.columnViewportPosition(n), 0, self.columnWidth(n), whole.height())
        return region

    def _place(self, number: int) -> "_Place":
        return _Place(self._columns[number], self.columnViewportPosition(number), self.columnWidth(number))

    def _row_at(self, number: int) -> Any:
        """The model's row; None where it is not in memory yet."""
        return self.rows.index(number, 0).data(ROW_ROLE)

    @property
    def _columns(self) -> Sequence[Column[Any]]:
        model = self.rows
        while isinstance(model, QAbstractProxyModel):
            model = model.sourceModel()
        return cast(Columns[Any], model).columns

    def _options(self) -> QStyleOptionViewItem:
        options = QStyleOptionViewItem()
        self.initViewItemOption(options)
        return options


class _Place(NamedTuple):
    """A column with its position and width, in logical pixels of the viewport."""

    column: Column[Any]
    left: int
    width: int


class _Pen:
    """Paints one picture of the table with the fonts, colours and measures of this moment."""

    def __init__(self, table: QTableView, options: QStyleOptionViewItem, painter: QPainter) -> None:
        """`options` as the table makes them for a cell."""
        given = cast(Any, options)  # the stubs leave out the fields of QStyleOptionViewItem
        self._painter, self._scale = painter, table.devicePixelRatioF()
        self._height = table.verticalHeader().defaultSectionSize()
        self._icon_size = given.decorationSize.width()
        self._ink = QPen(given.palette.color(given.palette.ColorRole.Text))
        bold = QFont(given.font)
        bold.setBold(True)
        self._plain, self._bold = ((font, QFontMetrics(font)) for font in (QFont(given.font), bold))
        metrics = table.fontMetrics()
        self._baseline = self._height // 2 - metrics.height() // 2 + metrics.ascent()
        self._measure(table, given)

    def _measure(self, table: QTableView, options: Any) -> None:
        """Ask the style where words and icons stand in a cell."""
        style, element = table.style(), QStyle.SubElement
        margin = style.pixelMetric(QStyle.PixelMetric.PM_FocusFrameHMargin, None, table) + 1  # Qt's own round words
        options.rect = QRect(0, 0, _WIDE, self._height)
        options.features = options.ViewItemFeature.HasDisplay
        words = style.subElementRect(element.SE_ItemViewItemText, options, table)
        options.features |= options.ViewItemFeature.HasDecoration
        beside = style.subElementRect(element.SE_ItemViewItemText, options, table)
        self._icon = style.subElementRect(element.SE_ItemViewItemDecoration, options, table)
        self._left, self._left_beside = words.left() + margin, beside.left() + margin
        self._right = _WIDE - words.right() - 1 + margin

    def paint(self, rows: Iterable[tuple[int, Any]], places: Sequence[_Place]) -> None:
        """Paint `rows`, each given with the y coordinate of its top."""
        for top, row in rows:
            for place in places:
                self._paint_cell(row, place, top)

    def _paint_cell(self, row: Any, place: _Place, top: int) -> None:
        column, left, width = place
        picture = column.icon(row) if column.icon else None
        before = self._left if picture is None else self._left_beside
        if picture is not None:
            self._paint_icon(cast(QIcon, picture), left + self._icon.left(), top + self._icon.top())
        font, metrics = self._bold if column.bold and column.bold(row) else self._plain
        room = width - before - self._right
        text = metrics.elidedText(cell(column.text(row)), Qt.TextElideMode.ElideRight, room)
        colour = column.colour(row) if column.colour else None
        self._painter.setFont(font)
        self._painter.setPen(self._ink if colour is None else cast(Any, colour))
        if column.align is LEFT and _PLAIN.fullmatch(text):
            self._painter.drawText(left + before, top + self._baseline, text)
        else:  # Qt lays it out, and gives Python's lock away meanwhile
            self._painter.drawText(left + before, top, room, self._height, column.align.value | _ONE_LINE, text)

    def _paint_icon(self, picture: QIcon, left: int, top: int) -> None:
        pixels = drawn(picture, self._icon_size, self._scale)
        if pixels is not None:
            self._painter.drawPixmap(left, top, pixels)
        else:
            picture.paint(self._painter, left, top, self._icon_size, self._icon_size)
