"""Carries items from worker threads to the window: at most one signal per frame, with a list of items."""

import threading
import time
from collections.abc import Iterable
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

FRAME = 0.033  # seconds; 30 pictures a second are enough for a table
FLOOD = 0.1  # seconds between two frames of more than MANY: nobody reads so fast, and drawing takes its time
MANY = 10

T = TypeVar("T")


class Batches(QObject, Generic[T]):
    """Made in the GUI thread; `add` may be called from any thread. Signal `arrived(list)`.

    A first item after a pause goes through at once, so that a single order is shown without delay.
    """

    arrived = Signal(list)
    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._items: list[T] = []
        self._next = 0.0  # when the next signal is due, monotonic
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._flush)
        self._woken.connect(self._wake, Qt.ConnectionType.QueuedConnection)

    def add(self, items: Iterable[T]) -> None:
        with self._lock:
            was_empty = not self._items
            self._items.extend(items)
            wake = was_empty and bool(self._items)
        if wake:
            self._woken.emit()

    @Slot()
    def _wake(self) -> None:
        left = self._next - time.monotonic()
        if left <= 0:
            self._flush()
        else:
            self._timer.start(int(left * 1000) + 1)

    @Slot()
    def _flush(self) -> None:
        with self._lock:
            items, self._items = self._items, []
        self._next = time.monotonic() + (FLOOD if len(items) > MANY else FRAME)
        if items:
            self.arrived.emit(items)
