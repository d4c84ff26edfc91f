"""A user's history with its own thread, and the watchers of its changes."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol, TypeVar

from messaging.domain.notices import Notice
from messaging.history.leadership import Leadership
from messaging.history.records import PlacedOrder, StoredNotice
from messaging.history.store.database.damage import named
from messaging.history.store.history_store import HistoryStore
from messaging.runtime.database_thread import DatabaseThread
from messaging.runtime.upgrading import Told, nobody

T = TypeVar("T")

RECENT = 4096  # event ids


class HistoryWatcher(Protocol):
    """Told in the history's thread; must return at once."""

    def orders_changed(self, orders: list[PlacedOrder]) -> None: ...

    def notices_arrived(self, notices: list[StoredNotice]) -> None: ...


class ReadWatcher(Protocol):
    """Told in the history's thread; must return at once."""

    def marked_read(self, rows: list[int], all_to: int) -> None:
        """These notices were read, here or in another window; and all up to row `all_to`."""


class History(DatabaseThread[HistoryStore]):
    """One per window: its client and its notifications share it, and one of them listens for both.

    What is told is what the file says has changed since the last look; so a second window of the same
    user, which calls `poll()` now and then, tells the same.
    """

    def __init__(self, path: Path, user_id: str, told: Told = nobody) -> None:
        """`told` what is under way while an older history is opened."""
        super().__init__("history", lambda: self._open(path, user_id))
        self._path, self._told = path, told
        self._lock = threading.Lock()
        self._watchers: tuple[HistoryWatcher, ...] = ()
        self._readers: tuple[ReadWatcher, ...] = ()
        self._version = 0
        self._last_row = 0
        self.leadership = Leadership()
        self._recent: OrderedDict[str, None] = OrderedDict()  # ids of notices that are on disk, the newest last

    def subscribe(self, watcher: HistoryWatcher) -> None:
        with self._lock:
            self._watchers = (*self._watchers, watcher)

    def unsubscribe(self, watcher: HistoryWatcher) -> None:
        with self._lock:
            self._watchers = tuple(w for w in self._watchers if w is not watcher)

    def watch_reading(self, watcher: ReadWatcher) -> None:
        with self._lock:
            self._readers = (*self._readers, watcher)

    def unwatch_reading(self, watcher: ReadWatcher) -> None:
        with self._lock:
            self._readers = tuple(w for w in self._readers if w is not watcher)

    def mark_read(self, rows: Sequence[int] | None = None) -> Future[None]:
        """None: all of them. Who watches reading is told, in this window and the others."""
        return self.ask(self._mark_read, rows)

    def apply(
        self, notices: list[Notice], missed: bool, headers: Sequence[str] = (), *, anew: bool = False
    ) -> Future[None]:
        """Keep notices, each once, with how they travelled, and move my orders on; `anew` as for the store."""
        return self.ask(self.apply_in_thread, notices, missed, headers, anew)

    def poll(self) -> Future[None]:
        """Emit what other windows of this user have written since the last time, or since the file was opened."""
        return self.ask(self.emit_changes)

    def emit_changes(self, store: HistoryStore) -> None:
        """Call the watchers with what changed since the last time; in the history's thread."""
        self._version, orders, notices, all_read_to = store.changes(self._version)
        self._emit_reading([kept.row for kept in notices if kept.read], all_read_to)
        arrived = [kept for kept in notices if kept.row > self._last_row]
        if arrived:
            self._last_row = arrived[-1].row
        for watcher in self._watchers:
            if arrived:
                watcher.notices_arrived(arrived)
            if orders:
                watcher.orders_changed(orders)

    def _emit_reading(self, rows: list[int], all_to: int) -> None:
        for reader in self._readers if rows or all_to else ():
            reader.marked_read(rows, all_to)

    def _mark_read(self, store: HistoryStore, rows: Sequence[int] | None) -> None:
        store.notices.mark_read(rows)
        self.emit_changes(store)

    def _do(self, work: Callable[[HistoryStore], T]) -> T:
        with named(self._path):
            return super()._do(work)

    def _open(self, path: Path, user_id: str) -> HistoryStore:
        store = HistoryStore(path, user_id, self._told)
        self._version, self._last_row = store.standing()
        return store

    def apply_in_thread(
        self, store: HistoryStore, notices: list[Notice], missed: bool, headers: Sequence[str], anew: bool
    ) -> None:
        """A notice that comes live and by asking needs not to be written the second time."""
        pairs = zip(notices, headers or [""] * len(notices), strict=True)
        news = [(notice, travelled) for notice, travelled in pairs if anew or notice.event_id not in self._recent]
        if news:
            store.notices.apply([notice for notice, _ in news], missed, [travelled for _, travelled in news], anew=anew)
            self._recent.update((notice.event_id, None) for notice, _ in news)
            while len(self._recent) > RECENT:
                self._recent.popitem(last=False)
        self.emit_changes(store)
