"""Buttons that ask for a second click before what cannot be undone, and ignore accidental clicks."""

import time
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QInputEvent, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication

from desktop.widgets.buttons import set_words

SURE = 4000  # milliseconds in which a second click counts
FEW = 20  # rows up to which one click is enough, where the button does not always ask
_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.KeyPress, QEvent.Type.Shortcut)
_PRESSING_KEYS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select)


class TwoClicks(QObject):
    """Makes a button ask for a second click. Signals: `asked` after the first click, `meant` after the second, and
    `ended` when it does not ask any more.

    The second half of a double click and the repeats of a held key do not count.
    """

    asked = Signal()
    meant = Signal()
    ended = Signal()

    def __init__(self, button: QAbstractButton, question: Callable[[], str]) -> None:
        """`question` gives the button's words while it asks; an empty text where one click is enough."""
        super().__init__(button)
        self._button, self._question, self._words = button, question, button.text()
        self._last = 0.0
        self._timer = QTimer(self, singleShot=True, interval=SURE)
        self._timer.timeout.connect(self.ask_anew)
        button.installEventFilter(self)
        button.clicked.connect(self._click)

    @property
    def is_asking(self) -> bool:
        return self._timer.isActive()

    def set_words(self, words: str) -> None:
        """Set the words of the button for when it does not ask."""
        self._words = words
        if not self.is_asking:
            set_words(self._button, words)

    def ask_anew(self) -> None:
        """Stop asking: what was asked about has changed, or SURE milliseconds have passed."""
        self._timer.stop()
        set_words(self._button, self._words)
        self.ended.emit()

    def _click(self) -> None:
        question = self._question()
        if question and not self.is_asking:
            set_words(self._button, question)
            self._timer.start()
            self.asked.emit()
        else:
            self.ask_anew()
            self.meant.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._last = _moment(event)
            return True
        return event.type() in _PRESSES and self._is_slip(event)

    def _is_slip(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.key() not in _PRESSING_KEYS:
                return False
            if event.isAutoRepeat():
                return True
        before, self._last = self._last, _moment(event)
        return 0 <= self._last - before < QApplication.doubleClickInterval() / 1000


def _moment(event: QEvent) -> float:
    """When an input was made, in seconds: not when a busy window came to handle it."""
    done = event.timestamp() / 1000 if isinstance(event, QInputEvent) else 0.0
    return done or time.monotonic()
