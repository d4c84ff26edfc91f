from pathlib import Path

from msgspec import structs
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.client.import_dialog import ImportDialog
from desktop.client.tab import ClientTab
from desktop.shared.tables import Table
from desktop.shared.worker import answer
from messaging.history.records import OrderState, PlacedOrder
from messaging.notices import Notice
from messaging.orders import OnShortage, OrderStatus, new_order, new_order_id
from messaging.stock import SettledLine, StockLevel
from tests.helpers.pages import Problems, a_page, profile, run, until


def lines(tab: ClientTab) -> list[tuple[str, int]]:
    return list(tab.basket.lines())


async def loaded(tab: ClientTab) -> None:
    await until(lambda: tab.catalogue.rowCount() == 10)


def type_in(tab: ClientTab, text: str) -> None:
    tab.focus_first()
    QTest.keyClicks(tab.search, text)
    QTest.keyClick(tab.search, Qt.Key.Key_Return)


def test_before_any_warehouse_has_spoken_the_seeds_catalogue_is_there_with_unknown_stock(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            laptop = tab.catalogue.get("laptop")
            assert laptop is not None
            assert (laptop.price, laptop.free) == (99999, None)

    run(qapp, main())


def test_enter_in_the_search_adds_the_first_match_and_the_same_product_again_is_one_line(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            type_in(tab, "lap")
            type_in(tab, "laptop")
            type_in(tab, "12 usb c")
            assert lines(tab) == [("laptop", 2), ("usb_c_charger", 12)]
            assert tab.basket.total(tab.catalogue.prices()) == 2 * 99999 + 12 * 2499

    run(qapp, main())


def test_a_search_without_a_match_adds_nothing(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            type_in(tab, "spaceship")
            assert lines(tab) == []
            assert not tab.place_button.isEnabled()

    run(qapp, main())


def test_the_best_hit_stands_first_and_a_slip_of_the_keys_is_forgiven(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            view = tab.catalogue_view

            def found() -> list[str]:
                return [view.rows.index(row, 0).data() for row in range(view.rows.rowCount())]

            tab.search.setText("m")
            assert found()[:2] == ["mechanical_keyboard", "monitor_27_inch"]  # then those that only hold an m
            assert "smartphone" in found()[2:]
            view.sort_by(1, Qt.SortOrder.DescendingOrder)  # a title that was clicked sorts instead
            assert found()[0] == "smartphone"
            view.sort_by(-1)
            tab.search.setText("labtop")
            assert found() == ["laptop"]
            tab.search.clear()
            assert found()[0] == "bluetooth_headphones"

    run(qapp, main())


def test_after_enter_plus_and_minus_mean_the_line_that_was_just_added(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            type_in(tab, "webcam")
            type_in(tab, "lapt")
            QTest.keyClicks(tab.search, "++-")
            assert lines(tab) == [("webcam", 1), ("laptop", 2)]
            assert tab.search.text() == "lapt"
            QTest.keyClicks(tab.search, "usb-c")  # within a word they are signs
            assert tab.search.text() == "usb-c"
            assert lines(tab) == [("webcam", 1), ("laptop", 2)]

    run(qapp, main())


def test_plus_and_minus_change_a_line_and_the_last_unit_takes_it_out(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.add_to_basket("webcam")
            tab.basket_view.select(0)
            QTest.keyClick(tab.basket_view, Qt.Key.Key_Plus)
            assert lines(tab) == [("webcam", 2)]
            QTest.keyClick(tab.basket_view, Qt.Key.Key_Minus)
            QTest.keyClick(tab.basket_view, Qt.Key.Key_Minus)
            assert lines(tab) == []

    run(qapp, main())


def test_the_cells_with_plus_and_minus_are_buttons(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.add_to_basket("webcam", 2)
            await until(lambda: tab.basket_view.rows.rowCount() == 1)
            click(tab.basket_view, 3)
            click(tab.basket_view, 3)
            click(tab.basket_view, 1)
            assert lines(tab) == [("webcam", 3)]
            click(tab.basket_view, 5)
            assert lines(tab) == []
            click(tab.catalogue_view, 3)
            assert lines(tab) == [("bluetooth_headphones", 1)]

    run(qapp, main())


def click(view: Table, column: int) -> None:
    where = view.visualRect(view.rows.index(0, column)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_an_order_placed_while_rabbitmq_is_away_is_shown_at_once_as_waiting_to_send(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.start()
            tab.add_to_basket("laptop", 2)
            tab.basket.choose(OnShortage.WAIT)
            tab.place_button.click()
            tab.place_button.click()  # a second click finds nothing to place
            assert lines(tab) == []
            await until(lambda: tab.orders.rowCount() == 1)
            placed = tab.orders.row(0)
            assert (placed.state, placed.total) == (OrderState.WAITING, 199998)
            assert placed.order.on_shortage is OnShortage.WAIT
            assert tab.orders_view.rows.index(0, 4).data() == "Waiting to send"

    run(qapp, main())


def test_an_outcome_changes_the_row_of_its_order_in_place(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.start()
            for name in ("laptop", "webcam"):
                tab.add_to_basket(name)
                tab.place()
            await until(lambda: tab.orders.rowCount() == 2)
            older = tab.orders.row(1)
            tab.orders_view.select(1)
            order = older.order
            settled = (SettledLine("laptop", 1, 0, 1),)
            refused = Notice(
                order.order_id,
                order.user_id,
                settled,
                order.created_at,
                OrderStatus.REJECTED,
                "laptop: 1 asked, 0 free",
                event_id="0193a000-0000-7000-8000-000000000001",
                seq=1,
                occurred_at=order.created_at,
            )
            await answer(tab.session.history.apply([refused], missed=False))
            await until(lambda: tab.orders.row(1).state is OrderState.REJECTED)
            assert tab.orders_view.current_row().identity == older.identity
            assert tab.orders_view.rows.index(1, 5).data() == "laptop: 1 asked, 0 free"
            await until(lambda: tab.orders_pane.details.steps_view.rows.rowCount() == 3)

    run(qapp, main())


def test_an_order_that_has_not_left_can_be_cancelled_and_put_into_the_basket_again(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.add_to_basket("laptop", 3)
            tab.place()
            await until(lambda: tab.orders.rowCount() == 1)
            tab.orders_view.select(0)
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

    run(qapp, main())


def refusal(order: PlacedOrder, *lines: SettledLine) -> Notice:
    told = order.order
    reason = f"{lines[0].name}: {lines[0].quantity} asked, {lines[0].quantity - lines[0].missing} free"
    identity = (told.order_id, told.user_id, lines, told.created_at, OrderStatus.REJECTED, reason)
    return Notice(*identity, event_id=str(new_order_id()), seq=order.number, occurred_at=told.created_at)


def test_a_refused_order_offers_its_free_part_in_the_empty_basket_for_one_click(
    qapp: QApplication, tmp_path: Path
) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.add_to_basket("laptop", 30)
            tab.place()
            await until(lambda: tab.orders.rowCount() == 1 and tab.orders.get(1) is not None)
            empty = tab.basket_pane.empty
            await until(lambda: empty.button.text() == "Repeat order 1")
            refused = refusal(tab.orders.row(0), SettledLine("laptop", 30, 0, 5))
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
            assert tab.orders_view.current_row().number == 2

    run(qapp, main())


def test_the_details_of_a_refused_order_offer_its_free_part_too(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.repeat([("laptop", 30), ("webcam", 2)])
            tab.place()
            await until(lambda: tab.orders.rowCount() == 1 and tab.orders.get(1) is not None)
            refused = refusal(tab.orders.row(0), SettledLine("laptop", 30, 0, 30), SettledLine("webcam", 2))
            await answer(tab.session.history.apply([refused], missed=False))
            await until(lambda: tab.orders.row(0).state is OrderState.REJECTED)
            tab.orders_view.select(0)
            offer = tab.orders_pane.details.available_button
            await until(offer.isVisible)
            offer.click()
            await until(lambda: tab.orders.rowCount() == 2 and tab.orders.get(2) is not None)
            assert [(line.name, line.quantity) for line in tab.orders.row(0).order.lines] == [("webcam", 2)]
            assert lines(tab) == []

    run(qapp, main())


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


def test_live_stock_moves_the_bar_and_warns_in_the_basket(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.add_to_basket("laptop", 5)
            tab._show_stock([([StockLevel("laptop", 99999, 25, reserved=22)], False)])
            laptop = tab.catalogue.get("laptop")
            assert laptop is not None
            assert (laptop.free, laptop.is_low, round(laptop.share, 2)) == (3, True, 0.12)
            await until(lambda: tab.basket_view.rows.index(0, 0).data(Qt.ItemDataRole.DecorationRole) is not None)
            assert tab.catalogue.rowCount() == 10

    run(qapp, main())


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


def test_three_lines_are_ordered_by_keyboard_alone(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.activateWindow()
            for text in ("2 laptop", "webcam", "3 usb"):
                type_in(tab, text)
            QTest.keyClick(tab.search, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
            await until(lambda: tab.orders.rowCount() == 1 and tab.orders.get(1) is not None)
            assert [(line.name, line.quantity) for line in tab.orders.row(0).order.lines] == [
                ("laptop", 2),
                ("webcam", 1),
                ("usb_c_charger", 3),
            ]

    run(qapp, main())


def test_a_scanned_code_adds_wherever_the_cursor_stands(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.activateWindow()
            for where in (tab.orders_pane.search, tab.catalogue_view, tab.basket_view, tab.search):
                where.setFocus()
                QTest.keyClicks(where, "WEBCAM")
                QTest.keyClick(QApplication.focusWidget() or where, Qt.Key.Key_Return)
            assert lines(tab) == [("webcam", 4)]
            assert (tab.orders_pane.search.text(), tab.search.text()) == ("", "")

    run(qapp, main())


def test_a_quantity_typed_before_the_code_is_scanned_with_it(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            tab.activateWindow()
            tab.focus_first()
            QTest.keyClicks(tab.search, "12 ")
            tab.scanner._last = 0.0  # who typed it takes the reader into the hand
            QTest.keyClicks(tab.search, "webcam")
            QTest.keyClick(tab.search, Qt.Key.Key_Return)
            assert lines(tab) == [("webcam", 12)]
            assert tab.search.text() == ""

    run(qapp, main())


def test_a_product_dragged_to_the_basket_is_one_more(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            rows = tab.catalogue_view.rows
            data = rows.mimeData([rows.index(0, column) for column in (0, 1)])
            pane, centre = tab.basket_pane, QPointF(tab.basket_pane.rect().center())
            event = QDropEvent(
                centre, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
            )
            pane.dropEvent(event)
            assert lines(tab) == [("bluetooth_headphones", 1)]

    run(qapp, main())


def test_orders_are_filtered_by_state_searched_and_sorted(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
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
            tab.orders_view.sort_by(3)  # 299.98, 449.91, 999.99
            await until(lambda: list(tab.orders.places) == [3, 2, 1])
            tab.orders_view.sort_by(3, Qt.SortOrder.DescendingOrder)
            await until(lambda: list(tab.orders.places) == [1, 2, 3])

    run(qapp, main())


def test_an_import_is_seen_first_and_the_same_file_again_adds_nothing(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order,name,quantity\nA,laptop,1\nB,webcam,2\nB,laptop,1\nC,webcam,none\n", encoding="utf-8")

    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            dialogs: list[ImportDialog] = []
            tab.importing.opened.connect(dialogs.append)
            await tab.importing.show(path)
            first = dialogs.pop()
            assert tab.orders.rowCount() == 0
            assert [(row.label, row.total) for row in first.orders.rows()] == [("A", 99999), ("B", 2 * 4999 + 99999)]
            assert [(row.line, row.field) for row in first.errors.rows()] == [(5, "quantity")]
            first.place_button.click()
            await until(lambda: first.words.text() == "2 orders are placed.")
            await until(lambda: tab.orders.rowCount() == 2)
            first.close_button.click()
            await tab.importing.show(path)
            again = dialogs.pop()
            assert not again.place_button.isEnabled()
            assert all(row.is_known for row in again.orders.rows())
            again.close_button.click()

    run(qapp, main())


def test_an_import_can_be_stopped_between_two_portions(qapp: QApplication, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("order,name,quantity\n" + "".join(f"N{n},laptop,1\n" for n in range(1000)), encoding="utf-8")

    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            dialogs: list[ImportDialog] = []
            tab.importing.opened.connect(dialogs.append)
            await tab.importing.show(path)
            dialog = dialogs.pop()
            dialog.place_button.click()
            await until(lambda: tab.orders.rowCount() > 0)
            dialog.close_button.click()
            await until(lambda: "Stopped" in dialog.words.text())
            placed = tab.orders.rowCount()
            assert 0 < placed < 1000
            dialog.close_button.click()

    run(qapp, main())


def test_a_hundred_changed_orders_are_told_to_the_table_in_one_step(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(ClientTab, tmp_path) as tab:
            await loaded(tab)
            orders = [("", new_order(tab.session.profile.user_id, [("laptop", 1)])) for _ in range(100)]
            await answer(tab.session.history.ask(lambda store: store.place(orders)))
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

    run(qapp, main())
