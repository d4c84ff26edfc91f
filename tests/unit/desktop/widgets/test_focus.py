"""Whoever works by keyboard sees where the cursor is, in every theme and on every kind of control."""

import pytest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QTabBar,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop.style import theme
from desktop.style.theme import Theme
from desktop.widgets.buttons import button


def controls() -> list[QWidget]:
    tabs = QTabBar()
    tabs.addTab("one")
    tabs.addTab("two")
    ticked, chosen, tool = QCheckBox("ticked"), QRadioButton("chosen"), QToolButton()
    ticked.setChecked(True)
    chosen.setChecked(True)
    tool.setText("tool")
    fields: list[QWidget] = [QLineEdit(), QSpinBox(), QComboBox(), QPlainTextEdit(), QTableView()]
    buttons = [QPushButton("button"), button("primary", kind="primary"), tool]
    return [*buttons, QCheckBox("tick"), ticked, QRadioButton("choice"), chosen, tabs, *fields]


@pytest.mark.parametrize("chosen", [Theme.LIGHT, Theme.DARK, Theme.CONTRAST])
def test_a_control_looks_otherwise_while_it_has_the_cursor(dressed: QApplication, qtbot: QtBot, chosen: Theme) -> None:
    theme.apply(chosen)
    window = QWidget()
    qtbot.addWidget(window)
    lines = QVBoxLayout(window)
    resting = QLineEdit()
    tried = controls()
    for widget in (resting, *tried):
        lines.addWidget(widget)
    theme.dress_window(window, "#0b57a4")
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    for widget in tried:
        resting.setFocus()
        before = widget.grab().toImage()
        widget.setFocus()
        assert widget.hasFocus()
        assert widget.grab().toImage() != before, widget
