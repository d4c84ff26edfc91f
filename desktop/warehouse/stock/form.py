"""The base of the forms under the stock."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QWidget


class Form(QFrame):
    """A card that Esc closes. Signal `closed`: it was left, whether something came of it or not."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._is_open = False
        self.hide()

    def open(self) -> None:
        self._is_open = True
        self.show()

    def put_away(self) -> None:
        """Close it for another form; `closed` is not emitted."""
        self._is_open = False
        self.hide()

    def _close(self) -> None:
        self.put_away()
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._close()
        else:
            super().keyPressEvent(event)
