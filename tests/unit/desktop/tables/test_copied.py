"""What is copied from a table goes into spreadsheets: text from others is no formula there, figures stay figures."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.tables.paged_table import PagedTable
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.tables.table import Table

NAMES = ("=cmd|x", "+1", "-1", "@x", "\uff1d1", "\tx", "\t=1", '"=x"', "milk")
Line = tuple[str, int]
COLUMNS: tuple[Column[Line], ...] = (
    Column("Product", lambda row: row[0]),
    Column("Change", lambda row: f"{row[1]:+d}", align=RIGHT),
)


@pytest.mark.parametrize("name", NAMES)
def test_a_copied_text_is_no_formula(qapp: QApplication, name: str) -> None:
    table = Table(RowModel(COLUMNS, lambda row: row[0]), "Stock")
    table.rows.sourceModel().synchronise([(name, -5), ("tea", 7)])
    table.selectAll()
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    first, second = qapp.clipboard().text().split("\n")
    assert (first.rpartition("\t")[2], second) == ("-5", "tea\t+7")
    cell = first.rpartition("\t")[0]
    assert cell == {"milk": "milk", '"=x"': '"""=x"""', "\tx": "x", "\t=1": "'=1"}.get(name, f"'{name}")


def test_a_table_that_is_read_in_pages_copies_likewise(qapp: QApplication) -> None:
    class Shown(RowModel[Line]):
        arrived = RowModel.modelReset

    table: PagedTable[tuple[str, int]] = PagedTable(Shown(COLUMNS, lambda row: row[0]), "Notices")  # type: ignore[arg-type]  # rows are given
    assert table.as_text([("=cmd|x", 3), ("a\nb", -1)]) == "'=cmd|x\t+3\na b\t-1"
