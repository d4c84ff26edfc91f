"""Tells in the window's thread what changed in a history, whoever heard of it first."""

from PySide6.QtCore import QObject, Qt, Signal

from desktop.role.batches import Batches
from messaging.history.history import History
from messaging.history.records import PlacedOrder, StoredNotice


class HistoryFeed(QObject):
    """A page follows first and reads then, so that nothing is lost between the two.

    `orders` and `notices` bring what was written, here or in another window of the same user; signal
    `marked(rows, all_to)` what was read, see ReadWatcher.
    """

    marked = Signal(list, int)
    _told = Signal(list, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.orders: Batches[PlacedOrder] = Batches(self)
        self.notices: Batches[StoredNotice] = Batches(self)
        self._told.connect(self.marked, Qt.ConnectionType.QueuedConnection)
        self._history: History | None = None

    def follow(self, history: History | None) -> None:
        """None: nobody's any more."""
        if self._history is not None:
            self._history.unsubscribe(self)
            self._history.unwatch_reading(self)
        self._history = history
        if history is not None:
            history.subscribe(self)
            history.watch_reading(self)

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        """In the history's thread, as the next two."""
        self.orders.add(orders)

    def notices_arrived(self, notices: list[StoredNotice]) -> None:
        self.notices.add(notices)

    def marked_read(self, rows: list[int], all_to: int) -> None:
        self._told.emit(rows, all_to)
