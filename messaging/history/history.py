"""A user's history with its own thread, and the ones who want to know when it changes."""

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol

from messaging.database_thread import DatabaseThread
from messaging.history.records import KeptNotice, PlacedOrder
from messaging.history.store import HistoryStore
from messaging.notices import Notice


class HistoryWatcher(Protocol):
    """Told in the history's thread; must return at once."""

    def orders_changed(self, orders: list[PlacedOrder]) -> None: ...

    def notices_arrived(self, notices: list[KeptNotice]) -> None: ...


class History(DatabaseThread[HistoryStore]):
    """One per window: its client and its notifications share it, whoever hears of a notice first."""

    def __init__(self, path: Path, user_id: str) -> None:
        super().__init__("history", lambda: HistoryStore(path, user_id))
        self._lock = threading.Lock()
        self._watchers: tuple[HistoryWatcher, ...] = ()

    def subscribe(self, watcher: HistoryWatcher) -> None:
        with self._lock:
            self._watchers = (*self._watchers, watcher)

    def unsubscribe(self, watcher: HistoryWatcher) -> None:
        with self._lock:
            self._watchers = tuple(w for w in self._watchers if w is not watcher)

    def apply(self, notices: list[Notice], missed: bool) -> Future[int]:
        """Keep notices, each once, and move my orders on; the future holds how many were new."""
        return self.ask(lambda store: self._apply(store, notices, missed))

    def tell_orders(self, orders: list[PlacedOrder]) -> None:
        """Tell the watchers of changed orders; in the history's thread."""
        for watcher in self._watchers if orders else ():
            watcher.orders_changed(orders)

    def _apply(self, store: HistoryStore, notices: list[Notice], missed: bool) -> int:
        applied = store.apply(notices, missed)
        for watcher in self._watchers if applied.new else ():
            watcher.notices_arrived(applied.new)
        self.tell_orders(applied.orders)
        return len(applied.new)
