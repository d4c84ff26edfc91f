from pathlib import Path

from desktop.role.worker import answer
from desktop.tables.table import TableWithEmptyState
from desktop.warehouse.orders.pick_list import page
from desktop.warehouse.tab import WarehouseTab
from messaging.domain.orders import OnShortage, OrderStatus
from messaging.warehouse.records import CatalogueRow
from tests.helpers.pages import on_page, until
from tests.helpers.stores import order_in_books
from tests.unit.desktop.warehouse.helpers import decide, order, seen


@on_page(WarehouseTab)
async def test_many_processed_orders_are_shipped_at_once(tab: WarehouseTab) -> None:
    await seen(tab)
    decided = await decide(tab, order("laptop", 2), order("webcam", 1), order("webcam", 99))
    tab.books.poll()
    tab.pages.setCurrentWidget(tab.to_ship)
    await until(lambda: tab.to_ship.model.rowCount() == 2)
    assert tab.pages.tabText(1) == "To ship (2)"
    tab.to_ship.all_button.click()
    tab.to_ship.act_buttons["ship"].click()
    await until(lambda: tab.to_ship.model.rowCount() == 0)
    first = decided[0].order
    assert first is not None
    kept = await answer(tab.session.books.ask(lambda store: order_in_books(store, first.identity)))
    assert kept is not None
    assert kept.status is OrderStatus.SHIPPED
    (shown,) = tab.to_ship.findChildren(TableWithEmptyState)
    assert (shown.empty.isHidden(), shown.nothing.isHidden()) == (False, True)


@on_page(WarehouseTab)
async def test_a_shipped_order_is_taken_back_after_a_second_click(tab: WarehouseTab) -> None:
    await seen(tab)
    (decided,) = await decide(tab, order("laptop", 5))
    assert decided.order is not None
    await tab.changes.ship([decided.order.identity])
    await until(lambda: tab.shipped.model.rowCount() == 1)
    tab.pages.setCurrentWidget(tab.shipped)
    tab.shipped.all_button.click()
    tab.shipped.reason.setText("wrong colour")
    tab.shipped.act_buttons["take back"].click()
    assert tab.shipped.act_buttons["take back"].text() == "Really take back 1"
    tab.shipped.act_buttons["take back"].click()
    await until(lambda: (level := tab.stock.get("laptop")) is not None and level.on_hand == 25)
    await until(lambda: tab.ledger.model.row(0).reason == "wrong colour")
    assert tab.done.words.text() == "1 order taken back"


@on_page(WarehouseTab)
async def test_the_warehouse_cancels_what_it_cannot_send(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, order("laptop", 5), order("laptop", 25, OnShortage.WAIT))
    tab.books.poll()
    await until(lambda: tab.to_ship.model.rowCount() == 1)
    tab.to_ship.view.select(0)
    for _ in range(2):
        tab.to_ship.act_buttons["cancel"].click()
    await until(lambda: tab.done.words.text() == "1 order cancelled; 1 waiting order served")
    await until(lambda: tab.waiting.model.rowCount() == 0)


@on_page(WarehouseTab)
async def test_a_pick_list_is_saved_as_pdf_and_its_texts_are_escaped(tab: WarehouseTab, tmp_path: Path) -> None:
    await seen(tab)
    await answer(tab.session.books.ask(lambda store: store.stock.import_catalogue([CatalogueRow("<b>x", 1, 9)])))
    await decide(tab, order("<b>x", 2), order("laptop", 3))
    tab.books.poll()
    await until(lambda: tab.to_ship.model.rowCount() == 2)
    orders = list(tab.to_ship.model.rows())
    assert "&nbsp;&lt;b&gt;x</td>" in page(orders, {})
    tab._save_pdf(orders, str(tmp_path / "list.pdf"))
    assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
    assert tab.done.words.text().startswith("Pick list of 2 orders")


@on_page(WarehouseTab)
async def test_many_orders_are_shipped_only_after_a_second_look(tab: WarehouseTab) -> None:
    await seen(tab)
    await decide(tab, *(order("usb_c_charger", 1) for _ in range(22)))
    tab.books.poll()
    pane = tab.to_ship
    tab.pages.setCurrentWidget(pane)
    await until(lambda: pane.model.rowCount() == 22)
    pane.all_button.click()
    pane.act_buttons["ship"].setFocus()
    pane.act_buttons["ship"].click()
    assert pane.act_buttons["ship"].text() == "Really ship 22"
    pane.view.select(0)
    assert pane.act_buttons["ship"].text() == "Ship", "it asked about others"
    pane.all_button.click()
    for _ in range(2):
        pane.act_buttons["ship"].click()
    await until(lambda: pane.model.rowCount() == 0)
    assert tab.done.words.text() == "22 orders shipped"
    assert not any(made.hasFocus() for made in pane.act_buttons.values())
