"""Whatever part of a real window has the cursor, a code that is read presses, chooses and changes nothing there."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QDialog, QLineEdit, QTabWidget, QWidget

from desktop.application.app import Application
from desktop.window.user_window import UserWindow
from messaging.domain.orders import OnShortage
from messaging.runtime.settings import Settings
from messaging.warehouse.records import CatalogueRow
from tests.end2end.test_window import LAPTOP, Play, eventually, play, ready
from tests.helpers.barcode_reader import read_code
from tests.helpers.user_input import place_order, take_up

__all__ = ["play"]  # the fixture

CODE = "whole milk"  # a blank presses buttons, its letters choose from lists


def stand(window: QWidget) -> dict[int, object]:
    """What a key could have changed: choices, texts, pages, marks, dialogs."""
    found: dict[int, object] = {}
    for part in window.findChildren(QWidget):
        if isinstance(part, QComboBox | QTabWidget):
            found[id(part)] = part.currentIndex()
        elif isinstance(part, QLineEdit):
            found[id(part)] = part.text()
        elif isinstance(part, QAbstractButton):
            found[id(part)] = part.isChecked()
        elif isinstance(part, QDialog):
            found[id(part)] = part.isVisible()
    return found


async def read_everywhere(user_window: UserWindow) -> int:
    """In each part that Tab leads to; how many there were."""
    window, times = user_window.window, 0
    for part in window.findChildren(QWidget):
        if not part.focusPolicy() & Qt.FocusPolicy.TabFocus or not (part.isVisible() and part.isEnabled()):
            continue
        part.setFocus()
        if not part.hasFocus():
            continue
        before = stand(window)
        await read_code(CODE)
        changed = {key for key, now in stand(window).items() if key in before and now != before[key]}
        assert not changed, part
        times += 1
    return times


def test_a_code_read_anywhere_in_the_window_belongs_to_its_page(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "warehouse", start=True)
        await ready(alice, "Client", "Warehouse", "Notifications")
        client, warehouse = alice.client, alice.warehouse
        await warehouse.changes.write(lambda store: store.stock.add_product(CatalogueRow(CODE, 100, 500), 0, ""))
        await eventually(lambda: client.catalogue.get(CODE) is not None, "the product is in the catalogue")
        await place_order(alice, LAPTOP)
        await eventually(lambda: client.orders.rowCount() == 1, "the order is placed")
        await take_up(alice.window)
        client.add_to_basket("webcam", 3)
        client.orders_pane.view.select(0)
        times = await read_everywhere(alice)
        assert times > 10
        assert dict(client.basket.lines()) == {"webcam": 3, CODE: times}
        assert client.basket.on_shortage is OnShortage.REJECT
        assert client.orders.rowCount() == 1
        alice.window.show_tab(1)
        await eventually(lambda: warehouse.to_ship.model.rowCount() == 1, "the order is to be shipped")
        for page in range(warehouse.pages.count()):
            warehouse.pages.setCurrentIndex(page)
            assert await read_everywhere(alice) > 10
            assert warehouse.stock_pane.view.current() == warehouse.stock.get(CODE)
        assert warehouse.running
        assert warehouse.to_ship.model.rowCount() == 1

    play(broker_settings, scene)
