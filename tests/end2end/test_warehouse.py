"""A warehouse's day by mouse and keyboard, over a real RabbitMQ."""

import sys
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop.role.worker import answer
from desktop.warehouse.tab import WarehouseTab
from messaging.broker.delivery import Delivery
from messaging.contract.codec import encode
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import OnShortage, new_order
from messaging.errors import BooksRefused, StoreUnavailable
from messaging.history.records import OrderState
from messaging.ports import Phase
from messaging.warehouse.books import claim
from messaging.warehouse.pipeline import Pipeline
from messaging.warehouse.records import Incoming
from tests.end2end.test_tabs import Desk, a_desk, state_of
from tests.faults.test_databases import locked
from tests.helpers.pages import Problems, a_page, profile, run, until
from tests.helpers.services import Shop
from tests.helpers.user_input import choose_file, click, click_row, click_tab, press, take_up, write

CTRL = Qt.KeyboardModifier.ControlModifier


async def show_page(tab: WarehouseTab, number: int) -> None:
    bar = tab.pages.tabBar()
    await click_tab(bar, bar.tabRect(number).center())
    assert tab.pages.currentIndex() == number


async def place(desk: Desk, name: str, quantity: int, on_shortage: OnShortage = OnShortage.REJECT) -> None:
    desk.client.add_to_basket(name, quantity)
    desk.client.basket.choose(on_shortage)
    known = desk.client.orders.rowCount()
    desk.client.place()
    await until(lambda: desk.client.orders.rowCount() > known)


async def started(stack: AsyncExitStack, folder: Path, url: str) -> Desk:
    QApplication.setQuitOnLastWindowClosed(False)  # as the product does: else a dialog that closes ends the loop
    desk = await a_desk(stack, folder, profile(), url)
    desk.warehouse.resize(1280, 760)
    await take_up(desk.warehouse)
    desk.client.start()
    await click(desk.warehouse.toolbar.start_button)
    await until(lambda: desk.warehouse.toolbar.pill.text() == "Ready" and desk.warehouse.stock.rowCount() == 10)
    return desk


def test_a_bug_that_ends_the_warehouse_is_told_and_it_starts_again(
    qapp: QApplication, tmp_path: Path, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda _kind, error, _trace: told.append(error))
    whole = Pipeline._delivered

    def stumble(pipeline: Pipeline, delivery: Delivery) -> None:
        if not told:
            raise LookupError("a bug")
        whole(pipeline, delivery)

    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await started(stack, tmp_path, broker_url)
            monkeypatch.setattr(Pipeline, "_delivered", stumble)
            await press("F5", desk.warehouse)
            await until(lambda: not desk.warehouse.running)
            await press("F5", desk.warehouse)
            await place(desk, "webcam", 1)
            await until(lambda: bool(told))
            await until(lambda: desk.warehouse.toolbar.pill.text() == "Offline")
            assert desk.warehouse.running
            await until(lambda: desk.warehouse.toolbar.pill.text() == "Ready")
            await until(lambda: state_of(desk) is OrderState.PROCESSED)

    run(qapp, main())
    assert [str(error) for error in told] == ["a bug"]


def test_start_pause_and_step_by_keys(qapp: QApplication, tmp_path: Path, broker_url: str) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await started(stack, tmp_path, broker_url)
            warehouse = desk.warehouse
            await press("F6", warehouse)
            await until(lambda: warehouse.toolbar.pill.text() == "Paused")
            await place(desk, "webcam", 1)
            await place(desk, "webcam", 2)
            await until(lambda: warehouse.toolbar.queue.value.text() == "2")
            await press("F7", warehouse)
            await until(lambda: warehouse.feed.model.rowCount() == 1)
            await until(lambda: warehouse.toolbar.queue.value.text() == "1")
            await press("F6", warehouse)
            await until(lambda: warehouse.feed.model.rowCount() == 2)
            await press("F5", warehouse)
            await until(lambda: not warehouse.running)

    run(qapp, main())


