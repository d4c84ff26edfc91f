"""What holds for every dialog of the frame, in every theme."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.application.tray_icon import SIZES, picture, tray_icon
from desktop.style import theme
from desktop.style.theme import Theme
from desktop.window.log_feed import LogFeed
from tests.unit.desktop.text.test_translations import built

REACHED = (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit)


@pytest.mark.parametrize("choice", list(Theme))
def test_all_has_a_name_and_no_label_reads_html(choice: Theme, dressed: QApplication, qtbot: QtBot) -> None:
    theme.apply(choice)
    window, feed = QWidget(), LogFeed()
    qtbot.addWidget(window)
    for widget in built(window, feed):
        qtbot.addWidget(widget)
        for part in widget.findChildren(QWidget):
            inside = isinstance(part.parentWidget(), (QAbstractSpinBox, QComboBox, QLineEdit))
            if (
                isinstance(part, REACHED)
                and not inside
                and not part.isHidden()
                and part.focusPolicy() & Qt.FocusPolicy.TabFocus
            ):
                spoken = part.accessibleName() or (part.text() if isinstance(part, QAbstractButton) else "")
                assert spoken or part.objectName().startswith("qt_"), (type(widget), part)
        rich = [
            label.text()
            for label in widget.findChildren(QLabel)
            if label.text() and label.textFormat() is not Qt.TextFormat.PlainText and label.buddy() is None
        ]
        assert rich == [], type(widget)
    feed.close()


def test_the_tray_shows_how_many_are_unread(dressed: QApplication) -> None:
    for side in SIZES:
        assert len({bytes(picture(count, side).toImage().bits()) for count in (0, 3, 22, 500)}) == 4
    assert {size.width() for size in tray_icon(3).availableSizes()} == set(SIZES)
