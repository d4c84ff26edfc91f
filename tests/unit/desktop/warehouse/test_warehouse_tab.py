from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.shared.texts import number
from desktop.shared.worker import answer
from desktop.warehouse.figures import Rate
from desktop.warehouse.pick_list import page
from desktop.warehouse.set_aside_details import dump, shown_bytes
from desktop.warehouse.tab import WarehouseTab
from messaging import wire
from messaging.orders import OnShortage, Order, OrderStatus, new_order
from messaging.topology import NEW_ORDERS_QUEUE
from messaging.warehouse.records import CatalogueRow, Incoming, Settled
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
            for _ in range(40):
                tab._show_settled([(settled[0], 0.01)] * 60)
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


def test_a_delivery_says_before_it_is_posted_who_would_get_what(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await settle(tab, order("laptop", 30, OnShortage.WAIT))
            tab.stock_view.select(0)
            tab.stock_pane.restock_button.click()
            form = tab.stock_pane.form
            await until(lambda: any("laptop complete" in text for text in form.takers.texts()))
            assert form.preview.text() == "Waiting orders served: 1. They get 30 of it, 5 stay free."
            form.units.setValue(4)
            await until(lambda: "No order waits for it" in form.preview.text())
            laptop = tab.stock.get("laptop")
            assert laptop is not None
            assert laptop.on_hand == 25

    run(qapp, main())


def test_a_posting_is_undone_by_a_counter_posting(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            tab.changes.restock("laptop", 7, "twice by mistake")
            await until(lambda: "came in" in tab.done.text())
            tab.done.undo_button.click()
            await until(lambda: (level := tab.stock.get("laptop")) is not None and level.on_hand == 25)
            await until(lambda: [row.on_hand for row in tab.ledger.model.rows()[:2]] == [-7, 7])
            tab.ledger.view.select(1)
            assert not tab.ledger.undo_button.isEnabled(), "it is undone already"

    run(qapp, main())


def test_the_ledger_of_one_product_alone(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await settle(tab, order("laptop", 1), order("webcam", 1))
            tab.look()
            await until(lambda: tab.ledger.model.rowCount() == 12)
            tab.stock_view.select(0)
            tab.ledger.only.click()
            await until(lambda: {row.name for row in tab.ledger.model.rows()} == {"laptop"})
            tab.ledger.only.click()
            await until(lambda: tab.ledger.model.rowCount() == 12)

    run(qapp, main())


def test_a_threshold_marks_a_product_as_low(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            tab.stock_view.select(0)
            tab.stock_pane.threshold_button.click()
            tab.stock_pane.form.units.setValue(25)
            tab.stock_pane.form.apply_button.click()
            await until(lambda: (level := tab.stock.get("laptop")) is not None and level.threshold == 25)
            assert tab.stock_view.rows.index(0, 3).data(Qt.ItemDataRole.DecorationRole) is not None
            assert tab.stock_pane.low_button.text() == "1 low"
            tab.stock_pane.low_button.click()
            assert tab.stock_view.rows.rowCount() == 1
            tab.stock_pane.low_button.click()
            assert tab.stock_view.rows.rowCount() == 10

    run(qapp, main())


def test_a_catalogue_is_imported_after_its_wrong_rows_were_named(qapp: QApplication, tmp_path: Path) -> None:
    file = tmp_path / "new.csv"
    file.write_text("name,price,stock\nlaptop,900.00,30\nfax,x,1\ncamera,10.00,5\n")

    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            card = tab.stock_pane.card
            tab.stock_pane.import_wanted.emit(file)
            await until(lambda: "2 products" in card.text())
            assert "row 3" in card.errors.toPlainText()
            assert tab.stock.get("camera") is None
            card.import_button.click()
            await until(lambda: "1 new, 1 changed, 0 as they were" in card.text())
            await until(lambda: tab.stock.get("camera") is not None)
            tab.stock_pane.export_wanted.emit(tmp_path / "out.csv")
            await until(lambda: "11 products written" in tab.done.text())
            assert "laptop,900.00,30" in (tmp_path / "out.csv").read_text()

    run(qapp, main())


def test_a_shipped_order_is_taken_back_after_a_second_click(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            (settled,) = await settle(tab, order("laptop", 5))
            assert settled.order is not None
            tab.changes.ship([settled.order.identity])
            await until(lambda: tab.shipped.model.rowCount() == 1)
            tab.pages.setCurrentWidget(tab.shipped)
            tab.shipped.all_button.click()
            tab.shipped.reason.setText("wrong colour")
            tab.shipped.act_button.click()
            assert tab.shipped.act_button.text() == "Really take back 1"
            tab.shipped.act_button.click()
            await until(lambda: (level := tab.stock.get("laptop")) is not None and level.on_hand == 25)
            await until(lambda: tab.ledger.model.row(0).reason == "wrong colour")
            assert tab.done.text() == "1 order taken back"

    run(qapp, main())


def test_the_warehouse_cancels_what_it_cannot_send(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await settle(tab, order("laptop", 5), order("laptop", 25, OnShortage.WAIT))
            tab.look()
            await until(lambda: tab.to_ship.model.rowCount() == 1)
            tab.to_ship.view.select(0)
            for _ in range(2):
                tab.to_ship.act_buttons["cancel"].click()
            await until(lambda: tab.done.text() == "1 order cancelled; 1 waiting order served")
            await until(lambda: tab.waiting.model.rowCount() == 0)

    run(qapp, main())


def test_a_pick_list_is_saved_as_pdf_and_its_texts_are_escaped(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await answer(tab.session.books.ask(lambda store: store.import_catalogue([CatalogueRow("<b>x", 1, 9)])))
            await settle(tab, order("<b>x", 2), order("laptop", 3))
            tab.look()
            await until(lambda: tab.to_ship.model.rowCount() == 2)
            orders = list(tab.to_ship.model.rows())
            assert "&nbsp;&lt;b&gt;x</td>" in page(orders, {})
            tab._save_pdf(orders, str(tmp_path / "list.pdf"))
            assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
            assert tab.done.text().startswith("Pick list of 2 orders")

    run(qapp, main())


def test_messages_are_dropped_and_brought_back(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            await settle(tab, b"one", b"two")
            tab.look()
            await until(lambda: tab.set_aside.model.rowCount() == 2)
            tab.set_aside.all_button.click()
            tab.set_aside.drop_button.click()
            await until(lambda: tab.set_aside.model.rowCount() == 0)
            assert tab.done.text() == "2 messages dropped"
            tab.set_aside.state.setCurrentIndex(2)
            await until(lambda: tab.set_aside.model.rowCount() == 2)
            tab.set_aside.state.setCurrentIndex(0)
            tab.done.undo_button.click()
            await until(lambda: tab.set_aside.model.rowCount() == 2)

    run(qapp, main())


def test_a_stopped_warehouse_sends_nothing_again_and_says_so(qapp: QApplication, tmp_path: Path) -> None:
    problems = Problems()

    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path, problems=problems) as tab:
            await seen(tab)
            await settle(tab, b"one")
            tab.look()
            await until(lambda: tab.set_aside.model.rowCount() == 1)
            tab.set_aside.view.select(0)
            tab.set_aside.send_button.click()
            await until(lambda: problems)
            assert tab.done.text() == "0 sent again"

    run(qapp, main())
    assert "start it" in str(problems[0])


def test_nothing_is_read_where_nothing_has_changed(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            read: list[object] = []
            await until(lambda: len(tab.books._mark) > 0 and tab.books._mark[0] != -1)
            tab.books.changed.connect(read.append)
            for _ in range(3):
                tab.look()
                await until(lambda: not tab.books._is_looking)
            assert read == []
            await answer(tab.session.books.ask(lambda store: store.restock("laptop", 1)))
            tab.look()
            await until(lambda: read)

    run(qapp, main())


def test_of_what_comes_too_fast_the_newest_is_shown_and_the_rest_counted(qapp: QApplication, tmp_path: Path) -> None:
    async def main() -> None:
        async with a_page(WarehouseTab, tmp_path) as tab:
            await seen(tab)
            (settled,) = await settle(tab, order("laptop", 1))
            tab._show_settled([(settled, n / 1000) for n in range(1300)])
            assert tab.feed.model.row(0).seconds == 1.299
            assert tab.feed.passed.text().startswith(f"{number(1240)} more")
            assert tab.strip.processed.text() == number(1301)

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
            tab.changes.adjust("laptop", -26, "stolen")
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
            assert tab.set_aside.details.raw.toPlainText().startswith('<img src="x">\\xff\\x00')

    run(qapp, main())


def test_bytes_that_are_no_text_are_written_as_numbers_and_long_ones_cut() -> None:
    assert shown_bytes(b"a\xffb\x1b[0m") == "a\\xffb\\x1b[0m"
    assert shown_bytes(b"x" * 70_000).endswith("4,464 bytes more")
    assert dump(b"<b>\xff\x00") == f"000000  3c 62 3e ff 00{' ' * 33}  <b>.."


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
