"""How long a Qt loop lets others wait."""

import os
import threading
import time
from typing import NamedTuple

from PySide6.QtCore import QObject, Qt, QTimer

TICK = 0.005  # seconds
KEPT = 0.015  # seconds; shorter ones are not written down


class Gap(NamedTuple):
    """When it ended, how long it was, what of it this thread computed, and waited for a core; in seconds."""

    at: float
    late: float
    computed: float
    queued: float

    @property
    def own(self) -> float:
        """Without what the machine was busy with other things."""
        return self.late - self.queued


class Gaps(QObject):
    """`found`: the turns that came too late."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Gap] = []
        self._schedule = os.open(f"/proc/self/task/{threading.get_native_id()}/schedstat", os.O_RDONLY)
        self._last, self._used = time.monotonic(), self._read()
        self._timer = QTimer(self, interval=int(TICK * 1000), timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._timer.start()

    def _tick(self) -> None:
        present, used = time.monotonic(), self._read()
        late = present - self._last - TICK
        if late > KEPT:
            self.found.append(Gap(present, late, used[0] - self._used[0], used[1] - self._used[1]))
        self._last, self._used = present, used

    def _read(self) -> tuple[float, float]:
        running, waiting, _ = os.pread(self._schedule, 100, 0).split()
        return int(running) / 1e9, int(waiting) / 1e9
