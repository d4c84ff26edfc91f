"""Rows, columns, splitters and scrolled areas, with the distances that all pages have."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

GAP = 8  # logical pixels between the parts of one pane
HEADING = 32  # logical pixels


def row(*parts: QWidget | int) -> QHBoxLayout:
    """Lay out widgets side by side; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        else:
            layout.addWidget(part)
    return layout


def heading_row(*parts: QWidget | int) -> QHBoxLayout:
    """A row as high as a field, so that panes side by side begin at one height."""
    layout = row(*parts)
    layout.addStrut(HEADING)
    return layout


def column(
    parent: QWidget, *parts: QWidget | QLayout, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(*margins)
    layout.setSpacing(GAP)
    for part in parts:
        if isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return layout


def line() -> QFrame:
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


def scrolled(body: QWidget) -> QScrollArea:
    """Put `body` into a vertical scroll area on the background of its surroundings."""
    made = QScrollArea(widgetResizable=True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setWidget(body)
    for part in (made, made.viewport(), body):
        part.setAutoFillBackground(False)
    return made


def splitter(direction: Qt.Orientation, *parts: QWidget, shares: tuple[int, ...]) -> QSplitter:
    made = QSplitter(direction)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(12)
    for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
        made.addWidget(part)
        made.setStretchFactor(number, share)
    made.setSizes([share * 100 for share in shares])
    return made


def set_title(tabs: QTabWidget, place: int, words: str) -> None:
    """Set a tab's title only where it differs: Qt would draw the whole page anew."""
    if tabs.tabText(place) != words:
        tabs.setTabText(place, words)
