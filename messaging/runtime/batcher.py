"""Gathers items while a write runs, and writes what has gathered together."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, Protocol, TypeVar

from messaging.errors import OrderDeskError

T = TypeVar("T")
Item = TypeVar("Item")
Result = TypeVar("Result")


class Loop(Protocol):
    """What is used of the thread that the items arrive in."""

    def when_done(
        self, future: Future[T], work: Callable[[T], object], failed: Callable[[OrderDeskError], object]
    ) -> None: ...

    def later(self, seconds: float, work: Callable[[], object]) -> object: ...


def _at_once(begin: Callable[[], None]) -> None:
    begin()


class Batcher(Generic[Item, Result]):
    """One write at a time, the oldest items first; in the loop's thread.

    A single item is written at once, and under load batches grow by themselves.
    """

    def __init__(
        self,
        loop: Loop,
        write: Callable[[list[Item]], Future[Result]],
        written: Callable[[list[Item], Result], object],
        failed: Callable[[OrderDeskError], object],
        *,
        limit: int | None = None,
        retry_after: float | None = None,
        begin_when: Callable[[Callable[[], None]], object] = _at_once,
    ) -> None:
        """`write` hands a batch to the database's thread. `limit`: items of a batch at most.

        `retry_after`: seconds after which a batch whose write has failed is written again, with what came since
        behind it; None: it is dropped. `begin_when` is given what begins a write, and calls it when that may be.
        """
        self._loop, self._write, self._written, self._failed = loop, write, written, failed
        self._limit, self._retry_after, self._begin_when = limit, retry_after, begin_when
        self._waiting: deque[Item] = deque()
        self._busy = False  # from the call of `begin_when` until the batch is written, or may be tried again

    @property
    def is_idle(self) -> bool:
        """No item waits, and no write runs."""
        return not self._busy and not self._waiting

    @property
    def waiting(self) -> int:
        """Items that are in no write yet."""
        return len(self._waiting)

    def add(self, item: Item) -> None:
        self._waiting.append(item)
        self._go_on()

    def clear(self) -> None:
        """Forget the items that are in no write yet."""
        self._waiting.clear()

    def flush(self) -> None:
        """After the loop: write what waits, and do not hear how it went."""
        while self._waiting:
            self._write(self._take())

    def _go_on(self) -> None:
        if self._waiting and not self._busy:
            self._busy = True
            self._begin_when(self._begin)

    def _begin(self) -> None:
        batch = self._take()
        if not batch:  # cleared since
            self._busy = False
            return
        self._loop.when_done(
            self._write(batch), lambda result: self._succeeded(batch, result), lambda error: self._missed(batch, error)
        )

    def _take(self) -> list[Item]:
        count = len(self._waiting) if self._limit is None else min(self._limit, len(self._waiting))
        return [self._waiting.popleft() for _ in range(count)]

    def _succeeded(self, batch: list[Item], result: Result) -> None:
        self._busy = False
        self._written(batch, result)
        self._go_on()

    def _missed(self, batch: list[Item], error: OrderDeskError) -> None:
        if self._retry_after is None:
            self._busy = False
        else:
            self._waiting.extendleft(reversed(batch))
            self._loop.later(self._retry_after, self._retry)
        self._failed(error)

    def _retry(self) -> None:
        self._busy = False
        self._go_on()