def test_books_that_cannot_be_used_are_told_as_a_state_and_taken_up_again(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            problems = Problems()
            tab = await stack.enter_async_context(a_page(WarehouseTab, tmp_path, url=broker_url, problems=problems))
            phases: list[Phase] = []
            tab.link_changed.connect(lambda state: phases.append(state.phase))
            await click(tab.toolbar.start_button)
            await until(lambda: tab.toolbar.pill.text() == "Ready")
            with locked(tab.session.settings.folder.root / "warehouse.sqlite"):
                await until(lambda: phases[-1] is Phase.DATABASE_AWAY)
                assert tab.toolbar.pill.text() == "Database not reachable"
                assert "is locked" in tab.toolbar.pill.toolTip()
            await until(lambda: tab.toolbar.pill.text() == "Ready")
            assert phases[-1] is Phase.READY
            assert {type(problem) for problem in problems} <= {StoreUnavailable}

    run(qapp, main())


def test_a_delivery_is_looked_at_posted_undone_and_stands_in_the_ledger(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await started(stack, tmp_path, broker_url)
            warehouse, form = desk.warehouse, desk.warehouse.stock_pane.form
            await place(desk, "office_chair", 18, OnShortage.WAIT)
            await until(lambda: state_of(desk) is OrderState.BACKORDERED)
            await click(warehouse.stock_pane.search)
            await write("chair")
            await click_row(warehouse.stock_pane.view, 0)
            await click(warehouse.stock_pane.restock_button)
            await write("5")
            await until(lambda: form.preview.text() == "Waiting orders served: 1. They get 18 of it, 2 stay free.")
            await press("Tab")
            await write("delivery note 7")
            await press("Return")
            await until(lambda: state_of(desk) is OrderState.PROCESSED)
            await show_page(warehouse, 5)
            await until(lambda: [row.reason for row in warehouse.ledger.model.rows()][1] == "delivery note 7")
            await click_row(warehouse.stock_pane.view, 0)
            await click(warehouse.ledger.only)
            await until(lambda: {row.name for row in warehouse.ledger.model.rows()} == {"office_chair"})
            await click(warehouse.stock_pane.adjust_button)
            await write("3")
            await press("Tab")
            await write("found")
            await press("Return")
            await until(warehouse.done.undo_button.isVisible)
            await press("Ctrl+Z", warehouse.stock_pane.search)  # where the cursor is
            await until(lambda: [row.on_hand for row in warehouse.ledger.model.rows()][:2] == [-3, 3])

    run(qapp, main())


def test_orders_are_picked_shipped_in_bulk_and_taken_back(qapp: QApplication, tmp_path: Path, broker_url: str) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await started(stack, tmp_path, broker_url)
            warehouse, to_ship = desk.warehouse, desk.warehouse.to_ship
            for name in ("webcam", "laptop", "smartphone"):
                await place(desk, name, 1)
            await until(lambda: to_ship.model.rowCount() == 3)
            await show_page(warehouse, 1)
            await click_row(to_ship.view, 0)
            await click_row(to_ship.view, 1, CTRL)
            print_it, save_it = to_ship.pick_button.menu().actions()
            assert print_it.isEnabled()
            save_it.trigger()
            await choose_file(warehouse, str(tmp_path / "list.pdf"))
            await until(lambda: warehouse.done.words.text().startswith("Pick list of 2 orders"))
            assert (tmp_path / "list.pdf").read_bytes().startswith(b"%PDF")
            await take_up(warehouse)
            await press("Ctrl+Return", to_ship.view)
            await until(lambda: to_ship.model.rowCount() == 1 and warehouse.done.words.text() == "2 orders shipped")
            await show_page(warehouse, 3)
            await until(lambda: warehouse.shipped.model.rowCount() == 2)
            await click_row(warehouse.shipped.view, 0)
            await click(warehouse.shipped.reason)
            await write("wrong colour")
            await click(warehouse.shipped.act_buttons["take back"])
            await click(warehouse.shipped.act_buttons["take back"])
            await until(lambda: OrderState.RETURNED in [row.state for row in desk.client.orders.rows()])

    run(qapp, main())


def test_what_was_set_aside_is_read_dropped_brought_back_and_sent_again(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await started(stack, tmp_path, broker_url)
            warehouse, pane = desk.warehouse, desk.warehouse.set_aside
            good = [encode(new_order(str(uuid4()), [("webcam", units)])) for units in (1, 2, 3)]
            dead = [Incoming(body, NEW_ORDERS_QUEUE.name, {"x-note": "kept"}) for body in (*good, b"no order")]
            await answer(warehouse.session.books.ask(lambda store: store.set_aside.collect(dead)))
            await show_page(warehouse, 4)
            await until(lambda: pane.model.rowCount() == 4)
            row = next(n for n in range(4) if pane.view.rows.index(n, 4).data() == "8")
            await click_row(pane.view, row)
            assert pane.details.raw.toPlainText() == "no order"
            assert "6e 6f 20 6f" in pane.details.hex.toPlainText()
            assert '"x-note": "kept"' in pane.details.around.toPlainText()
            assert not pane.details.form.send_button.isEnabled()
            await press("Ctrl+D", pane.view)
            await until(lambda: pane.model.rowCount() == 3)
            await until(pane.drop_button.isEnabled)  # for the next one, which is shown
            await click(warehouse.done.undo_button)
            await until(lambda: pane.model.rowCount() == 4)
            await click_row(pane.view, next(n for n in range(4) if pane.view.rows.index(n, 4).data() == "8"))
            await click(pane.drop_button)
            await until(lambda: pane.model.rowCount() == 3)
            await click(pane.all_button)
            await press("Ctrl+G", pane.view)
            await until(lambda: warehouse.done.words.text() == "3 sent again")
            await until(lambda: warehouse.to_ship.model.rowCount() == 3)
            await until(lambda: pane.model.rowCount() == 0)

    run(qapp, main())


def test_a_shop_makes_a_product_and_withdraws_what_it_does_not_sell(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await started(stack, tmp_path, broker_url)
            warehouse, pane, client = desk.warehouse, desk.warehouse.stock_pane, desk.client
            await click(pane.search)
            await write("chair")
            await press("Ctrl+N", warehouse)
            await write("oat milk")
            await press("Tab")
            await write("two")
            await press("Return")
            assert pane.product_form.wrong.text()
            await write("2.19")
            for _ in range(2):
                await press("Tab")
            await write("24")
            await press("Tab")
            await write("delivery note 7")
            await press("Return")
            await until(lambda: (milk := client.catalogue.get("oat milk")) is not None and milk.free == 24)
            assert pane.search.hasFocus()
            await until(
                lambda: warehouse.stock_pane.view.rows.index(0, 0).data() == "oat milk"
            )  # whatever was searched
            await write("laptop")
            await press("Ctrl+T", warehouse)
            await until(lambda: client.catalogue.get("laptop") is None)
            await press("Ctrl+Z", pane.search)  # not what was typed there
            await until(lambda: client.catalogue.get("laptop") is not None)
            await until(lambda: warehouse.stock_pane.view.rows.rowCount() == 1)
            await press("Down", pane.search)
            await press("Ctrl+T", warehouse)
            await until(lambda: client.catalogue.get("laptop") is None)
            client.basket.add("laptop", 1)  # as it stood there before
            assert client.basket_pane.view.rows.index(0, 0).data() == "laptop, not offered"
            client.place()
            await until(lambda: state_of(desk) is OrderState.REJECTED)
            assert client.orders.row(0).reason == "laptop: no longer offered"
            assert client.basket_pane.empty.button.isHidden()
            await click(pane.search)
            await press("Escape")
            pane.withdrawn_action.trigger()
            await click_row(warehouse.stock_pane.view, 0)
            await click(pane.edit_button)
            await write("899.00")
            await click(pane.product_form.save_button)
            await until(lambda: "899.00" in warehouse.done.words.text())
            await press("Ctrl+T", warehouse)
            await until(lambda: (laptop := client.catalogue.get("laptop")) is not None and laptop.price == 89900)
            await until(
                lambda: not pane.withdrawn_button.isVisible() and warehouse.stock_pane.view.rows.rowCount() == 11
            )
            await click(warehouse.done.undo_button)
            await until(lambda: client.catalogue.get("laptop") is None)

    run(qapp, main())


def test_a_catalogue_goes_out_and_comes_in_by_the_files_menu(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await started(stack, tmp_path, broker_url)
            pane, path = desk.warehouse.stock_pane, tmp_path / "catalogue.csv"
            take_in, give_out = pane.menu_button.menu().actions()[-2:]
            give_out.trigger()
            await choose_file(pane, str(path))
            await until(lambda: "10 products written" in desk.warehouse.done.words.text())
            path.write_text(path.read_text() + "camera,12.50,7\nfax,x,1\n")
            take_in.trigger()
            await choose_file(pane, str(path))
            await until(pane.card.isVisible)
            assert "1 rows are left out" in pane.card.words.text()
            await take_up(desk.warehouse)
            await until(pane.card.import_button.hasFocus)
            await press("Space")
            await until(lambda: (camera := desk.client.catalogue.get("camera")) is not None and camera.free == 7)

    run(qapp, main())


def test_who_serves_unopposed_takes_over_from_the_menu(qapp: QApplication, tmp_path: Path, broker_url: str) -> None:
    """Clients may follow other books all the same."""

    async def main() -> None:
        async with AsyncExitStack() as stack:
            tab = await stack.enter_async_context(a_page(WarehouseTab, tmp_path, url=broker_url))
            button, action = tab.toolbar.take_over_button, tab.toolbar.take_over_action
            assert not action.isEnabled()
            await click(tab.toolbar.start_button)
            await until(lambda: tab.toolbar.pill.text() == "Ready")
            assert button.isHidden()
            for words in ("RabbitMQ is served with these books now", "Clients are told to follow these books already"):
                action.trigger()
                assert button.text() == "Serve these books instead?"
                assert button.isVisible()
                button.click()
                await until(lambda words=words: tab.done.words.text() == words)  # type: ignore[misc]
                assert button.isHidden()
            action.trigger()
            tab.toolbar._take_over.ask_anew()  # as after its time
            assert button.isHidden()

    run(qapp, main())
    assert Shop(tmp_path, broker_url).look(lambda store: store.identity()).replaces.startswith("at:")


def test_other_books_are_told_and_two_clicks_take_over(
    qapp: QApplication, tmp_path: Path, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(claim, "SELDOM", 0.2)
    monkeypatch.setattr(claim, "POLL", 0.1)
    others = Shop(tmp_path / "others", broker_url)

    async def main() -> None:
        async with AsyncExitStack() as stack:
            problems = Problems()
            tab = await stack.enter_async_context(a_page(WarehouseTab, tmp_path, url=broker_url, problems=problems))
            button = tab.toolbar.take_over_button
            assert button.isHidden()
            await click(tab.toolbar.start_button)
            await until(lambda: tab.toolbar.pill.text() == "Other books")
            assert "is served with other books (made " in tab.toolbar.pill.toolTip()
            assert [type(problem) for problem in problems] == [BooksRefused]
            await click(button)
            assert button.text() == "Serve these books instead?"
            assert tab.toolbar.pill.text() == "Other books"
            button.click()
            await until(lambda: tab.toolbar.pill.text() == "Ready")
            assert button.isHidden()
            theirs.until(lambda t: t.states[-1].phase is Phase.OTHER_BOOKS)

    with others.warehouse() as (_, theirs):
        theirs.until(lambda t: t.is_ready)
        run(qapp, main())
