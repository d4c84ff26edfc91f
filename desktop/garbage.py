"""Python's cycles are collected in the GUI thread alone.

Otherwise the collector runs in whichever thread allocates, and a worker that happens to free a window's
widgets aborts the program.
"""

import gc

from PySide6.QtCore import QObject, QTimer

_EVERY = 500  # milliseconds between looks; a look costs nothing where little was made


class GuiGarbage(QObject):
    def __init__(self) -> None:
        super().__init__()
        self._limits = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def close(self) -> None:
        self._timer.stop()
        gc.collect()
        gc.enable()

    def _look(self) -> None:
        """The oldest generation first, as Python itself does."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._limits[generation]:
                gc.collect(generation)
                return
