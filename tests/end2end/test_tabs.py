"""The three pages together over a real RabbitMQ: what one does, the others show."""

from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.client.tab import ClientTab
from desktop.notifications.tab import NotificationsTab
from desktop.role.session import Session
from desktop.role.worker import answer
from desktop.warehouse.tab import WarehouseTab
from messaging.contract.codec import encode
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import OnShortage, new_order
from messaging.history.records import OrderState
from messaging.runtime.profiles import Profile
from messaging.warehouse.records import Incoming
from tests.helpers.pages import a_session, profile, run, until


class Desk:
    """The three pages of one user."""

    def __init__(self, session: Session) -> None:
        self.client = ClientTab(session)
        self.warehouse = WarehouseTab(session)
        self.notifications = NotificationsTab(session)

    async def close(self) -> None:
        for tab in (self.client, self.warehouse, self.notifications):
            await tab.stop()
            tab.close()


async def a_desk(stack: AsyncExitStack, folder: Path, who: Profile, url: str) -> Desk:
    session = await stack.enter_async_context(a_session(folder, who, url))
    desk = Desk(session)
    stack.push_async_callback(desk.close)
    for tab in (desk.client, desk.warehouse, desk.notifications):
        tab.show()
    await until(lambda: desk.client.catalogue.rowCount() == 10)
    return desk


def state_of(desk: Desk, row: int = 0) -> OrderState | None:
    return desk.client.orders.row(row).state if desk.client.orders.rowCount() > row else None


def test_an_order_typed_in_is_reserved_told_and_shipped(qapp: QApplication, tmp_path: Path, broker_url: str) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await a_desk(stack, tmp_path, profile(), broker_url)
            client, warehouse, notifications = desk.client, desk.warehouse, desk.notifications
            client.start()
            notifications.start()
            warehouse.toolbar.start_button.click()
            await until(lambda: (laptop := client.catalogue.get("laptop")) is not None and laptop.free == 25)
            await until(lambda: notifications.toolbar.pill.text() == "Ready")
            QTest.keyClicks(client.catalogue_pane.search, "2 laptop")
            QTest.keyClick(client.catalogue_pane.search, Qt.Key.Key_Return)
            client.basket_pane.place_button.click()
            await until(lambda: state_of(desk) is OrderState.PROCESSED)
            await until(lambda: warehouse.feed.model.rowCount() == 1 and notifications.notices.rowCount() == 1)
            assert warehouse.feed.model.row(0).style.word == "Processed"
            assert not notifications.notices.row(0).missed
            await until(lambda: (laptop := client.catalogue.get("laptop")) is not None and laptop.free == 23)
            await until(lambda: warehouse.to_ship.model.rowCount() == 1)
            warehouse.to_ship.all_button.click()
            warehouse.to_ship.act_buttons["ship"].click()
            await until(lambda: state_of(desk) is OrderState.SHIPPED and notifications.notices.rowCount() == 2)

    run(qapp, main())


