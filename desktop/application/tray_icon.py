"""Draws the tray icon separately for each size that trays use: a large picture made smaller would be blurred."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QIcon, QPainter, QPixmap

from desktop.style import icons
from desktop.style.colours import LIGHT, ink_on

SIZES = (16, 20, 22, 24, 32, 40, 44, 48, 64, 96)  # pixels
MOST = 99  # more is drawn as 99+


def tray_icon(count: int) -> QIcon:
    icon = QIcon()
    for side in SIZES:
        icon.addPixmap(picture(count, side))
    return icon


def picture(count: int, side: int) -> QPixmap:
    """A box, with the number of unread notices in a pill."""
    drawn = QPixmap(side, side)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(LIGHT.info))
    painter.drawRoundedRect(QRectF(0, 0, side, side), side / 6, side / 6)
    margin = round(side / 8)
    box = QRect(margin, margin, side - 2 * margin, side - 2 * margin)
    icons.draw(painter, "package", box, ink_on(QColor(LIGHT.info)))
    if count:
        _draw_count(painter, str(count) if count <= MOST else f"{MOST}+", side)
    painter.end()
    return drawn


def _draw_count(painter: QPainter, words: str, side: int) -> None:
    """Draw the number in a pill at the lower right, as wide as the number needs."""
    high = round(side * 0.58)
    font = QFont(painter.font())
    font.setBold(True)
    font.setPixelSize(round(high * (0.85 if len(words) < 3 else 0.7)))  # a picture: it follows the pill
    wide = min(max(QFontMetricsF(font).horizontalAdvance(words) + high * 0.3, high), side)
    pill = QRectF(side - wide, side - high, wide, high)
    painter.setBrush(QColor(LIGHT.bad))
    painter.drawRoundedRect(pill, high / 2, high / 2)
    painter.setFont(font)
    painter.setPen(QColor("white"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, words)
