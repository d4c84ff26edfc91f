"""How long a Qt loop lets others wait."""

import time
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer

from tests.benchmarks.window.cores import Waits

TICK = 0.005  # seconds
KEPT = 0.015  # seconds; shorter ones are not written down


class Gap(NamedTuple):
    """When it ended, how long it was, what of it this thread computed, and was waited for a core; in seconds."""

    at: float
    late: float
    computed: float
    queued: float

    @property
    def own(self) -> float:
        """Without what the machine was busy with other things."""
        return max(self.late - self.queued, self.computed)


class Gaps(QObject):
    """`found`: the turns that came too late."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Gap] = []
        self._waits = Waits()
        self._last = time.monotonic()
        self._timer = QTimer(self, interval=int(TICK * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        present, (computed, queued) = time.monotonic(), self._waits.since_last()
        late = present - self._last - TICK
        if late > KEPT:
            self.found.append(Gap(present, late, computed, queued))
        self._last = present
