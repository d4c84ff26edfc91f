"""On the warehouse's page a code that was read chooses its product in the stock, and presses and changes nothing."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.warehouse.tab import WarehouseTab
from tests.helpers import barcode_reader as reader
from tests.helpers.barcode_reader import read_code, type_quickly
from tests.helpers.pages import on_page, until
from tests.helpers.user_input import take_up
from tests.unit.desktop.warehouse.helpers import decide, order, seen

BAD = b'{"order_id":7,"user_id":3,"order":[{"name":"laptop","quantity":-4}],"created_at":"now"}'
PLACES: tuple[tuple[int, Callable[[WarehouseTab], QWidget]], ...] = (
    (0, lambda tab: tab.toolbar.start_button),
    (0, lambda tab: tab.toolbar.consumers),
    (0, lambda tab: tab.stock_pane.view),
    (0, lambda tab: tab.stock_pane.search),
    (0, lambda tab: tab.stock_pane.menu_button),
    (0, lambda tab: tab.stock_pane.restock_button),
    (0, lambda tab: tab.pages.tabBar()),
    (1, lambda tab: tab.to_ship.view),
    (1, lambda tab: tab.to_ship.search),
    (1, lambda tab: tab.to_ship.act_buttons["ship"]),
    (1, lambda tab: tab.to_ship.act_buttons["cancel"]),
    (1, lambda tab: tab.to_ship.pick_button),
    (1, lambda tab: tab.to_ship.reason),
    (4, lambda tab: tab.set_aside.state),
    (4, lambda tab: tab.set_aside.view),
    (4, lambda tab: tab.set_aside.drop_button),
    (4, lambda tab: tab.set_aside.details.form.lines),
    (4, lambda tab: tab.set_aside.details.form.on_shortage),
    (4, lambda tab: tab.set_aside.details.form.fields["user_id"]),
    (4, lambda tab: tab.set_aside.details.form.send_button),
    (5, lambda tab: tab.ledger.only),
    (5, lambda tab: tab.ledger.view),
)


async def begun(tab: WarehouseTab) -> None:
    """An order to ship and a message set aside, both chosen."""
    await seen(tab)
    await decide(tab, order("webcam", 1), BAD)
    tab.books.poll()
    await until(lambda: tab.to_ship.model.rowCount() == 1 and tab.set_aside.model.rowCount() == 1)
    for page, view in ((1, tab.to_ship.view), (4, tab.set_aside.view)):
        tab.pages.setCurrentIndex(page)
        view.select(0)
    tab.set_aside.details.show_form()
    tab.set_aside.details.form.lines.setCurrentCell(0, 1)
    await take_up(tab)


async def type_into(field: QWidget, text: str) -> None:
    field.setFocus()
    await type_quickly(text, ())


@on_page(WarehouseTab)
async def test_a_code_chooses_its_product_in_the_stock_and_does_nothing_else(tab: WarehouseTab) -> None:
    await begun(tab)
    form = tab.set_aside.details.form
    for number, (page, find) in enumerate(PLACES):
        for ends in (reader.ENTER, reader.TAB, reader.CR_LF, reader.CONTROLS):
            tab.stock_pane.view.let_go()
            tab.stock_pane.view.select(0)  # for the buttons
            tab.pages.setCurrentIndex(page)
            widget = find(tab)
            widget.setFocus()
            assert widget.hasFocus(), number
            await read_code("webcam", ends)
            assert [level.name for level in tab.stock_pane.view.selected()] == ["webcam"], number
            assert tab.stock_pane.search.hasFocus(), number
            assert not tab.running, number
            assert not tab.done.isVisible(), number
            assert not tab.stock_pane.form.isVisible(), number
            assert tab.to_ship.act_buttons["cancel"].text() == "Cancel order", number
            assert tab.to_ship.selected()[0].lines[0].name == "webcam", number
            assert tab.set_aside.state.currentIndex() == 0, number
            assert form.cell(0, 1).text() == "-4", number
            assert form.on_shortage.currentIndex() == 0, number
            assert form.fields["user_id"].text() == "3", number
            assert not tab.ledger.only.isChecked(), number
            assert (tab.to_ship.search.text(), tab.to_ship.reason.text()) == ("", ""), number
            assert tab.toolbar.consumers.text() == str(tab.toolbar.consumers.value()), number
    assert (tab.to_ship.model.rowCount(), tab.set_aside.model.rowCount()) == (1, 1)


@on_page(WarehouseTab)
async def test_a_code_read_while_a_form_is_filled_in_leaves_it_as_it_is(tab: WarehouseTab) -> None:
    await begun(tab)
    tab.stock_pane.view.select(0)
    tab.stock_pane.restock_button.click()
    form = tab.stock_pane.form
    await type_quickly("7", ())
    await read_code("webcam")
    assert (form.units.text(), form.reason.text()) == ("7", "")
    assert form.isVisible()
    assert form.units.hasFocus()
    assert tab.stock_pane.view.current() == tab.stock.get("webcam")
    form.reason.setFocus()
    await read_code("LS-2026-11")  # the code of a delivery note is a reason, but posts nothing
    assert form.reason.text() == "LS-2026-11"
    assert form.isVisible()
    await read_code("webcam", reader.TAB)
    assert form.reason.text() == "LS-2026-11"
    form.units.setFocus()
    await read_code("9912")
    assert form.units.text() == "7"
    assert tab.stock_pane.unknown.text() == "9912 is no product of the catalogue: nothing was changed."
    await type_quickly("")
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.on_hand == 32)


@on_page(WarehouseTab)
async def test_what_is_withdrawn_or_searched_away_is_found_by_its_code(tab: WarehouseTab) -> None:
    await begun(tab)
    await tab.changes.offer("laptop", False)
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.withdrawn)
    tab.stock_pane.search.setText("chair")
    tab.toolbar.start_button.setFocus()
    await read_code("laptop")
    assert tab.stock_pane.view.current() == tab.stock.get("laptop")
    tab.toolbar.start_button.setFocus()
    await read_code("webcam")
    assert tab.stock_pane.view.current() == tab.stock.get("webcam")
    tab.toolbar.start_button.setFocus()
    await read_code("two words")
    assert not tab.running
    assert tab.stock_pane.view.current() == tab.stock.get("webcam")


@on_page(WarehouseTab)
async def test_what_was_chosen_stays_so_where_a_code_is_read_into_a_search(tab: WarehouseTab) -> None:
    await begun(tab)
    await decide(tab, order("laptop", 1), order("webcam", 2))
    tab.books.poll()
    await until(lambda: tab.to_ship.model.rowCount() == 3)
    tab.pages.setCurrentIndex(1)
    tab.to_ship.view.selectAll()
    await type_into(tab.to_ship.search, "webc")
    tab.to_ship.view.selectAll()
    before = tab.to_ship.selected()
    for code in ("webcam", "laptop", "no product"):
        tab.to_ship.search.setFocus()
        await read_code(code)
        assert tab.to_ship.search.text() == "webc", code
        assert tab.to_ship.selected() == before, code
    tab.stock_pane.view.select(3)
    chosen = tab.stock_pane.view.current()
    for code in ("no product", "5012345678901", "chair"):
        tab.stock_pane.search.setFocus()
        await read_code(code)
        assert tab.stock_pane.view.selected() == [chosen], code
        assert tab.stock_pane.view.current() == chosen, code
