"""Draws keys as caps: `Ctrl+Shift+N` as three of them."""

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.style.theme import colours

_PAD, _GAP, _TALL = 6, 3, 20  # logical pixels


def keys_width(metrics: QFontMetrics, keys: str) -> int:
    caps = _caps(keys)
    return sum(metrics.horizontalAdvance(cap) + 2 * _PAD for cap in caps) + _GAP * (len(caps) - 1)


def draw_keys(painter: QPainter, room: QRect, keys: str) -> None:
    """Draw the keys from the left of `room`, vertically centred."""
    ink, left = colours(), room.left()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for cap in _caps(keys):
        width = painter.fontMetrics().horizontalAdvance(cap) + 2 * _PAD
        box = QRect(left, room.center().y() - _TALL // 2 + 1, width, _TALL)
        painter.setPen(QPen(QColor(ink.control), 1))
        painter.setBrush(QColor(ink.window))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setPen(QColor(ink.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, cap)
        left += width + _GAP


def _caps(keys: str) -> list[str]:
    """Split a shortcut into its keys; `Ctrl++` ends with the key +."""
    before, is_plus = keys.removesuffix("+"), keys.endswith("+")
    return [*filter(None, before.split("+")), *(["+"] if is_plus else [])]


def key_words(keys: QKeySequence) -> str:
    """A shortcut with the names that stand on keyboards; Qt names one key otherwise."""
    shown = keys.toString(QKeySequence.SequenceFormat.NativeText)
    return shown.replace("Return", QCoreApplication.translate("KeyCaps", "Enter"))


class KeyCaps(QWidget):
    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.keys = keys
        self.setAccessibleName(keys)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(keys_width(self.fontMetrics(), self.keys), _TALL + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        draw_keys(painter, self.rect(), self.keys)
        painter.end()
