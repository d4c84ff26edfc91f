from pathlib import Path
from typing import Any

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.client.basket.basket_model import QUANTITY
from desktop.client.tab import ClientTab
from desktop.tables.table import Table
from desktop.widgets.number_field import NumberField
from messaging.domain.orders import OnShortage
from messaging.domain.stock import StockLevel
from tests.helpers.pages import Problems, a_page, on_page, pressed, profile, run, until
from tests.unit.desktop.client.helpers import lines, loaded, scan, type_in


@on_page(ClientTab)
async def test_before_any_warehouse_has_spoken_the_seeds_catalogue_is_there_with_unknown_stock(tab: ClientTab) -> None:
    await loaded(tab)
    laptop = tab.catalogue.get("laptop")
    assert laptop is not None
    assert (laptop.price, laptop.free) == (99999, None)


@on_page(ClientTab)
async def test_enter_in_the_search_adds_the_first_match_and_the_same_product_again_is_one_line(tab: ClientTab) -> None:
    await loaded(tab)
    type_in(tab, "lap")
    type_in(tab, "laptop")
    type_in(tab, "12 usb c")
    assert lines(tab) == [("laptop", 2), ("usb_c_charger", 12)]
    assert tab.basket.total(tab.catalogue.prices()) == 2 * 99999 + 12 * 2499


@on_page(ClientTab)
async def test_a_search_without_a_match_adds_nothing(tab: ClientTab) -> None:
    await loaded(tab)
    type_in(tab, "spaceship")
    assert lines(tab) == []
    assert not tab.basket_pane.place_button.isEnabled()


@on_page(ClientTab)
async def test_the_best_hit_stands_first_and_a_slip_of_the_keys_is_forgiven(tab: ClientTab) -> None:
    await loaded(tab)
    view = tab.catalogue_pane.view

    def found() -> list[str]:
        return [view.rows.index(row, 0).data() for row in range(view.rows.rowCount())]

    tab.catalogue_pane.search.setText("m")
    assert found()[:2] == ["mechanical_keyboard", "monitor_27_inch"]  # then those that only hold an m
    assert "smartphone" in found()[2:]
    view.sortByColumn(1, Qt.SortOrder.DescendingOrder)  # a title that was clicked sorts instead
    assert found()[0] == "smartphone"
    view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    tab.catalogue_pane.search.setText("labtop")
    assert found() == ["laptop"]
    tab.catalogue_pane.search.clear()
    assert found()[0] == "bluetooth_headphones"


@on_page(ClientTab)
async def test_after_enter_plus_and_minus_mean_the_line_that_was_just_added(tab: ClientTab) -> None:
    await loaded(tab)
    type_in(tab, "webcam")
    type_in(tab, "lapt")
    QTest.keyClicks(tab.catalogue_pane.search, "++-")
    assert lines(tab) == [("webcam", 1), ("laptop", 2)]
    assert tab.catalogue_pane.search.text() == "lapt"
    QTest.keyClicks(tab.catalogue_pane.search, "usb-c")  # within a word they are signs
    assert tab.catalogue_pane.search.text() == "usb-c"
    assert lines(tab) == [("webcam", 1), ("laptop", 2)]


@on_page(ClientTab)
async def test_plus_and_minus_change_a_line_and_the_last_unit_takes_it_out(tab: ClientTab) -> None:
    await loaded(tab)
    tab.add_to_basket("webcam")
    tab.basket_pane.view.select(0)
    QTest.keyClick(tab.basket_pane.view, Qt.Key.Key_Plus)
    assert lines(tab) == [("webcam", 2)]
    QTest.keyClick(tab.basket_pane.view, Qt.Key.Key_Minus)
    QTest.keyClick(tab.basket_pane.view, Qt.Key.Key_Minus)
    assert lines(tab) == []


@on_page(ClientTab)
async def test_the_cells_with_plus_and_minus_are_buttons(tab: ClientTab) -> None:
    await loaded(tab)
    tab.add_to_basket("webcam", 2)
    await until(lambda: tab.basket_pane.view.rows.rowCount() == 1)
    click(tab.basket_pane.view, 3)
    click(tab.basket_pane.view, 3)
    click(tab.basket_pane.view, 1)
    assert lines(tab) == [("webcam", 3)]
    click(tab.basket_pane.view, 5)
    assert lines(tab) == []
    click(tab.catalogue_pane.view, 3)
    assert lines(tab) == [("bluetooth_headphones", 1)]


