"""Lucide icons from resources/icons, drawn in the colour of the palette at the moment of painting.

So a theme that changes needs no new icons, and every size and scale is crisp.
"""

from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources
from desktop.shared.colours import Tone
from desktop.shared.theme import colours

_FOLDER = Path(resources.__file__).parent / "icons"


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    text = (_FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(text.encode()))


def draw(painter: QPainter, name: str, rect: QRect, colour: QColor) -> None:
    """For delegates and own widgets."""
    _renderer(name, colour.name()).render(painter, QRectF(rect))


@lru_cache(maxsize=256)
def icon(name: str, tone: Tone | None = None) -> QIcon:
    """An icon for a button, action or tab; in the colour of the text unless a tone is given."""
    return QIcon(_Engine(name, tone))


def pixmap(name: str, size: int, colour: QColor, scale: float = 1.0) -> QPixmap:
    """`size` in logical pixels; it does not follow a later change of the theme."""
    drawn = QPixmap(QSize(size, size) * scale)
    drawn.setDevicePixelRatio(scale)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    draw(painter, name, QRect(0, 0, size, size), colour)
    painter.end()
    return drawn


@lru_cache(maxsize=512)
def _drawn(name: str, colour: str, size: int, scale: float) -> QPixmap:
    """Tables draw the same few icons again with every frame."""
    return pixmap(name, size, QColor(colour), scale)


class _Engine(QIconEngine):
    def __init__(self, name: str, tone: Tone | None) -> None:
        super().__init__()
        self._name = name
        self._tone = tone

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Square and at the left: a wider icon size leaves room before the words of a button."""
        side = min(rect.width(), rect.height())
        scale = painter.device().devicePixelRatio()
        drawn = _drawn(self._name, self._colour(mode).name(), side, scale)
        painter.drawPixmap(rect.left(), rect.top() + (rect.height() - side) // 2, drawn)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        drawn = QPixmap(size)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return drawn

    def _colour(self, mode: QIcon.Mode) -> QColor:
        theme = colours()
        if mode == QIcon.Mode.Disabled:
            return QColor(theme.off)
        return theme.tone(self._tone) if self._tone else QColor(theme.text)
