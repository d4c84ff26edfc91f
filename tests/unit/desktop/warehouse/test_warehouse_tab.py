from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.shared.worker import answer
from desktop.warehouse.set_aside_pane import shown_bytes
from desktop.warehouse.strip import Rate
from desktop.warehouse.tab import WarehouseTab
from messaging import wire
from messaging.orders import OnShortage, Order, OrderStatus, new_order
from messaging.topology import NEW_ORDERS_QUEUE
from messaging.warehouse.records import Incoming, Settled
from tests.helpers.pages import Problems, a_page, profile, run, until

USER = profile().user_id


async def seen(tab: WarehouseTab) -> None:
    await until(lambda: tab.stock.rowCount() == 10)


async def settle(tab: WarehouseTab, *orders: Order | bytes) -> list[Settled]:
    """As the pipeline would, without a broker."""
    bodies = [wire.encode(order) if isinstance(order, Order) else order for order in orders]
    batch = [Incoming(body, NEW_ORDERS_QUEUE.name) for body in bodies]
    settled = await answer(tab.session.books.ask(lambda store: store.settle(batch)))
    tab._show_settled([(one, 0.012) for one in settled])
    return settled


def order(name: str, quantity: int, on_shortage: OnShortage = OnShortage.REJECT) -> Order:
    return new_order(USER, [(name, quantity)], on_shortage)


def test_a_stopped_warehouse_shows_what_its_books_hold(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            assert tab.stock_view.rows.index(0, 0).data() == "laptop"
            assert tab.stock_view.rows.index(0, 3).data() == "25"
            assert tab.feed.empty.button.isVisible()
            assert tab.start_button.text() == "Start"

    run(qapp, main())


def test_orders_appear_as_they_come_with_outcome_and_reason_newest_on_top(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await settle(tab, order("laptop", 2), order("laptop", 99), b"<b>no</b>")
            rows = [[tab.feed_view.rows.index(n, c).data() for c in (3, 4, 5)] for n in range(3)]
            assert rows[2][:2] == ["2 \N{MULTIPLICATION SIGN} laptop", "Processed"]
            assert rows[1] == ["99 \N{MULTIPLICATION SIGN} laptop", "Refused", "laptop: 99 asked, 23 free"]
            assert rows[0][1] == "Set aside"
            assert (tab.strip.processed.text(), tab.strip.refused.text()) == ("1", "2")

    run(qapp, main())


def test_the_feed_is_bounded_and_holds_still_for_a_reader(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            settled = await settle(tab, order("laptop", 1))
            tab._show_settled([(settled[0], 0.01)] * 3000)
            assert tab.feed.model.rowCount() == 2000
            bar = tab.feed_view.verticalScrollBar()
            await until(lambda: bar.maximum() > 0)
            bar.setValue(bar.maximum() // 2)
            top = tab.feed.model.row(0)
            tab._show_settled([(settled[0], 0.01)] * 7)
            assert tab.feed.model.row(0) == top
            assert tab.feed.more_button.text() == "7 new"
            tab.feed.more_button.click()
            assert tab.feed.model.row(6).number == top.number + 1
            assert not tab.feed.more_button.isVisible()

    run(qapp, main())


def test_many_processed_orders_are_shipped_at_once(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            settled = await settle(tab, order("laptop", 2), order("webcam", 1), order("webcam", 99))
            tab.look()
            tab.pages.setCurrentWidget(tab.to_ship)
            await until(lambda: tab.to_ship.model.rowCount() == 2)
            assert tab.pages.tabText(1) == "To ship (2)"
            tab.to_ship.all_button.click()
            tab.to_ship.act_button.click()
            await until(lambda: tab.to_ship.model.rowCount() == 0)
            first = settled[0].order
            assert first is not None
            kept = await answer(tab.session.books.ask(lambda store: store.order(first.identity)))
            assert kept is not None
            assert kept.status is OrderStatus.SHIPPED

    run(qapp, main())


def test_a_delivery_serves_the_order_that_waits_for_it(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await settle(tab, order("laptop", 30, OnShortage.WAIT))
            tab.look()
            await until(lambda: tab.waiting.model.rowCount() == 1)
            assert tab.strip.waiting.text() == "1"
            tab.stock_view.select(0)
            tab.stock_pane.restock_button.click()
            tab.stock_pane.form.units.setValue(5)
            QTest.keyClick(tab.stock_pane.form.reason, Qt.Key.Key_Return)
            await until(lambda: tab.to_ship.model.rowCount() == 1 and tab.waiting.model.rowCount() == 0)
            laptop = tab.stock.get("laptop")
            assert laptop is not None
            assert (laptop.on_hand, laptop.reserved, laptop.free) == (30, 30, 0)
            assert tab.stock_view.rows.index(0, 3).data(Qt.ItemDataRole.DecorationRole) is not None

    run(qapp, main())


def test_an_adjustment_needs_its_reason(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            tab.stock_view.select(0)
            tab.stock_pane.adjust_button.click()
            form = tab.stock_pane.form
            form.units.setValue(-3)
            assert not form.apply_button.isEnabled()
            form.reason.setText("three are broken")
            form.apply_button.click()
            await until(lambda: (level := tab.stock.get("laptop")) is not None and level.on_hand == 22)
            await until(lambda: tab.ledger.view.rows.index(0, 5).data() == "three are broken")

    run(qapp, main())


def test_what_cannot_be_done_is_a_problem_in_words(qapp: QApplication, tmp_path: Path) -> None:
    problems = Problems()

    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path, problems=problems) as tab:
            await seen(tab)
            tab._adjust("laptop", -26, "stolen")
            await until(lambda: problems)

    run(qapp, main())
    assert "laptop" in str(problems[0])


def test_what_was_set_aside_is_shown_byte_for_byte_as_plain_text(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await settle(tab, b'<img src="x">\xff\x00')
            tab.look()
            await until(lambda: tab.set_aside.model.rowCount() == 1)
            tab.pages.setCurrentWidget(tab.set_aside)
            tab.set_aside.view.select(0)
            assert tab.set_aside.raw.toPlainText().startswith('<img src="x">\\xff\\x00')

    run(qapp, main())


def test_bytes_that_are_no_text_are_written_as_numbers_and_long_ones_cut() -> None:
    assert shown_bytes(b"a\xffb\x1b[0m") == "a\\xffb\\x1b[0m"
    assert shown_bytes(b"x" * 70_000).endswith("4,464 bytes more")


def test_the_warehouse_starts_and_stops_without_rabbitmq(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            tab.start_button.click()
            assert tab.running
            assert tab.start_button.text() == "Stop"
            await until(lambda: "Starting" in tab.strip.pill.text())
            tab.start_button.click()
            await until(lambda: not tab.running and tab.start_button.text() == "Start")

    run(qapp, main())


def test_the_rate_forgets_what_is_long_ago() -> None:
    rate = Rate()
    rate.add(50, at=0.0)
    rate.add(10, at=4.0)
    assert rate.per_second(now=4.5) == 12.0
    assert rate.per_second(now=6.0) == 2.0
