"""Brings the changes of a history into the window's thread, whichever window has caused them."""

from PySide6.QtCore import QObject, Qt, Signal

from desktop.role.batches import Batches
from messaging.history.history import History
from messaging.history.records import PlacedOrder, StoredNotice


class HistoryFeed(QObject):
    """Follows one history at a time. Follow first and read then, so that nothing is lost in between.

    `orders` and `notices` bring what was written, here or in another window of the same user; signal
    `marked(rows, all_to)` what was read, see ReadWatcher.
    """

    marked = Signal(list, int)
    _read = Signal(list, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.orders: Batches[PlacedOrder] = Batches(self)
        self.notices: Batches[StoredNotice] = Batches(self)
        self._read.connect(self.marked, Qt.ConnectionType.QueuedConnection)
        self._history: History | None = None

    def follow(self, history: History | None) -> None:
        """Follow this history instead of the one before; None follows none."""
        if self._history is not None:
            self._history.unsubscribe(self)
            self._history.unwatch_reading(self)
        self._history = history
        if history is not None:
            history.subscribe(self)
            history.watch_reading(self)

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        """Called in the history's thread, as are the next two methods."""
        self.orders.add(orders)

    def notices_arrived(self, notices: list[StoredNotice]) -> None:
        self.notices.add(notices)

    def marked_read(self, rows: list[int], all_to: int) -> None:
        self._read.emit(rows, all_to)
