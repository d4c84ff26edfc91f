"""Fields for numbers and choices: no key is dropped unseen, and no wheel in passing changes one."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QSpinBox, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.style.theme import dress_window
from desktop.widgets.number_field import DecimalField, NumberField, calm, first_refused
from tests.helpers.mouse_wheel import turn_wheel


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


@pytest.fixture
def seconds(qtbot: QtBot) -> Iterator[DecimalField]:
    """With its unit behind it."""
    window = QWidget()
    qtbot.addWidget(window)
    made = DecimalField(0.01, 86_400)
    made.setSuffix(" s")
    made.set_number(10)
    lines = QVBoxLayout(window)
    for part in (made, QLineEdit()):
        lines.addWidget(part)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.setFocus()
    made.selectAll()
    yield made
    window.close()


@pytest.mark.parametrize(
    "typed", ["3e2", "1,250", "1.250", "1.2.3", "-5", "9999999", "0", "0.001", "ten", "5 m", "5s", "5ss"]
)
@pytest.mark.parametrize("leave", [Qt.Key.Key_Return, Qt.Key.Key_Tab])
def test_what_is_no_decimal_is_refused_in_words_and_the_value_stays(
    seconds: DecimalField, typed: str, leave: Qt.Key
) -> None:
    heard = list[str]()
    seconds.refused.connect(heard.append)
    QTest.keyClicks(seconds, typed)
    QTest.keyClick(seconds, leave)
    assert seconds.number() == 10
    assert seconds.text().removesuffix(" s") == typed, "what was refused can be seen"
    assert typed in heard[-1]
    assert not seconds.is_right()


@pytest.mark.parametrize(
    ("typed", "number", "shown"),
    [
        *(("2.5", 2.5, "2.5 s"), ("2,50", 2.5, "2.5 s"), (" 100 ", 100, "100 s"), ("0.01", 0.01, "0.01 s")),
        *(("86400", 86400, "86400 s"), ("1000.0", 1000, "1000 s")),
    ],
)
def test_a_decimal_is_taken_however_it_is_written(seconds: DecimalField, typed: str, number: float, shown: str) -> None:
    QTest.keyClicks(seconds, typed)
    QTest.keyClick(seconds, Qt.Key.Key_Return)
    assert seconds.is_right()
    assert (seconds.number(), seconds.text()) == (number, shown)


def test_a_decimal_stands_with_the_mark_of_the_language_and_is_read_again(seconds: DecimalField) -> None:
    QLocale.setDefault(QLocale(QLocale.Language.German, QLocale.Country.Germany))
    seconds.set_number(1250.25)
    assert seconds.text() == "1250,25 s"
    assert seconds.is_right()
    assert seconds.number() == 1250.25


def test_keys_up_and_down_count_by_one_and_leave_what_is_refused(seconds: DecimalField) -> None:
    QTest.keyClicks(seconds, "2.5")
    QTest.keyClick(seconds, Qt.Key.Key_Up)
    assert seconds.number() == 3.5
    QTest.keyClick(seconds, Qt.Key.Key_Down)
    QTest.keyClick(seconds, Qt.Key.Key_Down)
    assert seconds.number() == 1.5
    seconds.selectAll()
    QTest.keyClicks(seconds, "3e2")
    QTest.keyClick(seconds, Qt.Key.Key_Up)
    assert (seconds.number(), seconds.text()) == (1.5, "3e2 s")


@pytest.mark.parametrize("pasted", ["1,250", "two", "9999999", "2.5 kg", "1\t2"])
def test_what_is_pasted_stays_to_be_seen_too(field: NumberField, pasted: str) -> None:
    heard = list[str]()
    field.refused.connect(heard.append)
    QApplication.clipboard().setText(pasted)
    QTest.keySequence(field, "Ctrl+V")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert (field.value(), field.text()) == (7, pasted)
    assert len(heard[-1]) > 20


def test_the_first_that_is_refused_has_the_cursor_and_another_value_ends_the_words(qtbot: QtBot) -> None:
    window, fields, save = QWidget(), [NumberField(1, 9), NumberField(1, 9), NumberField(1, 9)], QPushButton()
    qtbot.addWidget(window)
    lines = QVBoxLayout(window)
    for part in (*fields, save):
        lines.addWidget(part)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for field, typed in zip(fields, ("3", "2.5", "letters"), strict=True):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
    save.setFocus()
    heard = list[str]()
    fields[1].refused.connect(heard.append)
    assert first_refused(*fields) is fields[1]
    assert fields[1].hasFocus()
    assert "2.5" in heard[-1]
    assert fields[0].value() == 3
    fields[1].setValue(5)
    assert heard[-1] == ""
    fields[2].setValue(6)
    assert first_refused(*fields) is None


def test_fields_side_by_side_are_of_one_height(dressed: QApplication, qtbot: QtBot) -> None:
    window, fields = QWidget(), [QLineEdit(), NumberField(), QComboBox(), QPushButton("Save")]
    qtbot.addWidget(window)
    lines = QVBoxLayout(window)
    for part in fields:
        lines.addWidget(part)
    dress_window(window, "#0b5cad")
    assert len({part.sizeHint().height() for part in fields}) == 1
