"""Windows side by side."""

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

_LEAST_WIDTH = 900  # logical pixels; below that, windows stand in rows


def tile(windows: Sequence[QWidget]) -> None:
    """Side by side where the screen is wide enough, else in rows."""
    room = QGuiApplication.primaryScreen().availableGeometry()
    columns = min(len(windows), max(1, room.width() // _LEAST_WIDTH))
    rows = ceil(len(windows) / columns)
    width, height = room.width() // columns, room.height() // rows
    for number, window in enumerate(windows):
        left, top = room.left() + number % columns * width, room.top() + number // columns * height
        frame = window.frameGeometry().size() - window.geometry().size()
        window.setGeometry(QRect(left, top + frame.height(), width - frame.width(), height - frame.height()))
