"""A thread for each database, so that neither the window nor a connection to RabbitMQ waits for it."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Concatenate, Generic, ParamSpec, Protocol, Self, TypeVar


class Store(Protocol):
    def close(self) -> None: ...


P = ParamSpec("P")
S = TypeVar("S", bound=Store)
T = TypeVar("T")


class DatabaseThread(Generic[S]):
    """Runs work on a store, one piece after the other, in a thread of its own.

    The store is opened by the first piece of work; where opening fails, that work fails with the
    reason and the next one tries again.
    """

    def __init__(self, name: str, open_store: Callable[[], S]) -> None:
        self._open_store = open_store
        self._store: S | None = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=name)
        self._closed = threading.Event()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def ask(self, work: Callable[Concatenate[S, P], T], *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run `work(store, *args)` in the database's thread, asked from any thread.

        The future holds the result or the error. Raises RuntimeError once closed.
        """
        return self._executor.submit(self._do, lambda store: work(store, *args, **kwargs))

    def close(self) -> None:
        """Finish what is waiting, close the store, end the thread."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._executor.submit(self._end)
        self._executor.shutdown(wait=True)

    def _do(self, work: Callable[[S], T]) -> T:
        if self._store is None:
            self._store = self._open_store()
        return work(self._store)

    def _end(self) -> None:
        if self._store is not None:
            self._store.close()
