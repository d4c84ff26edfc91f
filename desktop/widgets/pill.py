"""Shows a state as a pill: icon and word in their tone on a faint shade of it."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop.style import icons
from desktop.style.states import StateStyle
from desktop.style.theme import colours
from desktop.text.formats import plain_tip

_ICON, _PAD, _GAP = 14, 9, 5  # logical pixels


class StatePill(QWidget):
    """Shows one state; `prefix` says of which role ("Warehouse"), the tooltip gives the reason."""

    def __init__(self, style: StateStyle, prefix: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style, self._prefix, self._more = style, prefix, ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._set_accessible_name()

    def set_state(self, style: StateStyle, more: str = "", reason: str = "") -> None:
        """Show a state; `more` stands after its word, `reason` in the tooltip."""
        self._style, self._more = style, more
        self._set_accessible_name(reason)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        word = f"{self._prefix}: {self._style.word}" if self._prefix else self._style.word
        return f"{word} {self._more}".strip()

    def _set_accessible_name(self, reason: str = "") -> None:
        self.setAccessibleName(f"{self.text()}. {reason}" if reason else self.text())
        self.setToolTip(plain_tip(reason or self._style.hint))

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self.text()) + _ICON + _GAP + 2 * _PAD, metrics.height() + 8)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.wash(self._style.tone))
        radius = self.height() / 2
        painter.drawRoundedRect(self.rect(), radius, radius)
        top = (self.height() - _ICON) // 2
        ink = theme.tone(self._style.tone)
        icons.draw(painter, self._style.icon, QRect(QPoint(_PAD, top), QSize(_ICON, _ICON)), ink)
        painter.setPen(ink)
        room = self.rect().adjusted(_PAD + _ICON + _GAP, 0, -_PAD, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.end()
