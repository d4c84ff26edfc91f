"""How many messages a second this window sends and receives."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from messaging.telemetry.metrics import Count, Metrics

EVERY = 2000  # milliseconds between looks
MOVED = (Count.SENT, Count.RECEIVED, Count.PUBLISHED, Count.HEARD)


class Rate(QObject):
    """Signal `changed(float)`, messages a second, only when it differs from before."""

    changed = Signal(float)

    def __init__(self, metrics: Metrics, parent: QObject) -> None:
        super().__init__(parent)
        self._metrics = metrics
        self._last, self._at, self._told = self._moved(), time.monotonic(), 0.0
        self._timer = QTimer(self, interval=EVERY)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def look(self) -> None:
        moved, now = self._moved(), time.monotonic()
        rate = (moved - self._last) / max(now - self._at, 1e-3)
        self._last, self._at = moved, now
        if rate != self._told:
            self._told = rate
            self.changed.emit(rate)

    def _moved(self) -> int:
        counts = self._metrics.snapshot().counts
        return sum(counts[count] for count in MOVED)
