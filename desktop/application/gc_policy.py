"""Python's cycles are collected in the GUI thread alone.

Otherwise the collector runs in whichever thread allocates, and a worker that happens to free a window's
widgets aborts the program.
"""

import gc

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QApplication

_EVERY = 500  # milliseconds between looks; a look costs nothing where little was made
_MUCH = 1.25  # so many times what was looked through as a whole


class GuiGarbage(QObject):
    """What outlives a look through everything is set aside: to look through it holds the window up for a twentieth
    of a second. That is done anew once much has come to it, or a window or dialog has gone."""

    def __init__(self) -> None:
        super().__init__()
        self._limits = gc.get_threshold()
        gc.disable()
        gc.freeze()  # what has been loaded stays
        self._whole, self._windows = gc.get_freeze_count(), 0
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        gc.unfreeze()
        gc.collect()
        gc.enable()

    def _look(self) -> None:
        """The oldest generation first, as Python itself does."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._limits[generation]:
                self.look_through() if generation == 2 else gc.collect(generation)
                return

    def look_through(self) -> None:
        """All but what is set aside; that too where it may hold something."""
        windows = len(QApplication.topLevelWidgets())
        is_whole = windows < self._windows or gc.get_freeze_count() > self._whole * _MUCH
        self._windows = windows
        if is_whole:
            gc.unfreeze()
        gc.collect()
        gc.freeze()
        if is_whole:
            self._whole = gc.get_freeze_count()
