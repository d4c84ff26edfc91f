"""Lucide icons from resources/icons, drawn in the colour of the palette at the moment of painting.

So a theme that changes needs no new icons, and every size and scale is crisp.
"""

from functools import cache, lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

import resources
from desktop.style.colours import Tone
from desktop.style.theme import colours

_FOLDER = Path(resources.__file__).parent / "icons"
_looks: dict[int, tuple[str, Tone | None]] = {}  # name and tone of each icon made, by its cache key


@lru_cache(maxsize=512)
def _renderer(name: str, colour: str) -> QSvgRenderer:
    text = (_FOLDER / f"{name}.svg").read_text("utf-8").replace("currentColor", colour)
    return QSvgRenderer(QByteArray(text.encode()))


def draw(painter: QPainter, name: str, rect: QRect, colour: QColor) -> None:
    """Draw an icon, for delegates and widgets that paint themselves."""
    _renderer(name, colour.name()).render(painter, QRectF(rect))


@cache
def icon(name: str, tone: Tone | None = None) -> QIcon:
    """An icon for a button, action or tab; in the colour of the text unless a tone is given."""
    made = QIcon(_Engine(name, tone))
    _looks[made.cacheKey()] = name, tone
    return made


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
    """A cached pixmap: tables draw the same few icons with every frame."""
    return pixmap(name, size, QColor(colour), scale)


def drawn(picture: QIcon, size: int, scale: float) -> QPixmap | None:
    """The pixmap of one of these icons, for code that draws many: Qt would call the Python engine each time.

    None for any other icon.
    """
    look = _looks.get(picture.cacheKey())
    return _drawn(look[0], _colour(look[1]).name(), size, scale) if look else None


class _Engine(QIconEngine):
    def __init__(self, name: str, tone: Tone | None) -> None:
        super().__init__()
        self._name = name
        self._tone = tone

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Paint the icon square and at the left: a wider icon size leaves a gap before a button's words."""
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
        return QColor(colours().off) if mode == QIcon.Mode.Disabled else _colour(self._tone)


def _colour(tone: Tone | None) -> QColor:
    return colours().tone(tone) if tone else QColor(colours().text)
