"""Draws the values of the last minute as a small line."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.style.theme import accent_in, colours
from desktop.text.formats import plain_tip

SECONDS = 60
SIZE = QSize(64, 24)  # logical pixels


class Sparkline(QWidget):
    """One value a second, the newest at the right; `words(highest)` is the text of the tool tip."""

    def __init__(self, name: str, words: Callable[[float], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: deque[float] = deque([0.0] * SECONDS, maxlen=SECONDS)
        self._name, self._words = name, words
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return SIZE

    def values(self) -> tuple[float, ...]:
        return tuple(self._values)

    def add(self, value: float) -> None:
        was_flat = not any(self._values)
        self._values.append(value)
        if was_flat and not value:
            return
        words = self._words(max(self._values))
        self.setToolTip(plain_tip(words))
        self.setAccessibleDescription(words)
        self.update()

    def ink(self) -> QColor:
        return accent_in(self)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(1, 2, -1, -2)
        top = max(self._values) or 1.0
        step = room.width() / (SECONDS - 1)
        line = [
            QPointF(room.left() + n * step, room.bottom() - room.height() * value / top)
            for n, value in enumerate(self._values)
        ]
        ink = self.ink()
        shade = QColor(ink)
        shade.setAlphaF(0.18)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade)
        painter.drawPolygon(QPolygonF([room.bottomLeft(), *line, room.bottomRight()]))
        painter.setPen(QPen(ink if any(self._values) else QColor(colours().line), 1.4))
        painter.drawPolyline(QPolygonF(line))
        painter.end()
