from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from desktop.preferences.dialog import LEFT_OUT, PreferencesDialog
from messaging.settings import options


def test_every_option_that_is_declared_can_be_changed(dressed: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = PreferencesDialog({"batch": 50}, {"broker": "amqp://x"}, window)
    assert set(dialog.editors) == {option.name for option in options()} - LEFT_OUT
    assert dialog.changes() == {}
    assert any("overrules" in label.text() for label in dialog.findChildren(QLabel))


def test_what_changed_is_told_and_a_default_is_taken_out_again(dressed: QApplication, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = PreferencesDialog({"batch": 50}, {}, window)
    batch, level = dialog.editors["batch"], dialog.editors["log_level"]
    assert isinstance(batch, QSpinBox)
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
