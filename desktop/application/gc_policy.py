"""Python's cycles are collected in the GUI thread alone.

Otherwise the collector runs in whichever thread allocates, and a worker that happens to free a window's
widgets aborts the program.
"""

import gc

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

_INTERVAL = 500  # milliseconds between two checks; a check costs nothing where few objects were made
_GROWTH = 1.25  # factor: when the frozen objects have grown by it, they are collected, too


class GuiGarbage(QObject):
    """Collects garbage from a timer in the GUI thread, and freezes what survives a full collection.

    A collection of everything holds the window up for about 50 ms, so it looks at frozen objects only when they have
    grown by a quarter, or when a window or dialog has gone.
    """

    def __init__(self) -> None:
        super().__init__()
        self._limits = gc.get_threshold()
        gc.disable()
        gc.freeze()  # what has been loaded stays
        self._whole, self._windows = gc.get_freeze_count(), 0
        self._timer = QTimer(self, interval=_INTERVAL)
        self._timer.timeout.connect(self._poll)
        self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    def _poll(self) -> None:
        """Collect the oldest generation that is over its limit, as Python itself does."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._limits[generation]:
                self.collect() if generation == 2 else gc.collect(generation)
                return

    def collect(self) -> None:
        """Collect all generations; the frozen objects, too, where garbage may be among them."""
        windows = len(QApplication.topLevelWidgets())
        is_whole = windows < self._windows or gc.get_freeze_count() > self._whole * _GROWTH
        self._windows = windows
        if is_whole:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        if is_whole:
            self._whole = gc.get_freeze_count()
