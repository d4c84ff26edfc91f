"""How many messages a second this window sends and receives."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from messaging.telemetry.metrics import Count, Metrics

POLL_INTERVAL = 2000  # milliseconds
COUNTED = (Count.SENT, Count.RECEIVED, Count.PUBLISHED, Count.HEARD)


class TrafficRate(QObject):
    """Polls the counters. Signal `changed(float)`, messages a second, only when it differs from before."""

    changed = Signal(float)

    def __init__(self, metrics: Metrics, parent: QObject) -> None:
        super().__init__(parent)
        self._metrics = metrics
        self._count, self._polled_at, self._emitted = self._counted(), time.monotonic(), 0.0
        self._timer = QTimer(self, interval=POLL_INTERVAL)
        self._timer.timeout.connect(self.poll)
        self._timer.start()

    def poll(self) -> None:
        count, now = self._counted(), time.monotonic()
        rate = (count - self._count) / max(now - self._polled_at, 1e-3)
        self._count, self._polled_at = count, now
        if rate != self._emitted:
            self._emitted = rate
            self.changed.emit(rate)

    def _counted(self) -> int:
        counts = self._metrics.snapshot().counts
        return sum(counts[count] for count in COUNTED)
