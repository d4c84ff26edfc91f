"""What cannot be taken back needs two clicks, and what a hand did not mean is none of them."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from desktop.widgets.two_clicks import TwoClicks

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
PRESS, RELEASE, DOUBLE = QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonDblClick


def mouse(button: QPushButton, kind: QEvent.Type, at: int) -> None:
    where = QPointF(button.rect().center())
    held = Qt.MouseButton.NoButton if kind is RELEASE else LEFT
    event = QMouseEvent(kind, where, where, LEFT, held, NONE)
    event.setTimestamp(at)
    QApplication.sendEvent(button, event)


def key(button: QPushButton, code: Qt.Key, at: int, held: bool = False) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        event = QKeyEvent(kind, code, NONE, " ", held)
        event.setTimestamp(at)
        QApplication.sendEvent(button, event)


def double_click(button: QPushButton) -> None:
    for kind, at in ((PRESS, 1000), (RELEASE, 1040), (DOUBLE, 1150), (RELEASE, 1190)):
        mouse(button, kind, at)


def many_clicks(button: QPushButton) -> None:
    """As they come: every second one of a fast row is a double click."""
    for number in range(6):
        mouse(button, DOUBLE if number % 2 else PRESS, 1000 + 120 * number)
        mouse(button, RELEASE, 1030 + 120 * number)


def held_blank(button: QPushButton) -> None:
    for at in (1000, 1500, *range(1530, 2600, 30)):
        key(button, Qt.Key.Key_Space, at, held=at > 1000)


def blank_twice(button: QPushButton) -> None:
    for at in (1000, 1130):
        key(button, Qt.Key.Key_Space, at)


@pytest.fixture
def asked(qtbot: QtBot) -> tuple[QPushButton, list[str]]:
    button, heard = QPushButton("Cancel order"), list[str]()
    asking = TwoClicks(button, lambda: "Really cancel?")
    asking.meant.connect(lambda: heard.append("cancelled"))
    qtbot.addWidget(button)
    button.show()
    return button, heard


@pytest.mark.parametrize("slip", [double_click, many_clicks, held_blank, blank_twice])
def test_a_slip_of_the_hand_only_asks(
    asked: tuple[QPushButton, list[str]], slip: Callable[[QPushButton], None]
) -> None:
    button, heard = asked
    slip(button)
    assert (heard, button.text()) == ([], "Really cancel?")
    for kind, at in ((PRESS, 5000), (RELEASE, 5080)):
        mouse(button, kind, at)
    assert (heard, button.text()) == (["cancelled"], "Cancel order")


def test_two_deliberate_clicks_do_it(asked: tuple[QPushButton, list[str]]) -> None:
    button, heard = asked
    for at in (1000, 1900):
        mouse(button, PRESS, at)
        mouse(button, RELEASE, at + 80)
    for at in (4000, 4700):
        key(button, Qt.Key.Key_Space, at)
    assert heard == ["cancelled", "cancelled"]


def test_where_one_click_is_enough_it_is_not_asked(qtbot: QtBot) -> None:
    button, heard, words = QPushButton("Ship"), list[str](), [""]
    asking = TwoClicks(button, lambda: words[0])
    asking.meant.connect(lambda: heard.append("shipped"))
    qtbot.addWidget(button)
    button.click()
    words[0] = "Really ship 500"
    button.click()
    assert (heard, button.text()) == (["shipped"], "Really ship 500")
    asking.ask_anew()
    assert button.text() == "Ship"