def click(view: Table[Any], column: int) -> None:
    where = view.visualRect(view.rows.index(0, column)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_the_basket_survives_as_a_draft_until_it_is_placed(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()

    async def leave() -> None:
        async with a_page(ClientTab, tmp_path, who) as tab:
            await loaded(tab)
            tab.add_to_basket("laptop", 2)
            tab.basket.choose(OnShortage.PARTIAL)

    async def come_back() -> None:
        async with a_page(ClientTab, tmp_path, who) as tab:
            await until(lambda: lines(tab) == [("laptop", 2)])
            assert tab.basket.on_shortage is OnShortage.PARTIAL
            tab.place()
            await until(lambda: tab.orders.rowCount() == 1)

    async def come_back_again() -> None:
        async with a_page(ClientTab, tmp_path, who) as tab:
            await until(lambda: tab.orders.rowCount() == 1)
            assert lines(tab) == []

    for visit in (leave, come_back, come_back_again):
        run(qapp, visit())


@on_page(ClientTab)
async def test_live_stock_moves_the_bar_and_warns_in_the_basket(tab: ClientTab) -> None:
    await loaded(tab)
    tab.add_to_basket("laptop", 5)
    tab._show_stock([([StockLevel("laptop", 99999, 25, reserved=22)], False)])
    laptop = tab.catalogue.get("laptop")
    assert laptop is not None
    assert (laptop.free, laptop.is_low, round(laptop.share, 2)) == (3, True, 0.12)
    await until(lambda: tab.basket_pane.view.rows.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is not None)
    assert tab.catalogue.rowCount() == 10


def test_a_wrong_quantity_is_a_problem_in_words_and_changes_nothing(qapp: QApplication, tmp_path: Path) -> None:
    problems = Problems()

    async def main() -> None:
        async with a_page(ClientTab, tmp_path, problems=problems) as tab:
            await loaded(tab)
            tab.add_to_basket("laptop", 2_000_000)
            assert lines(tab) == []

    run(qapp, main())
    assert [str(problem) for problem in problems] == [
        "Quantity of laptop: use a whole number from 1 to 1,000,000, not 2000000."
    ]


@on_page(ClientTab)
async def test_three_lines_are_ordered_by_keyboard_alone(tab: ClientTab) -> None:
    await loaded(tab)
    tab.activateWindow()
    for text in ("2 laptop", "webcam", "3 usb"):
        type_in(tab, text)
    QTest.keyClick(tab.catalogue_pane.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    await until(lambda: tab.orders.rowCount() == 1 and tab.orders.get(1) is not None)
    assert [(line.name, line.quantity) for line in tab.orders.row(0).order.lines] == [
        ("laptop", 2),
        ("webcam", 1),
        ("usb_c_charger", 3),
    ]


@on_page(ClientTab)
async def test_a_scanned_code_adds_wherever_the_cursor_stands(tab: ClientTab) -> None:
    await loaded(tab)
    tab.activateWindow()
    for where in (tab.orders_pane.search, tab.catalogue_pane.view, tab.basket_pane.view, tab.catalogue_pane.search):
        where.setFocus()
        scan(where, "WEBCAM")
    assert lines(tab) == [("webcam", 4)]
    assert (tab.orders_pane.search.text(), tab.catalogue_pane.search.text()) == ("", "")


@on_page(ClientTab)
async def test_a_quantity_typed_before_the_code_is_scanned_with_it(tab: ClientTab) -> None:
    await loaded(tab)
    tab.activateWindow()
    tab.focus_first()
    for typed, code in (("12 ", "webcam"), ("3", " laptop")):
        QTest.keyClicks(tab.catalogue_pane.search, typed)
        scan(tab.catalogue_pane.search, code)
        assert tab.catalogue_pane.search.text() == ""
    assert lines(tab) == [("webcam", 12), ("laptop", 3)]


@on_page(ClientTab)
async def test_a_product_dragged_to_the_basket_is_one_more(tab: ClientTab) -> None:
    await loaded(tab)
    rows = tab.catalogue_pane.view.rows
    data = rows.mimeData([rows.index(0, column) for column in (0, 1)])
    pane, centre = tab.basket_pane, QPointF(tab.basket_pane.rect().center())
    event = QDropEvent(centre, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0))
    pane.dropEvent(event)
    assert lines(tab) == [("bluetooth_headphones", 1)]


@on_page(ClientTab)
async def test_a_basket_that_was_cleared_comes_back_with_what_was_added_since(tab: ClientTab) -> None:
    await loaded(tab)
    type_in(tab, "2 laptop")
    type_in(tab, "webcam")
    tab.basket.choose(OnShortage.WAIT)
    tab.basket_pane.clear_button.click()
    assert lines(tab) == []
    assert tab.done.words.text() == "The basket was cleared"
    type_in(tab, "webcam")
    await pressed(tab.done.undo_button)
    assert lines(tab) == [("laptop", 2), ("webcam", 2)]
    assert tab.basket.on_shortage is OnShortage.WAIT


@on_page(ClientTab)
async def test_a_quantity_that_is_no_whole_number_is_refused_in_words(tab: ClientTab) -> None:
    await loaded(tab)
    tab.activateWindow()
    tab.add_to_basket("laptop", 7)
    view, wrong = tab.basket_pane.view, tab.basket_pane.wrong
    await until(lambda: view.rows.rowCount() == 1)
    for typed in ("2.5", "3e2", "-5", "9999999", "1,250", ""):
        view.setCurrentIndex(view.rows.index(0, QUANTITY))
        view.edit(view.rows.index(0, QUANTITY))
        editor = view.findChild(NumberField)
        assert editor is not None
        QTest.keyClicks(editor, typed) if typed else editor.clear()
        QTest.keyClick(editor, Qt.Key.Key_Return)
        assert lines(tab) == [("laptop", 7)]
        await until(wrong.isVisible)
        assert repr(typed) in wrong.text()
        await until(lambda: view.findChild(NumberField) is None)
    view.edit(view.rows.index(0, QUANTITY))
    editor = view.findChild(NumberField)
    assert editor is not None
    assert not wrong.isVisible()
    QTest.keyClicks(editor, "2.0")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    await until(lambda: lines(tab) == [("laptop", 2)])


@on_page(ClientTab)
async def test_an_order_of_more_money_than_can_be_kept_is_kept_without_its_total(tab: ClientTab) -> None:
    await loaded(tab)
    names = [f"house {n}" for n in range(12)]
    tab._show_stock([([StockLevel(name, 10**12, 1) for name in names], False)])
    for name in names:
        tab.add_to_basket(name, 10**6)
    tab.basket_pane.place_button.click()
    await until(lambda: tab.orders.rowCount() == 1)
    assert (tab.orders.row(0).total, len(tab.orders.row(0).order.lines)) == (None, 12)
