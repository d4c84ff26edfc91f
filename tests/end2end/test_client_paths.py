"""What a person does on the client's page, by mouse and keyboard, over a real RabbitMQ."""

import subprocess
import sys
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.client.imports.import_dialog import ImportDialog
from desktop.client.tab import ClientTab
from desktop.tables.table import Table
from messaging.domain.orders import OnShortage
from messaging.history.records import OrderState
from tests.end2end.test_tabs import Desk, a_desk, state_of
from tests.helpers.pages import a_page, exported, pressed, profile, run, until
from tests.helpers.user_input import press, take_up

CONTROL = Qt.KeyboardModifier.ControlModifier


def typed(client: ClientTab, *texts: str) -> None:
    """Each with Enter; what was added stays selected, so that the next is typed over it."""
    client.focus_first()
    for text in texts:
        QTest.keyClicks(client.catalogue_pane.search, text)
        QTest.keyClick(client.catalogue_pane.search, Qt.Key.Key_Return)


def clicked(view: Table[Any], row: int, column: int) -> None:
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(view.rows.index(row, column)).center()
    )


def title_clicked(view: Table[Any], column: int) -> None:
    header = view.horizontalHeader()
    where = QPoint(header.sectionViewportPosition(column) + 12, header.height() // 2)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=where)


async def served(stack: AsyncExitStack, folder: Path, url: str) -> Desk:
    """Client and warehouse at work, free stock told, the client's window in front."""
    QApplication.setQuitOnLastWindowClosed(False)  # as the product does
    desk = await a_desk(stack, folder, profile(), url)
    desk.client.start()
    desk.warehouse.start()
    await until(lambda: (laptop := desk.client.catalogue.get("laptop")) is not None and laptop.free == 25)
    desk.client.activateWindow()
    await until(desk.client.isActiveWindow)
    return desk


def test_three_lines_by_keyboard_alone_with_quantities_by_plus_and_minus(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            client = (await served(stack, tmp_path, broker_url)).client
            typed(client, "2 lapt", "webc")
            QTest.keyClicks(client.catalogue_pane.search, "++-")  # two webcams
            typed(client, "usb ch")
            QTest.keyClick(client.catalogue_pane.search, Qt.Key.Key_Return, CONTROL)
            assert client.basket.lines() == ()
            assert client.catalogue_pane.search.text() == ""
            await until(lambda: client.orders.rowCount() == 1 and client.orders.get(1) is not None)
            await until(lambda: client.orders.row(0).state is OrderState.PROCESSED)
            assert [(line.name, line.reserved) for line in client.orders.row(0).lines] == [
                ("laptop", 2),
                ("webcam", 2),
                ("usb_c_charger", 1),
            ]

    run(qapp, main())


def test_by_mouse_a_double_click_adds_and_the_cells_of_the_basket_change_it(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            client = (await served(stack, tmp_path, broker_url)).client
            catalogue, basket = client.catalogue_pane.view, client.basket_pane.view
            for row in (0, 0, 1, 2):  # the first product twice: one line
                where = catalogue.visualRect(catalogue.rows.index(row, 0)).center()
                for half in (QTest.mouseClick, QTest.mouseDClick):  # the second begins where the first ended
                    half(catalogue.viewport(), Qt.MouseButton.LeftButton, pos=where)
            names = [name for name, _ in client.basket.lines()]
            assert [quantity for _, quantity in client.basket.lines()] == [2, 1, 1]
            clicked(basket, 1, 3)  # one more
            clicked(basket, 0, 1)  # one less
            clicked(basket, 2, 5)  # out
            assert client.basket.lines() == ((names[0], 1), (names[1], 2))
            await pressed(client.basket_pane.place_button)
            await until(lambda: client.orders.rowCount() == 1 and client.orders.get(1) is not None)
            await until(lambda: client.orders.row(0).state is OrderState.PROCESSED)

    run(qapp, main())


def test_a_refusal_is_answered_by_one_click_that_orders_what_is_free(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            client = (await served(stack, tmp_path, broker_url)).client
            typed(client, "30 lapt", "webc")
            await pressed(client.basket_pane.place_button)
            offer = client.basket_pane.empty.button
            await until(lambda: offer.text() == "Order what is free")
            assert client.orders.row(0).reason == "laptop: 30 asked, 25 free"
            await pressed(offer)
            await until(lambda: client.orders.rowCount() == 2 and client.orders.get(2) is not None)
            await until(lambda: client.orders.row(0).state is OrderState.PROCESSED)
            assert [(line.name, line.reserved) for line in client.orders.row(0).lines] == [
                ("laptop", 25),
                ("webcam", 1),
            ]

    run(qapp, main())


def test_the_choice_for_short_stock_is_made_by_keyboard_for_each_order(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await served(stack, tmp_path, broker_url)
            client, choice = desk.client, desk.client.basket_pane.shortage
            for down, lines in ((1, [(25, 5)]), (2, [(0, 30)])):  # send what there is; wait
                typed(client, "30 lapt")
                QTest.keyClick(choice, Qt.Key.Key_Home)
                for _ in range(down):
                    QTest.keyClick(choice, Qt.Key.Key_Down)
                await pressed(client.basket_pane.place_button)
                await until(partial(client.orders.get, down))
                await until(lambda: state_of(desk) is OrderState.BACKORDERED)
                assert [(line.reserved, line.missing) for line in client.orders.row(0).lines] == lines
            assert [order.order.on_shortage for order in client.orders.rows()] == [OnShortage.WAIT, OnShortage.PARTIAL]

    run(qapp, main())


def test_an_order_is_cancelled_repeated_and_copied(qapp: QApplication, tmp_path: Path, broker_url: str) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await served(stack, tmp_path, broker_url)
            client, details = desk.client, desk.client.orders_pane.details
            typed(client, "2 lapt")
            await pressed(client.basket_pane.place_button)
            await until(lambda: state_of(desk) is OrderState.PROCESSED)
            clicked(client.orders_pane.view, 0, 2)
            await until(details.isVisible)
            await pressed(details.close_button)
            assert details.isHidden()
            clicked(client.orders_pane.view, 0, 2)  # the same row again
            await until(details.isVisible)
            for _ in range(2):
                await pressed(details.cancel_button)
            await until(lambda: state_of(desk) is OrderState.CANCELLED)
            await until(lambda: details.steps_view.rows.rowCount() == 4)  # placed, accepted, processed, cancelled
            await until(lambda: (laptop := client.catalogue.get("laptop")) is not None and laptop.free == 25)
            QTest.keyClick(client.orders_pane.view, Qt.Key.Key_C, CONTROL)
            await until(lambda: "2 \N{MULTIPLICATION SIGN} laptop" in QApplication.clipboard().text())
            await pressed(details.repeat_button)
            assert client.basket.lines() == (("laptop", 2),)
            menu = client.orders_pane.menu
            menu.fill(client.orders.row(0))
            words = [action.text() for action in menu.actions() if action.text()]
            assert words == ["Repeat", "Copy", "Copy the order's id"]  # a cancelled one cannot be cancelled
            menu.actions()[-1].trigger()
            assert QApplication.clipboard().text() == str(client.orders.row(0).order.order_id)

    run(qapp, main())


def test_my_orders_are_filtered_by_state_searched_and_sorted_by_hand(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await served(stack, tmp_path, broker_url)
            client, pane = desk.client, desk.client.orders_pane
            for text in ("lapt", "99 chair", "2 webc"):
                typed(client, text)
                QTest.keyClick(client.catalogue_pane.search, Qt.Key.Key_Return, CONTROL)
            await until(lambda: list(client.orders.places) == [3, 2, 1])
            await until(
                lambda: {row.state for row in client.orders.rows()} == {OrderState.PROCESSED, OrderState.REJECTED}
            )
            QTest.keyClicks(pane.search, "chair")
            await until(lambda: list(client.orders.places) == [2])
            pane.search.clear()
            await until(lambda: list(client.orders.places) == [3, 2, 1])
            QTest.keyClick(pane.state, Qt.Key.Key_End)
            for _ in range(pane.state.count() - 1 - pane.state.findText("Refused")):
                QTest.keyClick(pane.state, Qt.Key.Key_Up)
            await until(lambda: list(client.orders.places) == [2])
            QTest.keyClick(pane.state, Qt.Key.Key_Home)
            await until(lambda: list(client.orders.places) == [3, 2, 1])
            title_clicked(client.orders_pane.view, 3)  # the total: 99.98, 999.99, 14,849.01
            await until(lambda: list(client.orders.places) == [3, 1, 2])

    run(qapp, main())


def test_orders_dropped_as_csv_are_seen_placed_once_and_exported(
    qapp: QApplication, tmp_path: Path, broker_url: str
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "order,name,quantity\nA,laptop,1\nB,webcam,2\nB,laptop,1\nC,spaceship,1\nD,webcam,no\n", encoding="utf-8"
    )

    async def main() -> None:
        async with AsyncExitStack() as stack:
            desk = await served(stack, tmp_path, broker_url)
            for known in (False, True):
                dropped(desk.client, path)
                await until(lambda: any(one.isVisible() for one in desk.client.findChildren(ImportDialog)))
                dialog = desk.client.findChildren(ImportDialog)[-1]
                view = dialog.orders_view.rows
                assert [row.is_known for row in dialog.orders.rows()] == [known] * 3
                assert view.index(2, 4).data() == ("placed" if known else "unknown product")
                assert [(row.line, row.field) for row in dialog.errors.rows()] == [(6, "quantity")]
                if not known:
                    await take_up(dialog)
                    await press("Return")
                    await until(dialog.progress.isHidden)
                    assert dialog.words.text() == "3 orders are placed."
                assert not dialog.place_button.isEnabled()
                closed: list[int] = []
                dialog.finished.connect(closed.append)
                await take_up(dialog)
                await press("Return" if known else "Escape")
                assert closed == [0]
            client = desk.client
            await until(lambda: list(client.orders.places) == [3, 2, 1])
            await until(
                lambda: {row.state for row in client.orders.rows()} == {OrderState.PROCESSED, OrderState.REJECTED}
            )
            await exported(client.exporting, client.orders_pane.export_button, tmp_path / "out.csv")
            assert client.done.words.text() == "3 rows written to out.csv"

    run(qapp, main())
    assert (tmp_path / "out.csv").read_text(encoding="utf-8").count('"processed"') == 3  # a row for each line


def dropped(client: ClientTab, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    buttons, no_keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    client.dropEvent(QDropEvent(QPointF(9, 9), Qt.DropAction.CopyAction, data, buttons, no_keys))


KILLED = """
import os, sys
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from desktop.client.tab import ClientTab
from messaging.runtime.profiles import Profile
from tests.helpers.pages import a_page, run, until

async def main():
    async with a_page(ClientTab, Path(sys.argv[1]), Profile("alice", sys.argv[2], "#0b5cad")) as tab:
        await until(lambda: tab.catalogue.rowCount() == 10)
        QTest.keyClicks(tab.catalogue_pane.search, "3 lapt")
        QTest.keyClick(tab.catalogue_pane.search, Qt.Key.Key_Return)
        lines = [("laptop", 3)]
        while (draft := await tab_draft(tab)) is None or draft.lines != lines:
            pass
        os.kill(os.getpid(), 9)

async def tab_draft(tab):
    from desktop.role.worker import answer
    return await answer(tab.session.history.ask(lambda store: store.draft.load()))

run(QApplication([]), main())
"""


def test_what_was_in_the_basket_when_the_program_was_killed_is_there_again(qapp: QApplication, tmp_path: Path) -> None:
    who = profile()
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), who.user_id], timeout=60, check=False)
    assert killed.returncode == -9

    async def come_back() -> None:
        async with a_page(ClientTab, tmp_path, who) as tab:
            await until(lambda: tab.basket.lines() == (("laptop", 3),))
            tab.place()
            await until(lambda: tab.orders.rowCount() == 1)

    run(qapp, come_back())
