"""Fields for numbers and choices: no key is dropped unseen, and no wheel in passing changes one."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.shared.fields import NumberField, calm
from tests.helpers.wheel import turn_wheel


@pytest.fixture
def field(qtbot: QtBot) -> Iterator[NumberField]:
    window = QWidget()
    qtbot.addWidget(window)
    made = NumberField(1, 1_000_000)
    lines = QVBoxLayout(window)
    for part in (made, QLineEdit()):
        lines.addWidget(part)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.setValue(7)
    made.setFocus()
    made.selectAll()
    yield made
    window.close()


@pytest.mark.parametrize(
    "typed", ["2.5", "3e2", "-5", "9999999", "1,250", "1.250", "0", "", "2 5", "1_000", "0x10", "vier"]
)
@pytest.mark.parametrize("leave", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab])
def test_what_is_no_number_is_refused_in_words_and_the_value_stays(
    field: NumberField, typed: str, leave: Qt.Key
) -> None:
    heard = list[str]()
    field.refused.connect(heard.append)
    QTest.keyClicks(field, typed)
    if not typed:
        QTest.keyClick(field, Qt.Key.Key_Delete)
    QTest.keyClick(field, leave)
    assert field.value() == 7
    assert field.text() == typed, "what was refused can be seen"
    assert typed in heard[-1]
    assert len(heard[-1]) > 20
    assert not field.is_right()
    field.stepUp()
    assert field.value() == 7
    field.setValue(7)
    assert field.is_right()


@pytest.mark.parametrize(
    ("typed", "value"), [("12", 12), ("2.0", 2), ("3,00", 3), (" 5 ", 5), ("007", 7), ("1000000", 10**6)]
)
def test_a_whole_number_is_taken_however_it_is_written(field: NumberField, typed: str, value: int) -> None:
    QTest.keyClicks(field, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert field.is_right()
    assert field.value() == value


@pytest.mark.parametrize(
    ("typed", "value"), [("-3", -3), ("\N{MINUS SIGN}3", -3), ("+4", 4), ("-2.0", -2), ("-2.5", -1), ("--3", -1)]
)
def test_a_correction_may_be_below_zero(qtbot: QtBot, typed: str, value: int) -> None:
    field = NumberField(-1000, 1000)
    qtbot.addWidget(field)
    field.setValue(-1)
    field.lineEdit().setText(typed)
    field.is_right()
    assert field.value() == value


def test_the_wheel_changes_no_field_in_passing(qtbot: QtBot) -> None:
    window, box, number, cursor = QWidget(), calm(QComboBox()), calm(QSpinBox()), QLineEdit()
    qtbot.addWidget(window)
    box.addItems(["Refuse", "Wait", "Part"])
    lines = QVBoxLayout(window)
    for part in (box, number, cursor):
        lines.addWidget(part)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    cursor.setFocus()
    assert not turn_wheel(box)
    assert not turn_wheel(number)
    assert (box.currentIndex(), number.value()) == (0, 0)
    assert cursor.hasFocus()
    box.setFocus()
    turn_wheel(box)
    assert box.currentIndex() == 1
