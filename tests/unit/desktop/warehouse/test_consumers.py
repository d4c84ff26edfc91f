"""The field for the consumers: what is refused starts nothing, and what runs is what it says."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.warehouse.toolbar import WarehouseToolbar


def shown(consumers: int, qtbot: QtBot) -> WarehouseToolbar:
    strip = WarehouseToolbar(consumers)
    qtbot.addWidget(strip)
    strip.show()
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    return strip


@pytest.mark.parametrize("typed", ["2.5", "3e2", "99", "0", "two"])
def test_a_refused_number_starts_nothing_and_has_the_cursor(dressed: QApplication, qtbot: QtBot, typed: str) -> None:
    strip = shown(3, qtbot)
    asked: list[bool] = []
    strip.start_asked.connect(lambda: asked.append(True))
    strip.consumers.setFocus()
    strip.consumers.selectAll()
    QTest.keyClicks(strip.consumers, typed)
    QTest.mouseClick(strip.start_button, Qt.MouseButton.LeftButton)
    assert asked == []
    assert strip.consumers.hasFocus()
    assert strip.consumers.text() == typed
    strip.show_running(True)  # however it came to run
    assert strip.consumers.text() == "3"
    strip.show_running(False)
    QTest.mouseClick(strip.start_button, Qt.MouseButton.LeftButton)
    assert asked == [True]


def test_more_consumers_than_are_offered_are_what_the_settings_say(dressed: QApplication, qtbot: QtBot) -> None:
    assert shown(40, qtbot).consumers.value() == 40
