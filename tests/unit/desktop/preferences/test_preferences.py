import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.preferences.dialog import PreferencesDialog
from desktop.widgets.number_field import NumberField
from messaging.runtime.settings import OPTIONS
from tests.helpers.mouse_wheel import turn_wheel


def test_every_option_that_is_declared_can_be_changed(dressed: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = PreferencesDialog({"batch": 50}, {"broker": "amqp://x"}, window)
    assert set(dialog.editors) == OPTIONS.keys() - {"data_dir"}
    assert dialog.changes() == {}
    assert any("overrules" in label.text() for label in dialog.findChildren(QLabel))


def test_what_changed_is_told_and_a_default_is_taken_out_again(dressed: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = PreferencesDialog({"batch": 50}, {}, window)
    batch, level = dialog.editors["batch"], dialog.editors["log_level"]
    assert isinstance(batch, NumberField)
    assert isinstance(level, QComboBox)
    batch.setValue(200)
    level.setCurrentText("DEBUG")
    saved: list[tuple[dict[str, object], bool]] = []
    dialog.saved.connect(lambda changes, reopen: saved.append((changes, reopen)))
    dialog.reopening.click()
    assert saved == [({"batch": None, "log_level": "DEBUG"}, True)]


def test_a_password_is_not_shown_and_not_lost(dressed: QApplication, qtbot: QtBot) -> None:
    window, database = QWidget(), "postgresql+psycopg://me:secret@hall/books"
    qtbot.addWidget(window)
    dialog = PreferencesDialog({"database": database}, {}, window)
    field = dialog.editors["database"]
    assert isinstance(field, QLineEdit)
    assert field.text() == "postgresql+psycopg://me:***@hall/books"
    assert dialog.changes() == {}
    field.setText("postgresql+psycopg://me:***@mill/books")
    assert dialog.changes() == {"database": "postgresql+psycopg://me:secret@mill/books"}


@pytest.fixture
def window(dressed: QApplication, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def opened(window: QWidget, qtbot: QtBot, kept: dict[str, object]) -> PreferencesDialog:
    dialog = PreferencesDialog(kept, {}, window)
    dialog.show()
    dialog.activateWindow()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def write(dialog: PreferencesDialog, name: str, typed: str) -> NumberField:
    field = dialog.editors[name]
    assert isinstance(field, NumberField)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, typed)
    return field


def complaints(dialog: PreferencesDialog) -> list[str]:
    return [one.text() for one in dialog.findChildren(QLabel) if one.property("role") == "bad" and one.isVisible()]


NUMBERS = ("heartbeat", "retry_most", "confirm_window", "batch", "consumers", "keep_dropped")


def test_every_number_follows_the_one_rule(window: QWidget, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, {})
    assert all(isinstance(field, NumberField) for field in dialog.findChildren(QAbstractSpinBox))
    assert {name for name, one in dialog.editors.items() if isinstance(one, NumberField)} == set(NUMBERS)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        *((name, "3e2") for name in NUMBERS),
        *((name, typed) for name in ("batch", "retry_most") for typed in ("9999999", "1,250", "twelve", "0")),
    ],
)
def test_a_refused_number_keeps_the_dialog_open_and_has_the_cursor(
    window: QWidget, qtbot: QtBot, name: str, typed: str
) -> None:
    dialog = opened(window, qtbot, {})
    saved: list[object] = []
    dialog.saved.connect(lambda *given: saved.append(given))
    field = write(dialog, name, typed)
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert dialog.isVisible()
    for button in (dialog.saving, dialog.reopening):
        dialog.editors["broker"].setFocus()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        assert saved == []
        assert dialog.isVisible()
        assert field.hasFocus()
        (words,) = complaints(dialog)
        assert typed in words
        assert field.text().removesuffix(field.suffix()) == typed
    QTest.keyClicks(field, "7")
    assert complaints(dialog) == []
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert saved == [({name: 7}, False)]


def test_a_decimal_is_kept_as_it_was_typed(window: QWidget, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, {})
    write(dialog, "retry_most", "2.5")
    field = write(dialog, "batch", "2.5")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert dialog.changes() == {"retry_most": 2.5}
    assert "2.5" in complaints(dialog)[0]


def test_what_settings_toml_says_more_exactly_stays(window: QWidget, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, {"retry_most": 0.255, "batch": 200})
    assert dialog.changes() == {}
    field = write(dialog, "retry_most", "0.5")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert dialog.changes() == {"retry_most": 0.5}


def test_a_refused_number_out_of_sight_is_brought_there_with_its_words(window: QWidget, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, {})
    dialog.resize(dialog.width(), 400)
    field = write(dialog, "keep_dropped", "3e2")
    dialog.editors["broker"].setFocus()
    dialog._scroll.verticalScrollBar().setValue(0)
    assert field.visibleRegion().isEmpty()
    QTest.mouseClick(dialog.saving, Qt.MouseButton.LeftButton)
    (words,) = (one for one in dialog.findChildren(QLabel) if one.property("role") == "bad" and one.text())
    qtbot.waitUntil(lambda: field.visibleRegion().boundingRect() == field.rect(), timeout=20_000)
    assert words.visibleRegion().boundingRect() == words.rect()


def test_the_wheel_changes_no_option_in_passing(window: QWidget, qtbot: QtBot) -> None:
    dialog = opened(window, qtbot, {})
    dialog.editors["broker"].setFocus()
    fields = [*dialog.findChildren(QAbstractSpinBox), *dialog.findChildren(QComboBox)]
    assert [field.objectName() for field in fields if turn_wheel(field)] == []
    assert dialog.changes() == {}
