from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.client.tab import ClientTab
from desktop.role.worker import answer
from messaging.domain.notices import Notice
from messaging.domain.orders import OnShortage, OrderStatus, new_order
from messaging.domain.stock import DecidedLine, StockLevel
from messaging.history.records import OrderState
from tests.helpers.pages import on_page, until
from tests.helpers.stores import place_orders
from tests.unit.desktop.client.helpers import lines, loaded, refusal


@on_page(ClientTab)
async def test_an_order_placed_while_rabbitmq_is_away_is_shown_at_once_as_waiting_to_send(tab: ClientTab) -> None:
    await loaded(tab)
    tab.start()
    tab.add_to_basket("laptop", 2)
    tab.basket.choose(OnShortage.WAIT)
    tab.basket_pane.place_button.click()
    tab.basket_pane.place_button.click()  # a second click finds nothing to place
    assert lines(tab) == []
    await until(lambda: tab.orders.rowCount() == 1)
    placed = tab.orders.row(0)
    assert (placed.state, placed.total) == (OrderState.WAITING, 199998)
    assert placed.order.on_shortage is OnShortage.WAIT
    assert tab.orders_pane.view.rows.index(0, 4).data() == "Waiting to send"


@on_page(ClientTab)
async def test_an_outcome_changes_the_row_of_its_order_in_place(tab: ClientTab) -> None:
    await loaded(tab)
    tab.start()
    for name in ("laptop", "webcam"):
        tab.add_to_basket(name)
        tab.place()
    await until(lambda: tab.orders.rowCount() == 2)
    older = tab.orders.row(1)
    tab.orders_pane.view.select(1)
    order = older.order
    decided = (DecidedLine("laptop", 1, 0, 1),)
    refused = Notice(
        order.order_id,
        order.user_id,
        decided,
        order.created_at,
        OrderStatus.REJECTED,
        "laptop: 1 asked, 0 free",
        event_id="0193a000-0000-7000-8000-000000000001",
        seq=1,
        occurred_at=order.created_at,
    )
    await answer(tab.session.history.apply([refused], missed=False))
    await until(lambda: tab.orders.row(1).state is OrderState.REJECTED)
    assert [order.identity for order in tab.orders_pane.view.selected()] == [older.identity]
    assert tab.orders_pane.view.rows.index(1, 5).data() == "laptop: 1 asked, 0 free"
    await until(lambda: tab.orders_pane.details.steps_view.rows.rowCount() == 3)


@on_page(ClientTab)
async def test_the_open_order_follows_its_news_while_another_tab_is_shown(tab: ClientTab) -> None:
    await loaded(tab)
    tab.add_to_basket("laptop", 3)
    tab.place()
    await until(lambda: tab.orders.rowCount() == 1)
    tab.orders_pane.view.select(0)
    details = tab.orders_pane.details
    await until(lambda: details.steps_view.rows.rowCount() == 1)
    tab.hide()
    notice = refusal(tab.orders.row(0), DecidedLine("laptop", 3, 0, 3))
    await answer(tab.session.history.apply([notice], missed=False))
    await until(lambda: details.steps_view.rows.rowCount() > 1)
    assert details.order is not None
    assert details.order.state is OrderState.REJECTED


@on_page(ClientTab)
async def test_an_order_that_has_not_left_can_be_cancelled_and_put_into_the_basket_again(tab: ClientTab) -> None:
    await loaded(tab)
    tab.add_to_basket("laptop", 3)
    tab.place()
    await until(lambda: tab.orders.rowCount() == 1)
    tab.orders_pane.view.select(0)
    details = tab.orders_pane.details
    await until(details.isVisible)
    details.cancel_button.click()
    assert details.cancel_button.text() == "Really cancel?"
    assert tab.orders.row(0).state is OrderState.WAITING
    details.cancel_button.click()
    await until(lambda: tab.orders.row(0).state is OrderState.CANCELLED)
    await until(lambda: not details.cancel_button.isVisible())
    details.repeat_button.click()
    assert lines(tab) == [("laptop", 3)]


@on_page(ClientTab)
async def test_a_refused_order_offers_its_free_part_in_the_empty_basket_for_one_click(tab: ClientTab) -> None:
    await loaded(tab)
    tab.add_to_basket("laptop", 30)
    tab.place()
    await until(lambda: tab.orders.rowCount() == 1 and tab.orders.get(1) is not None)
    empty = tab.basket_pane.empty
    await until(lambda: empty.button.text() == "Repeat order 1")
    refused = refusal(tab.orders.row(0), DecidedLine("laptop", 30, 0, 5))
    await answer(tab.session.history.apply([refused], missed=False))
    await until(lambda: empty.button.text() == "Order the 25 that are free")
    tab._show_stock([([StockLevel("laptop", 99999, 25, reserved=5)], False)])  # stock has moved meanwhile
    await until(lambda: empty.button.text() == "Order the 20 that are free")
    empty.button.click()
    await until(lambda: tab.orders.rowCount() == 2 and tab.orders.get(2) is not None)
    offered = tab.orders.row(0)
    assert [(line.name, line.quantity) for line in offered.order.lines] == [("laptop", 20)]
    assert offered.total == 20 * 99999
    await until(tab.orders_pane.details.isVisible)  # it leads to the new order
    assert tab.orders_pane.view.current() == tab.orders.get(2)


