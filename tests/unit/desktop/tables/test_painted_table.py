from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtGui import QIcon, QImage, QPaintEvent, QPixmap
from PySide6.QtWidgets import QApplication, QMainWindow, QTableView

from desktop.style import theme
from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.style.theme import Theme, colours
from desktop.tables.button_cells import ButtonCells
from desktop.tables.row_model import CENTRE, RIGHT, ROW_ROLE, Column, Columns, Index, RowModel
from desktop.tables.table import Table

Row = tuple[int, str]
CUT = "long enough to be cut " * 9
TEXTS = ("", "milk", "Käse, 3 \N{MULTIPLICATION SIGN} Brot", "<b>&amp;</b>", "שלום milk", "早上好", "✔ done", CUT)


class Compared(Table[Row]):
    """Drawn by Qt alone where it is told so."""

    by_qt = False

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.by_qt:
            QTableView.paintEvent(self, event)
        else:
            super().paintEvent(event)


def a_dot() -> QIcon:
    picture = QPixmap(32, 32)
    picture.fill(Qt.GlobalColor.red)
    picture.setDevicePixelRatio(2)
    return QIcon(picture)


def columns(dot: QIcon) -> tuple[Column[Row], ...]:
    return (
        Column("Key", lambda r: str(r[0] * 1111), align=RIGHT),
        Column("Words", lambda r: r[1], bold=lambda r: r[0] % 2 == 1),
        Column("Middle", lambda r: r[1][:7], align=CENTRE, icon=lambda r: dot),
        Column(
            "State",
            lambda r: r[1],
            icon=lambda r: icon("truck", Tone.GOOD) if r[0] % 3 else None,
            colour=lambda r: colours().tone(Tone.BAD) if r[0] % 2 else None,
        ),
        Column("Right", lambda r: r[1], align=RIGHT, bold=lambda r: True, icon=lambda r: icon("bell")),
        Column("Button", lambda r: "", icon=lambda r: icon("x")),
    )


@contextmanager
def a_table(model: Columns[Row]) -> Iterator[Compared]:
    window, table = QMainWindow(), Compared(model, "Rows")
    window.setCentralWidget(table)
    window.resize(700, 320)
    theme.dress_window(window, "#0b5cad")
    window.show()
    try:
        yield table
    finally:
        window.close()
        window.deleteLater()


def picture_of(table: Compared, by_qt: bool) -> QImage:
    table.by_qt = by_qt
    return table.grab().toImage()


@pytest.mark.parametrize("choice", [Theme.LIGHT, Theme.DARK, Theme.CONTRAST])
def test_rows_look_as_qt_itself_draws_them(dressed: QApplication, choice: Theme) -> None:
    theme.apply(choice)
    model = RowModel[Row](columns(a_dot()), lambda row: row[0])
    model.synchronise(list(enumerate(TEXTS)))
    with a_table(model) as table:
        table.setItemDelegateForColumn(5, ButtonCells(table))
        table.set_widths(6, 14, 9, 20, 12, 6, stretch=3)
        assert picture_of(table, by_qt=False) == picture_of(table, by_qt=True)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for number in (1, 2, 5):
            table.selectionModel().select(table.rows.index(number, 0), flags)
        table.sortByColumn(1, Qt.SortOrder.AscendingOrder)
        assert picture_of(table, by_qt=False) == picture_of(table, by_qt=True)
        table.verticalScrollBar().setValue(7)
        table.setColumnHidden(2, True)
        table.horizontalHeader().moveSection(3, 0)
        assert picture_of(table, by_qt=False) == picture_of(table, by_qt=True)
        table.setDisabled(True)
        assert picture_of(table, by_qt=False) == picture_of(table, by_qt=True)


def test_a_picture_reads_each_shown_row_once_and_asks_the_model_nothing_cell_by_cell(dressed: QApplication) -> None:
    """What Qt asks cell by cell held up the window while notices streamed in."""
    asked, read = list[int](), list[int]()

    class Counted(RowModel[Row]):
        def data(self, index: Index, role: int = 0) -> Any:
            asked.append(role)
            return super().data(index, role)

    def words(row: Row) -> str:
        read.append(row[0])
        return row[1]

    model = Counted((Column("Key", lambda r: str(r[0])), Column("Words", words)), lambda row: row[0])
    model.synchronise([(number, "milk") for number in range(1000)])
    with a_table(model) as table:
        table.grab()
        asked.clear()
        read.clear()
        table.grab()
        shown = table.viewport().height() // table.rowHeight(0) + 1
    assert read == list(range(shown))
    assert asked == [ROW_ROLE] * shown
