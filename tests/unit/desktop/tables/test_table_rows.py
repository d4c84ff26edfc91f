"""A table gives back the rows of its model, whatever is sorted and filtered."""

from collections.abc import Iterable, Sequence

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.tables.live_table import LiveTable
from desktop.tables.paged_model import PagedModel
from desktop.tables.paged_table import PagedTable
from desktop.tables.row_model import Column, RowModel
from desktop.tables.table import Table
from desktop.widgets.empty_state import EmptyState

COLUMNS: tuple[Column[str]] = (Column("Word", lambda word: word, sort=len),)
WORDS = ["elder", "fig", "pear", "fir"]


def a_table(qtbot: QtBot) -> tuple[RowModel[str], Table[str]]:
    model = RowModel(COLUMNS, lambda word: word)
    table = Table(model, "Words")
    qtbot.addWidget(table)
    model.synchronise(WORDS)
    return model, table


@pytest.mark.parametrize(
    ("search", "order", "shown"),
    [
        ("", None, WORDS),
        ("f", None, ["fig", "fir"]),
        ("", Qt.SortOrder.AscendingOrder, ["fig", "fir", "pear", "elder"]),
        ("e", Qt.SortOrder.DescendingOrder, ["elder", "pear"]),
        ("none of them", None, []),
    ],
)
def test_rows_are_the_models_own_in_the_order_shown(
    search: str, order: Qt.SortOrder | None, shown: list[str], qtbot: QtBot
) -> None:
    _, table = a_table(qtbot)
    table.rows.search(search)
    if order is not None:
        table.sortByColumn(0, order)
    assert [table.row(number) for number in range(len(shown) + 1)] == [*shown, None]
    table.selectAll()
    assert table.selected() == shown


def test_slots_get_the_row_under_the_cursor_and_none_when_it_goes(qtbot: QtBot) -> None:
    model, table = a_table(qtbot)
    current: list[str | None] = []
    chosen: list[str] = []
    table.on_current(current.append)
    table.on_chosen(chosen.append)
    assert table.current() is None
    table.select(2)
    assert (table.current(), set(current)) == ("pear", {"pear"})
    QTest.keyClick(table, Qt.Key.Key_Return)
    model.clear()
    assert (current[-1], chosen, table.current()) == (None, ["pear"], None)


def test_a_row_that_is_not_in_memory_is_none_until_it_comes(qtbot: QtBot) -> None:
    model = PagedModel(COLUMNS, len)
    table = PagedTable(model, "Words")
    qtbot.addWidget(table)
    current: list[str | None] = []
    table.on_current(current.append)
    model.show([5, 4])
    table.select(1)
    assert (table.row(1), table.selected(), set(current)) == (None, [], {None})
    model.put(["pear"])
    assert (table.row(1), table.selected(), current[-1]) == ("pear", ["pear"], "pear")


class Words(LiveTable[str, str]):
    grows = True

    def __init__(self) -> None:
        self.model = RowModel(COLUMNS, lambda word: word)
        super().__init__(Table(self.model, "Words"), EmptyState("inbox", "Nothing"), most_held=3)

    def grows_at_top(self) -> bool:
        return self.grows

    def put_on_top(self, rows: Sequence[str]) -> None:
        self.model.put_on_top(rows)

    def put_held_on_top(self, held: Sequence[str]) -> None:
        self.model.put_on_top(held)

    def hold(self, rows: Sequence[str]) -> Iterable[str]:
        return rows


def test_new_rows_wait_while_the_reader_has_paused_or_the_table_does_not_grow(
    qtbot: QtBot, dressed: QApplication
) -> None:
    live = Words()
    qtbot.addWidget(live)
    live.add(["fig"])
    assert (live.model.rows(), live.held) == (("fig",), 0)
    live.pause(True)
    live.add(["fir", "pear"])
    assert (live.model.rows(), live.more_button.text()) == (("fig",), "Paused: 2 new")
    live.pause(False)
    assert (live.model.rows(), live.more_button.isHidden()) == (("pear", "fir", "fig"), True)
    live.grows = False
    live.add(WORDS)
    assert (live.held, live.more_button.text()) == (3, "3 new")  # the oldest is left out
    live.forget_held()
    assert (live.held, live.model.rowCount()) == (0, 3)


def test_selected_rows_are_in_the_order_shown_not_in_that_of_the_clicks(qtbot: QtBot) -> None:
    _, table = a_table(qtbot)
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for number in (3, 0, 2):
        table.selectionModel().select(table.rows.index(number, 0), flags)
    assert table.selected() == ["elder", "pear", "fir"]
