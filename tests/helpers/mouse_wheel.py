"""The mouse wheel."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget


def turn_wheel(widget: QWidget) -> bool:
    """One notch over the middle; whether the widget took it."""
    where = QPointF(widget.rect().center())
    at = QPointF(widget.mapToGlobal(where.toPoint()))
    no = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(where, at, QPoint(), QPoint(0, -120), *no, False)
    QApplication.sendEvent(widget, event)
    return event.isAccepted()
