"""Tells in the window's thread what was read, here or in another window of the same user."""

from PySide6.QtCore import QObject, Qt, Signal

from messaging.history.history import History


class Reading(QObject):
    """Signal `marked(rows, all_to)`, see ReadWatcher."""

    marked = Signal(list, int)
    _told = Signal(list, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._told.connect(self.marked, Qt.ConnectionType.QueuedConnection)
        self._history: History | None = None

    def follow(self, history: History | None) -> None:
        """None: nobody's any more."""
        if self._history is not None:
            self._history.unwatch_reading(self)
        self._history = history
        if history is not None:
            history.watch_reading(self)

    def marked_read(self, rows: list[int], all_to: int) -> None:
        """In the history's thread."""
        self._told.emit(rows, all_to)
