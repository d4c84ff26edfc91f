"""How long a Qt loop lets others wait."""

import time

from PySide6.QtCore import QObject, Qt, QTimer

TICK = 0.005  # seconds
KEPT = 0.015  # seconds; shorter ones are not written down


class Gaps(QObject):
    """`found`: when a turn came too late, by how much, and how much of that this thread computed; in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[float, float, float]] = []
        self._last, self._computed = time.monotonic(), time.thread_time()
        self._timer = QTimer(self, interval=int(TICK * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        present, computed = time.monotonic(), time.thread_time()
        late = present - self._last - TICK
        if late > KEPT:
            self.found.append((present, late, computed - self._computed))
        self._last, self._computed = present, computed
