"""What a person does on the page of notifications, by mouse and keyboard, over a real RabbitMQ."""

import csv
import json
from contextlib import AsyncExitStack
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.notifications.notices_model import ORDER, USER
from desktop.notifications.tab import NotificationsTab
from messaging.domain.orders import OrderStatus
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings
from tests.end2end.test_client_paths import clicked, title_clicked
from tests.end2end.test_tabs import Desk, a_desk
from tests.helpers.pages import exported, pressed, profile, run, until


async def listening(stack: AsyncExitStack, folder: Path, url: str) -> Desk:
    """Client, warehouse and listener of one user at work, the listener's window in front."""
    QApplication.setQuitOnLastWindowClosed(False)  # as the product does
    desk = await a_desk(stack, folder, profile(), url)
    for tab in (desk.client, desk.warehouse, desk.notifications):
        tab.start()
    await until(lambda: (laptop := desk.client.catalogue.get("laptop")) is not None and laptop.free == 25)
    await until(lambda: desk.notifications.toolbar.pill.text() == "Ready")
    desk.notifications.activateWindow()
    await until(desk.notifications.isActiveWindow)
    return desk


def placed(desk: Desk, name: str, quantity: int = 1) -> None:
    desk.client.add_to_basket(name, quantity)
    desk.client.place()


def rows(tab: NotificationsTab) -> list[OrderStatus]:
    return [kept.notice.status for kept in tab.notices.rows()]


def test_live_news_are_unread_held_back_by_a_click_and_marked_read(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await listening(stack, tmp_path, broker_url)
            tab = desk.notifications
            counted: list[int] = []
            tab.count_changed.connect(counted.append)
            placed(desk, "laptop")
            await until(lambda: rows(tab) == [OrderStatus.PROCESSED])
            assert tab.view.rows.index(0, 0).data(Qt.ItemDataRole.FontRole).bold()
            await until(lambda: counted[-1:] == [1])
            await pressed(tab.toolbar.pause_button)
            placed(desk, "webcam", 99)
            await until(lambda: tab.live.more_button.text() == "Paused: 1 new")
            assert tab.notices.rowCount() == 1
            await pressed(tab.toolbar.pause_button)
            await until(lambda: rows(tab) == [OrderStatus.REJECTED, OrderStatus.PROCESSED])
            await until(lambda: tab.toolbar.unread.text() == "2 unread")
            await pressed(tab.toolbar.read_button)
            await until(lambda: counted[-1:] == [0])
            assert tab.view.rows.index(0, 0).data(Qt.ItemDataRole.FontRole) is None

    run(qapp, main())


def test_what_came_while_nobody_listened_is_set_apart_and_counted(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await a_desk(stack, tmp_path, profile(), broker_url)
            QApplication.setQuitOnLastWindowClosed(False)
            tab = desk.notifications
            desk.warehouse.start()
            placed(desk, "laptop")  # starts the client, which hears of it live: for this user somebody listens
            await until(lambda: desk.client.orders.get(1) is not None and desk.client.orders.row(0).changed_at)
            await desk.client.stop()
            await desk.warehouse.changes.ship([desk.client.orders.row(0).identity])
            await until(lambda: desk.warehouse.shipped.model.rowCount() == 1)
            await pressed(tab.toolbar.start_button)
            await until(lambda: rows(tab) == [OrderStatus.SHIPPED, OrderStatus.PROCESSED])
            await until(lambda: tab.toolbar.filters.away.text() == "While away: 1")
            await pressed(tab.toolbar.filters.away)
            await until(lambda: tab.notices.rowCount() == 1)
            assert "It came while nobody listened" in tab.view.rows.index(0, 0).data(Qt.ItemDataRole.ToolTipRole)

    run(qapp, main())


def test_notices_are_filtered_as_one_types_sorted_copied_and_exported(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await listening(stack, tmp_path, broker_url)
            tab, filters = desk.notifications, desk.notifications.toolbar.filters
            for name, quantity in (("laptop", 1), ("webcam", 99), ("laptop", 99)):
                placed(desk, name, quantity)
            await until(lambda: tab.notices.rowCount() == 3)
            filters.search.hints.actions()[2].trigger()  # the third hint: what became of it
            QTest.keyClicks(filters.search, "refused product:lap since:10min")
            assert filters.search.text() == "state:refused product:lap since:10min"
            await until(lambda: tab.notices.rowCount() == 1)
            await until(lambda: rows(tab) == [OrderStatus.REJECTED])
            for name in ("shown.csv", "shown.json"):
                await exported(tab.exporting, tab.toolbar.export_button, tmp_path / name)
            clicked(tab.view, 0, ORDER)
            QTest.keyClick(tab.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
            await until(lambda: "99 \N{MULTIPLICATION SIGN} laptop" in QApplication.clipboard().text())
            filters.clear()
            await until(lambda: tab.notices.rowCount() == 3)
            title_clicked(tab.view, 2)  # by state: processed before rejected
            await until(lambda: [kept.notice.status for kept in tab.notices.rows()][:1] == [OrderStatus.PROCESSED])
            columns = tab.toolbar.columns_button.menu()
            columns.aboutToShow.emit()
            columns.actions()[USER].trigger()
            assert not tab.view.isColumnHidden(USER)

    run(qapp, main())
    with (tmp_path / "shown.csv").open(encoding="utf-8", newline="") as file:
        assert [(row["name"], row["quantity"], row["status"]) for row in csv.DictReader(file)] == [
            ("laptop", "99", "rejected")
        ]
    assert [one["status"] for one in json.loads((tmp_path / "shown.json").read_text(encoding="utf-8"))] == ["rejected"]


def test_the_details_show_json_headers_and_what_became_of_the_order(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await listening(stack, tmp_path, broker_url)
            tab, details = desk.notifications, desk.notifications.details
            placed(desk, "laptop", 2)
            await until(lambda: desk.warehouse.to_ship.model.rowCount() == 1)
            desk.warehouse.to_ship.all_button.click()
            desk.warehouse.to_ship.act_buttons["ship"].click()
            await until(lambda: rows(tab) == [OrderStatus.SHIPPED, OrderStatus.PROCESSED])
            clicked(tab.view, 0, ORDER)
            await until(details.isVisible)
            await until(lambda: details.timeline.rowCount() == 2)
            assert '"status": "shipped"' in details.message.text.toPlainText()
            await pressed(details.message.headers_button)
            await until(lambda: '"traceparent": "00-' in details.message.text.toPlainText())
            assert '"routing_key": "client.' in details.message.text.toPlainText()

    run(qapp, main())


def test_an_operator_listens_to_all_and_finds_one_user_by_name(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            people = Profiles(Settings(data_dir=str(tmp_path)).folder)
            desk = await listening(stack, tmp_path, broker_url)
            bob = await a_desk(stack, tmp_path, people.named("bob"), broker_url)
            tab = desk.notifications
            QTest.keyClick(tab.toolbar.whose, Qt.Key.Key_Down)
            await until(lambda: tab.toolbar.whose.currentData() and tab.toolbar.pill.text() == "Ready")
            placed(desk, "laptop")
            placed(bob, "webcam")
            await until(lambda: tab.notices.rowCount() == 2)
            assert not tab.view.isColumnHidden(USER)
            QTest.keyClicks(tab.toolbar.search, "user:bob")
            await until(lambda: tab.notices.rowCount() == 1)
            await until(lambda: [tab.view.rows.index(0, column).data() for column in (3, USER)] == ["webcam", "bob"])

    run(qapp, main())
