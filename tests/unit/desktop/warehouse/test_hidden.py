"""What a filter hides is not selected: a button acts on what is seen."""

from desktop.warehouse.tab import WarehouseTab
from messaging.warehouse.records import SetAsideState
from tests.helpers.pages import on_page, until
from tests.unit.desktop.warehouse.helpers import decide, order, seen


@on_page(WarehouseTab)
async def test_an_order_that_the_search_hides_is_not_shipped(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, order("laptop", 2), order("webcam", 1), order("webcam", 2))
    tab.books.poll()
    pane = tab.to_ship
    tab.pages.setCurrentWidget(pane)
    await until(lambda: pane.model.rowCount() == 3)
    pane.all_button.click()
    pane.act_buttons["cancel"].click()
    assert pane.act_buttons["cancel"].text() == "Really cancel 3"
    pane.search.setText("webcam")
    assert {row.lines[0].name for row in pane.selected()} == {"webcam"}
    assert pane.act_buttons["cancel"].text() == "Cancel order", "it asked about others"
    pane.search.setText("laptop")
    assert pane.selected() == []
    assert not pane.act_buttons["ship"].isEnabled()
    pane.search.clear()
    assert pane.selected() == []
    assert not pane.act_buttons["ship"].isEnabled()


@on_page(WarehouseTab)
async def test_a_product_that_is_hidden_is_not_the_one_that_is_restocked(tab: WarehouseTab) -> None:
    await seen(tab)
    pane = tab.stock_pane
    tab.stock_pane.view.select(2)
    pane.low_button.setChecked(True)
    assert tab.stock_pane.view.rows.rowCount() == 0
    pane.low_button.setChecked(False)
    assert not pane.restock_button.isEnabled()
    tab.stock_pane.view.select(2)
    pane.search.setText("webcam")
    assert tab.stock_pane.view.selected() == [tab.stock.get("webcam")]
    pane.search.clear()
    assert tab.stock_pane.view.selected() == []
    assert not pane.restock_button.isEnabled()


@on_page(WarehouseTab)
async def test_a_message_that_is_not_listed_any_more_is_not_dropped(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, b"one", b"two", b"three")
    tab.books.poll()
    pane = tab.set_aside
    tab.pages.setCurrentWidget(pane)
    await until(lambda: pane.model.rowCount() == 3)
    pane.view.select(0)
    pane.drop_button.click()
    await until(lambda: pane.model.rowCount() == 2)
    pane.view.select(0)
    pane.state.setCurrentIndex(2)
    await until(lambda: pane.model.rowCount() == 1)
    assert {message.state for message in pane.view.selected()} <= {SetAsideState.DROPPED}
    assert not pane.drop_button.isEnabled()
    assert not pane.send_button.isEnabled()


@on_page(WarehouseTab)
async def test_a_posting_of_another_product_is_not_undone(tab: WarehouseTab) -> None:
    await seen(tab)
    tab.pages.setCurrentWidget(tab.ledger)
    await tab.changes.restock("laptop", 5, "x")
    await until(lambda: tab.ledger.model.rowCount() == 11)
    tab.ledger.view.select(0)
    assert tab.ledger.undo_button.isEnabled()
    tab.stock_pane.view.select(3)
    tab.ledger.only.click()
    await until(lambda: tab.ledger.model.rowCount() < 5)
    assert tab.ledger.view.current() is None
    assert not tab.ledger.undo_button.isEnabled()
