"""A burst of keys is a code that was read, wherever the cursor stands; what a hand types is none."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QWidget
from shiboken6 import isValid

from desktop.client.basket.basket_model import QUANTITY
from desktop.client.imports.import_dialog import ImportDialog
from desktop.client.tab import ClientTab
from desktop.scanning.key_burst import meanings
from desktop.widgets.number_field import NumberField
from messaging.domain.orders import OnShortage
from messaging.domain.stock import StockLevel
from tests.helpers import barcode_reader as reader
from tests.helpers.barcode_reader import read_code, type_quickly
from tests.helpers.pages import on_page, until
from tests.helpers.user_input import do, opened, take_up
from tests.unit.desktop.client.helpers import lines

CODE = "5012345678900"


async def begun(tab: ClientTab) -> None:
    """A basket of five mice, in a window in use."""
    await until(lambda: tab.catalogue.rowCount() == 10)
    names = ("wireless_mouse", "whole milk", CODE, "webcam", "-12 v", "tv")
    tab.catalogue.apply([StockLevel(name, 100, 50) for name in names], full=True)
    tab.add_to_basket("wireless_mouse", 5)
    await until(lambda: tab.basket_pane.view.rows.rowCount() == 1)
    await take_up(tab)


def came(tab: ClientTab, code: str, quantity: int) -> bool:
    return tab.basket.quantity_of(code) == quantity


PLACES: dict[str, Callable[[ClientTab], QWidget]] = {
    "place": lambda tab: tab.basket_pane.place_button,
    "clear": lambda tab: tab.basket_pane.clear_button,
    "import": lambda tab: tab.orders_pane.import_button,
    "shortage": lambda tab: tab.basket_pane.shortage,
    "state": lambda tab: tab.orders_pane.state,
    "catalogue": lambda tab: tab.catalogue_pane.view,
    "basket": lambda tab: tab.basket_pane.view,
    "orders": lambda tab: tab.orders_pane.view,
    "search": lambda tab: tab.catalogue_pane.search,
    "orders search": lambda tab: tab.orders_pane.search,
}
ENDS = {"enter": reader.ENTER, "tab": reader.TAB, "cr lf": reader.CR_LF, "controls": reader.CONTROLS, "none": ()}
ENDS |= {"line feed": reader.LINE_FEED, "down": reader.DOWN, "end of text": reader.END_OF_TEXT}


@on_page(ClientTab)
async def test_a_code_is_a_product_for_the_basket_and_nothing_else(tab: ClientTab) -> None:
    await begun(tab)
    tab.place()
    await until(lambda: tab.orders.rowCount() == 1)
    tab.add_to_basket("wireless_mouse", 5)
    for place, find in PLACES.items():
        for end, keys in ENDS.items():
            for code in ("whole milk", CODE, "-12 v"):
                if end == "none" and "search" in place:
                    continue  # nothing says there that the code is whole
                before, widget, about = tab.basket.quantity_of(code), find(tab), (place, end, code)
                widget.setFocus()
                assert widget.hasFocus(), about
                if place == "search":
                    tab.add_to_basket("tv")  # + and - mean it while nothing is typed
                if place == "basket":
                    tab.basket_pane.view.setCurrentIndex(tab.basket_pane.view.rows.index(0, QUANTITY))
                await read_code(code, keys)
                await until(partial(came, tab, code, before + 1))
                assert tab.basket.quantity_of("wireless_mouse") == 5, about
                assert tab.basket.on_shortage is OnShortage.REJECT, about
                assert tab.orders_pane.state.currentIndex() == 0, about
                assert tab.orders.rowCount() == 1, about
                assert (tab.catalogue_pane.search.text(), tab.orders_pane.search.text()) == ("", ""), about
                assert widget.hasFocus(), about
                assert not tab.done.isVisible(), about
    assert tab.catalogue_pane.view.selected() == []
    assert tab.orders_pane.view.selected_count() == 0
    assert tab.basket.quantity_of("tv") == 3 * (len(ENDS) - 1)


@on_page(ClientTab)
async def test_a_code_is_no_quantity_of_the_line_that_is_edited(tab: ClientTab) -> None:
    await begun(tab)
    view = tab.basket_pane.view
    for typed in ("", "1"):
        view.setFocus()
        view.setCurrentIndex(view.rows.index(0, QUANTITY))
        view.edit(view.rows.index(0, QUANTITY))
        if typed:
            await type_quickly(typed, ())
        await read_code(CODE)
        editor = view.findChild(NumberField)
        assert editor is not None
        assert editor.text() == (typed or "5")
        await do(partial(QTest.keyClick, editor, Qt.Key.Key_Escape))
        await until(lambda: view.findChild(NumberField) is None)
    assert lines(tab) == [("wireless_mouse", 5), (CODE, 2)]


@on_page(ClientTab)
async def test_a_list_that_is_open_is_closed_and_nothing_chosen_from_it(tab: ClientTab) -> None:
    await begun(tab)
    for box in (tab.basket_pane.shortage, tab.orders_pane.state):
        box.setFocus()
        box.showPopup()
        await until(
            lambda: (popup := QApplication.activePopupWidget()) is not None and popup in tab.editor.scanner._watched
        )
        await read_code("webcam")
        await until(lambda: QApplication.activePopupWidget() is None)
        assert box.currentIndex() == 0
    assert lines(tab) == [("wireless_mouse", 5), ("webcam", 2)]


@on_page(ClientTab)
async def test_an_open_menu_does_nothing_for_a_code(tab: ClientTab) -> None:
    await begun(tab)
    tab.place()
    await until(lambda: tab.orders.rowCount() == 1 and tab.orders.get(1) is not None)
    tab.orders_pane.view.select(0)
    tab.orders_pane.view.setFocus()
    menu = tab.orders_pane.menu
    tab.orders_pane.view.customContextMenuRequested.emit(
        tab.orders_pane.view.visualRect(tab.orders_pane.view.currentIndex()).center()
    )
    await until(menu.isVisible)
    await until(lambda: menu in tab.editor.scanner._watched)
    await read_code("webcam")  # c would choose Cancel order or Copy
    await until(lambda: not menu.isVisible())
    assert lines(tab) == [("webcam", 1)]
    assert not tab.orders.row(0).cancel_asked


@on_page(ClientTab)
async def test_a_menu_that_opened_from_another_does_nothing_for_a_code(tab: ClientTab) -> None:
    await begun(tab)
    chosen: list[str] = []
    menu = QMenu(tab)
    below = menu.addMenu("views")
    for words in ("whole", "hidden", "other"):
        below.addAction(words).triggered.connect(partial(chosen.append, words))
    tab.orders_pane.view.setFocus()
    menu.popup(tab.mapToGlobal(tab.rect().center()))
    below.popup(tab.mapToGlobal(tab.rect().center()))
    await until(lambda: below in tab.editor.scanner._watched)
    await read_code("whole milk")
    assert chosen == []
    await until(lambda: lines(tab) == [("wireless_mouse", 5), ("whole milk", 1)])
    menu.close()


@on_page(ClientTab)
async def test_a_code_presses_nothing_in_a_dialog_and_what_is_typed_there_is_its_own(
    tab: ClientTab, tmp_path: Path
) -> None:
    await begun(tab)
    file = tmp_path / "orders.csv"
    file.write_text("order,name,quantity\nA,webcam,1\nB,webcam,2\n")
    await tab.importing.show(file)
    dialog = await opened(tab, ImportDialog)
    assert isinstance(dialog, ImportDialog)
    await take_up(dialog)
    for times, part in enumerate((dialog.place_button, dialog.close_button, dialog.orders_view), 1):
        part.setFocus()
        for code in ("whole milk", "5012345678901", CODE):
            await read_code(code)
            assert dialog.isVisible()
            assert dialog.place_button.isEnabled()
        assert lines(tab) == [("wireless_mouse", 5), ("whole milk", times), (CODE, times)]
    field = QLineEdit(dialog)
    field.show()
    field.setFocus()
    await read_code("webcam", ())
    assert field.text() == "webcam"
    dialog.close_button.setFocus()
    await type_quickly(" ", ())
    await until(lambda: not isValid(dialog) or not dialog.isVisible())
    assert tab.orders.rowCount() == 0


@on_page(ClientTab)
async def test_a_code_that_is_no_product_changes_nothing_and_is_said(tab: ClientTab) -> None:
    await begun(tab)
    tab.catalogue_pane.search.setText("lap")
    for place, find in PLACES.items():
        find(tab).setFocus()
        tab.catalogue_pane.unknown.show_text("")
        await read_code("5012345678901")  # one digit from a product
        assert tab.catalogue_pane.unknown.text() == (
            "5012345678901 is no product of the catalogue: nothing was changed."
        ), place
        assert lines(tab) == [("wireless_mouse", 5)], place
        assert (tab.catalogue_pane.search.text(), tab.orders_pane.search.text()) == ("lap", ""), place
    assert tab.orders.rowCount() == 0
    await read_code("webcam")
    assert not tab.catalogue_pane.unknown.isVisible()


@on_page(ClientTab)
async def test_where_a_code_can_be_several_products_none_is_taken(tab: ClientTab) -> None:
    await begun(tab)
    tab.catalogue.apply([StockLevel(name, 100, 50) for name in ("Milk", "milk")], full=True)
    tab.basket_pane.place_button.setFocus()
    await read_code("MILK")
    assert tab.catalogue_pane.unknown.text() == "MILK can be Milk, milk: choose it in the list."
    await read_code("milk")
    assert lines(tab) == [("wireless_mouse", 5), ("milk", 1)]


@on_page(ClientTab)
async def test_readers_are_slow_and_quick_and_may_be_stopped_by_a_busy_machine(tab: ClientTab) -> None:
    await begun(tab)
    times = 0
    for gap, stop in ((1, 0), (5, 100), (20, 110), (35, 0), (45, 0)):
        for place in ("place", "clear", "shortage", "basket", "search"):
            PLACES[place](tab).setFocus()
            for code in ("whole milk", CODE):
                await do(partial(reader.press_keys, code, reader.ENTER, gap, stop=stop))
            times += 1
            wanted = [("wireless_mouse", 5), ("whole milk", times), (CODE, times)]
            assert lines(tab) == wanted, (gap, stop, place)
    assert tab.orders.rowCount() == 0
    assert tab.basket.on_shortage is OnShortage.REJECT


@on_page(ClientTab)
async def test_what_a_quick_hand_types_does_what_it_does(tab: ClientTab) -> None:
    await begun(tab)
    tab.basket_pane.shortage.setFocus()
    await type_quickly("wa", ())
    await until(lambda: tab.basket_pane.shortage.currentIndex() == 2)
    tab.basket_pane.view.setFocus()
    tab.basket_pane.view.setCurrentIndex(tab.basket_pane.view.rows.index(0, QUANTITY))
    await type_quickly("12")
    await until(lambda: lines(tab) == [("wireless_mouse", 12)])
    await until(lambda: tab.basket_pane.view.findChild(NumberField) is None)
    tab.basket_pane.view.setFocus()
    await type_quickly("+-+", ())
    await until(lambda: lines(tab) == [("wireless_mouse", 13)])
    tab.catalogue_pane.search.setFocus()
    await type_quickly("2 webc")
    assert lines(tab) == [("wireless_mouse", 13), ("webcam", 2)]
    tab.basket_pane.clear_button.setFocus()
    await type_quickly(" ", ())
    await until(lambda: lines(tab) == [])


@pytest.mark.parametrize(
    ("before", "behind"), [("]C1", ""), ("]E0", ""), ("~", ""), ("*", "*"), ("#", ""), ("", "$"), ("~]Q3", "~")]
)
def test_what_a_reader_puts_around_a_code_is_no_part_of_it(before: str, behind: str) -> None:
    for code in (CODE, "whole milk", "-12 v"):
        read = f"{before}{code}{behind}"
        assert meanings(read)[0] == read
        assert meanings(read)[-1] == code
    assert meanings(CODE) == (CODE,)


@on_page(ClientTab)
async def test_a_key_that_is_held_back_is_given_to_what_it_was_pressed_on(tab: ClientTab) -> None:
    await begun(tab)
    tab.basket_pane.clear_button.setFocus()
    await do(partial(reader.press_keys, " ", (), 70))
    tab.basket_pane.place_button.setFocus()
    await until(lambda: lines(tab) == [])
    assert tab.orders.rowCount() == 0


@on_page(ClientTab)
async def test_a_key_that_is_held_down_is_no_second_command(tab: ClientTab) -> None:
    await begun(tab)
    tab.basket_pane.place_button.setFocus()
    for is_held in (False, True):
        key, control = Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier
        asked = QKeyEvent(QEvent.Type.ShortcutOverride, key, control, "\x04", is_held)
        asked.ignore()
        QApplication.sendEvent(reader.target(), asked)
        assert asked.isAccepted() is is_held
