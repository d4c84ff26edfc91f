"""What a test does on the client's page."""

import time

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.client.tab import ClientTab
from messaging.domain.notices import Notice
from messaging.domain.orders import OrderStatus, new_order_id
from messaging.domain.stock import DecidedLine
from messaging.history.records import PlacedOrder
from tests.helpers.pages import until


def lines(tab: ClientTab) -> list[tuple[str, int]]:
    return list(tab.basket.lines())


async def loaded(tab: ClientTab) -> None:
    await until(lambda: tab.catalogue.rowCount() == 10)


def type_in(tab: ClientTab, text: str) -> None:
    tab.focus_first()
    QTest.keyClicks(tab.catalogue_pane.search, text)
    QTest.keyClick(tab.catalogue_pane.search, Qt.Key.Key_Return)


def scan(place: QWidget, code: str) -> None:
    """As a reader does: a burst of keys, with the times at which they were pressed, and Enter."""
    began = int(time.monotonic() * 1000) + 1000  # whatever was typed before: the reader had to be taken up
    for number, character in enumerate(f"{code}\r"):
        key = Qt.Key.Key_Return if character == "\r" else Qt.Key(ord(character.upper()))
        target = QApplication.focusWidget() or place
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, Qt.KeyboardModifier.NoModifier, character)
            event.setTimestamp(began + 5 * number)
            QApplication.sendEvent(target, event)


def refusal(order: PlacedOrder, *lines: DecidedLine) -> Notice:
    told = order.order
    reason = f"{lines[0].name}: {lines[0].quantity} asked, {lines[0].quantity - lines[0].missing} free"
    identity = (told.order_id, told.user_id, lines, told.created_at, OrderStatus.REJECTED, reason)
    return Notice(*identity, event_id=str(new_order_id()), seq=order.number, occurred_at=told.created_at)
