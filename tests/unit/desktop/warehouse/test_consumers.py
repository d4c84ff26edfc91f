"""The field for the consumers: what is refused starts nothing, and what runs is what it says."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.warehouse.toolbar import WarehouseToolbar


def shown(consumers: int, qtbot: QtBot) -> WarehouseToolbar:
    toolbar = WarehouseToolbar(consumers)
    qtbot.addWidget(toolbar)
    toolbar.show()
    toolbar.activateWindow()
    qtbot.waitUntil(toolbar.isActiveWindow)
    return toolbar


@pytest.mark.parametrize("typed", ["2.5", "3e2", "99", "0", "two"])
def test_a_refused_number_starts_nothing_and_has_the_cursor(dressed: QApplication, qtbot: QtBot, typed: str) -> None:
    toolbar = shown(3, qtbot)
    asked: list[bool] = []
    toolbar.start_asked.connect(lambda: asked.append(True))
    toolbar.consumers.setFocus()
    toolbar.consumers.selectAll()
    QTest.keyClicks(toolbar.consumers, typed)
    QTest.mouseClick(toolbar.start_button, Qt.MouseButton.LeftButton)
    assert asked == []
    assert toolbar.consumers.hasFocus()
    assert toolbar.consumers.text() == typed
    toolbar.show_running(True)  # however it came to run
    assert toolbar.consumers.text() == "3"
    toolbar.show_running(False)
    QTest.mouseClick(toolbar.start_button, Qt.MouseButton.LeftButton)
    assert asked == [True]


def test_more_consumers_than_are_offered_are_what_the_settings_say(dressed: QApplication, qtbot: QtBot) -> None:
    assert shown(40, qtbot).consumers.value() == 40