@on_page(ClientTab)
async def test_the_details_of_a_refused_order_offer_its_free_part_too(tab: ClientTab) -> None:
    await loaded(tab)
    tab.repeat([("laptop", 30), ("webcam", 2)])
    tab.place()
    await until(lambda: tab.orders.rowCount() == 1 and tab.orders.get(1) is not None)
    refused = refusal(tab.orders.row(0), DecidedLine("laptop", 30, 0, 30), DecidedLine("webcam", 2))
    await answer(tab.session.history.apply([refused], missed=False))
    await until(lambda: tab.orders.row(0).state is OrderState.REJECTED)
    tab.orders_pane.view.select(0)
    offer = tab.orders_pane.details.available_button
    await until(offer.isVisible)
    offer.click()
    await until(lambda: tab.orders.rowCount() == 2 and tab.orders.get(2) is not None)
    assert [(line.name, line.quantity) for line in tab.orders.row(0).order.lines] == [("webcam", 2)]
    assert lines(tab) == []


@on_page(ClientTab)
async def test_orders_are_filtered_by_state_searched_and_sorted(tab: ClientTab) -> None:
    await loaded(tab)
    for name, quantity in (("laptop", 1), ("webcam", 9), ("office_chair", 2)):
        tab.add_to_basket(name, quantity)
        tab.place()
    await until(lambda: tab.orders.rowCount() == 3 and len(tab.orders.rows()) == 3)
    await answer(tab.started_worker().cancel(tab.orders.row(1).identity))
    pane = tab.orders_pane
    pane.state.setCurrentIndex(pane.state.findText("Cancelled"))
    await until(lambda: list(tab.orders.places) == [2])
    pane.state.setCurrentIndex(pane.state.findText("Open"))
    await until(lambda: list(tab.orders.places) == [3, 1])
    await answer(tab.started_worker().cancel(tab.orders.row(0).identity))
    await until(lambda: list(tab.orders.places) == [1])  # it does not belong here any more
    QTest.keyClicks(pane.search, "chair")
    await until(lambda: tab.orders.rowCount() == 0)
    pane.clear_filters()
    await until(lambda: list(tab.orders.places) == [3, 2, 1])
    tab.orders_pane.view.sortByColumn(3, Qt.SortOrder.AscendingOrder)  # 299.98, 449.91, 999.99
    await until(lambda: list(tab.orders.places) == [3, 2, 1])
    tab.orders_pane.view.sortByColumn(3, Qt.SortOrder.DescendingOrder)
    await until(lambda: list(tab.orders.places) == [1, 2, 3])


@on_page(ClientTab)
async def test_a_hundred_changed_orders_are_told_to_the_table_in_one_step(tab: ClientTab) -> None:
    await loaded(tab)
    orders = [("", new_order(tab.session.profile.user_id, [("laptop", 1)])) for _ in range(100)]
    await answer(tab.session.history.ask(lambda store: place_orders(store, orders)))
    await tab.my_orders.find()
    await until(lambda: len(tab.orders.rows()) == 100)
    old = tab.orders.rows()
    news = [structs.replace(order, state=OrderState.ACCEPTED, version=order.version + 1) for order in old]
    told: list[object] = []
    tab.orders.dataChanged.connect(lambda *_: told.append(1))
    tab.show_orders(news)
    assert len(told) == 1
    assert {order.state for order in tab.orders.rows()} == {OrderState.ACCEPTED}
    tab.show_orders(old)  # the answer to the click comes behind the news of what became of it
    assert {order.state for order in tab.orders.rows()} == {OrderState.ACCEPTED}


@on_page(ClientTab)
async def test_an_order_that_the_filters_hide_cannot_be_cancelled(tab: ClientTab) -> None:
    await loaded(tab)
    for name in ("laptop", "webcam"):
        tab.add_to_basket(name)
        tab.place()
    await until(lambda: tab.orders.rowCount() == 2 and len(tab.orders.rows()) == 2)
    pane = tab.orders_pane
    tab.orders_pane.view.select(0)
    await until(pane.details.isVisible)
    pane.search.setText("laptop")
    await until(lambda: list(tab.orders.places) == [1])
    assert not pane.details.isVisible()
    tab.orders_pane.view.select(0)
    await until(pane.details.isVisible)
    pane.search.setText("lap")  # it is still among them
    await until(lambda: pane.query().words != ())
    pane.state.setCurrentIndex(pane.state.findText("Cancelled"))
    await until(lambda: tab.orders.rowCount() == 0)
    assert not pane.details.isVisible()
