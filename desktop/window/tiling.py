"""Arranges windows side by side."""

from collections.abc import Sequence
from functools import partial
from math import ceil

from PySide6.QtCore import QMargins, QRect, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_LEAST_WIDTH = 900  # logical pixels; below that, windows stand in rows
_FRAMED = 300  # milliseconds after which a window manager has put its frame around a new window


def tile(windows: Sequence[QWidget]) -> None:
    """Place the windows side by side where the screen is wide enough, else in rows."""
    for window, cell in zip(windows, _cells(len(windows)), strict=True):
        _place(window, cell)
        QTimer.singleShot(_FRAMED, window, partial(_place, window, cell))


def _cells(count: int) -> list[QRect]:
    room = QGuiApplication.primaryScreen().availableGeometry()
    columns = min(count, max(1, room.width() // _LEAST_WIDTH))
    width, height = room.width() // columns, room.height() // ceil(count / columns)
    corners = [(number % columns * width, number // columns * height) for number in range(count)]
    return [QRect(room.left() + left, room.top() + top, width, height) for left, top in corners]


def _place(window: QWidget, cell: QRect) -> None:
    """Place a window and its frame, whose size is known only once the window has been shown."""
    handle = window.windowHandle()
    window.setGeometry(cell.marginsRemoved(handle.frameMargins() if handle else QMargins()))
