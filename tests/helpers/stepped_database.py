"""The port of a database's thread without the thread: work on a real store is done at once, or when the test says."""

import shutil
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from messaging.errors import OrderDeskError
from messaging.history.history import History
from messaging.history.store.history_store import HistoryStore
from messaging.runtime.database_thread import DatabaseThread, S
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import new_books

P = ParamSpec("P")
T = TypeVar("T")


class Stepped(DatabaseThread[S]):
    """`held`: work waits for `work_on()`; `fault`: work fails with it, and changes nothing."""

    held = False
    fault: OrderDeskError | None = None
    pieces = 0  # of work that were asked for

    def ask(self, work: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        self.pieces += 1
        self._pieces().append(lambda: self._work(lambda store: work(store, *args, **kwargs), future))
        if not self.held:
            self.work_on()
        return future

    def work_on(self) -> None:
        """All of the work that waits."""
        pieces = self._pieces()
        while pieces:
            pieces.popleft()()

    def peek(self, work: Callable[[S], T]) -> T:
        """What a test wants to know, whether work is held or not."""
        return self._do(work)

    def close(self) -> None:
        self.held, self.fault = False, None
        self._pieces().clear()
        self._end()

    def _pieces(self) -> deque[Callable[[], None]]:
        found: deque[Callable[[], None]] = self.__dict__.setdefault("_waiting_pieces", deque())
        return found

    def _work(self, work: Callable[[S], T], future: "Future[T]") -> None:
        try:
            if self.fault is not None:
                raise self.fault
            future.set_result(self._do(work))
        except Exception as error:  # noqa: BLE001  # as in a real thread: for whoever waits for the future
            future.set_exception(error)


class SteppedBooks(Stepped[WarehouseStore]):
    """The warehouse's books with the ten products they begin with, in SQLite."""

    def __init__(self, folder: Path) -> None:
        path = folder / "books.sqlite"
        shutil.copy(new_books(), path)
        super().__init__("books", lambda: WarehouseStore(f"sqlite:///{path}"))


class SteppedHistory(Stepped[HistoryStore], History):
    """A user's own history, in SQLite."""
