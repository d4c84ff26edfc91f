"""A bar code reader that acts as a keyboard: a product's name in a burst of keys that ends with Enter."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QAbstractSpinBox, QApplication, QLineEdit, QWidget

from desktop.client.typed import count_before

GAP = 0.05  # seconds between two keys at most: readers take 1 to 20 ms, nobody types a word faster than 60 ms a key
SHORTEST = 3  # characters


class Scanner(QObject):
    """Watches the keys of whatever part of `page` has the focus. Signal `scanned(name, quantity)`.

    Only a burst that `products_named` knows is taken; its characters are taken back from the field they went to,
    and with them the quantity that was typed before it.
    """

    scanned = Signal(str, int)

    def __init__(self, page: QWidget, products_named: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__(page)
        self._page, self._products_named = page, products_named
        self._watched: QWidget | None = None
        self._typed, self._last = "", 0.0
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        """Only one widget is watched at a time: a filter on all would cost each event of the program."""
        if self._watched is not None:
            self._watched.removeEventFilter(self)
            self._watched.destroyed.disconnect(self._forget)
        self._watched = now if now is not None and self._page.isAncestorOf(now) else None
        if self._watched is not None:
            self._watched.installEventFilter(self)
            self._watched.destroyed.connect(self._forget)

    def _forget(self) -> None:
        self._watched = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        # when the key was pressed, not when a busy window came to it; tests press keys without a time
        present = event.timestamp() / 1000 or time.monotonic()
        if present - self._last > GAP:
            self._typed = ""
        self._last = present
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return self._ends(event)
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._typed = ""  # a hand chooses
        elif event.text().isprintable():
            self._typed += event.text()
        return False

    def _ends(self, event: QKeyEvent) -> bool:
        typed, self._typed = self._typed, ""
        plain_enter = event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
        names = self._products_named(typed) if len(typed) >= SHORTEST and plain_enter else ()
        if len(names) != 1:
            return False
        self.scanned.emit(names[0], self._take_back(typed))
        return True

    def _take_back(self, typed: str) -> int:
        """The reader cannot know where the cursor stood. Gives the quantity that stood before the code, else 1."""
        field, typed = self._watched, typed.lstrip()
        if isinstance(field, QLineEdit) and field.text().endswith(typed):
            before = field.text()[: -len(typed)]
            count = count_before(before)
            field.setText("" if count else before)
            return count or 1
        if isinstance(field, QAbstractSpinBox):
            view = _view_around(field)
            if view is not None:
                view.setFocus()
                field.deleteLater()
        return 1


def _view_around(field: QWidget) -> QAbstractItemView | None:
    parent = field.parentWidget()
    while parent is not None and not isinstance(parent, QAbstractItemView):
        parent = parent.parentWidget()
    return parent