def test_an_order_that_waits_is_served_by_a_delivery_and_a_refused_one_says_why(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await a_desk(stack, tmp_path, profile(), broker_url)
            desk.client.start()
            desk.warehouse.start()
            desk.client.add_to_basket("office_chair", 16)
            desk.client.place()
            await until(lambda: state_of(desk) is OrderState.REJECTED)
            assert desk.client.orders.row(0).reason == "office_chair: 16 asked, 15 free"
            desk.client.add_to_basket("office_chair", 16)
            desk.client.basket.choose(OnShortage.WAIT)
            desk.client.place()
            await until(lambda: state_of(desk) is OrderState.BACKORDERED)
            await desk.warehouse.changes.restock("office_chair", 1, "delivery")
            await until(lambda: state_of(desk) is OrderState.PROCESSED)

    run(qapp, main())


def test_an_order_reaches_its_own_users_notices_and_not_anothers(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            alice = await a_desk(stack, tmp_path, profile("alice"), broker_url)
            bob = await a_desk(stack, tmp_path, profile("bob"), broker_url)
            for tab in (alice.client, alice.notifications, bob.client, bob.notifications, bob.warehouse):
                tab.start()
            alice.client.add_to_basket("webcam")
            alice.client.place()
            await until(lambda: alice.notifications.notices.rowCount() == 1)
            bob.client.add_to_basket("laptop")
            bob.client.place()
            await until(lambda: bob.notifications.notices.rowCount() == 1)
            assert [line.name for line in bob.notifications.notices.row(0).notice.lines] == ["laptop"]
            assert alice.notifications.notices.rowCount() == 1

    run(qapp, main())


def test_a_paused_warehouse_takes_nothing_until_it_goes_on(qapp: QApplication, tmp_path: Path, broker_url: str) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await a_desk(stack, tmp_path, profile(), broker_url)
            desk.client.start()
            desk.warehouse.start()
            await until(lambda: desk.warehouse.toolbar.pill.text() == "Ready")
            desk.warehouse.toolbar.pause_button.click()
            desk.client.add_to_basket("webcam")
            desk.client.place()
            await until(lambda: state_of(desk) is OrderState.ACCEPTED)
            assert desk.warehouse.feed.model.rowCount() == 0
            assert desk.warehouse.toolbar.pill.text() == "Paused"
            await until(lambda: desk.warehouse.toolbar.queue.value.text() == "1")
            desk.warehouse.toolbar.pause_button.click()
            await until(lambda: state_of(desk) is OrderState.PROCESSED)
            await until(lambda: desk.warehouse.toolbar.queue.value.text() == "0")
            desk.warehouse.toolbar.start_button.click()
            await until(lambda: desk.warehouse.toolbar.queue.value.text() == "\N{EN DASH}")

    run(qapp, main())


def test_a_paused_warehouse_takes_one_order_at_each_step(qapp: QApplication, tmp_path: Path, broker_url: str) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await a_desk(stack, tmp_path, profile(), broker_url)
            desk.client.start()
            desk.warehouse.start()
            await until(lambda: desk.warehouse.toolbar.pill.text() == "Ready")
            assert not desk.warehouse.toolbar.step_button.isEnabled()
            desk.warehouse.toolbar.pause_button.click()
            for placed in range(1, 3):
                desk.client.add_to_basket("webcam")
                desk.client.place()
                await until(lambda: desk.client.orders.rowCount() == placed)  # noqa: B023  # awaited here
                await until(lambda: state_of(desk) is OrderState.ACCEPTED)
            for stepped in range(1, 3):
                desk.warehouse.toolbar.step_button.click()
                await until(lambda: desk.warehouse.feed.model.rowCount() == stepped)  # noqa: B023
            desk.warehouse.toolbar.step_button.click()
            await until(lambda: desk.warehouse.done.words.text() == "No order waits in the queue: nothing to step to")

    run(qapp, main())


def test_a_message_that_was_refused_by_mistake_is_sent_again_and_taken(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    """As after an update: what could not be taken then is in order now."""

    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await a_desk(stack, tmp_path, profile(), broker_url)
            dead = Incoming(encode(new_order(str(uuid4()), [("webcam", 2)])), NEW_ORDERS_QUEUE.name)
            await answer(desk.warehouse.session.books.ask(lambda store: store.set_aside.collect([dead])))
            desk.warehouse.start()
            await until(lambda: desk.warehouse.set_aside.model.rowCount() == 1)
            await until(lambda: desk.warehouse.toolbar.pill.text() == "Ready")
            desk.warehouse.set_aside.all_button.click()
            desk.warehouse.set_aside.send_button.click()
            await until(lambda: desk.warehouse.done.words.text() == "1 sent again")
            await until(lambda: desk.warehouse.to_ship.model.rowCount() == 1)
            await until(lambda: desk.warehouse.set_aside.model.rowCount() == 0)

    run(qapp, main())


def test_a_failed_order_is_corrected_in_a_form_and_taken(qapp: QApplication, tmp_path: Path, broker_url: str) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await a_desk(stack, tmp_path, profile(), broker_url)
            body = encode(new_order(str(uuid4()), [("webcam", 2)])).replace(b'"quantity":2', b'"quantity":"two"')
            books = desk.warehouse.session.books
            await answer(books.ask(lambda store: store.decide([Incoming(body, NEW_ORDERS_QUEUE.name)])))
            desk.warehouse.start()
            await until(lambda: desk.warehouse.set_aside.model.rowCount() == 1)
            await until(lambda: desk.warehouse.toolbar.pill.text() == "Ready")
            desk.warehouse.set_aside.view.select(0)
            form = desk.warehouse.set_aside.details.form
            assert form.words.text() == "line 1, quantity: must be a whole number, but is text"
            assert not form.cell(0, 1).icon().isNull()
            form.cell(0, 1).setText("0")
            form.send_button.click()
            assert form.words.text() == "line 1, quantity: must be a whole number, at least 1"
            form.cell(0, 1).setText("2")
            form.send_button.setFocus()
            form.send_button.click()
            await until(lambda: desk.warehouse.to_ship.model.rowCount() == 1)
            await until(lambda: desk.warehouse.set_aside.model.rowCount() == 0)
            assert desk.warehouse.done.words.text().startswith("The corrected order was sent")
            assert not desk.warehouse.done.undo_button.isVisible(), "brought back it could be sent a second time"
            assert not desk.warehouse.done.undo_button.hasFocus()

    run(qapp, main())
