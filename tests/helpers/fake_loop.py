"""The loop's port without a thread and a clock: work waits until the test lets it go on, time until it advances."""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from messaging.broker.event_loop import BrokerLoop

T = TypeVar("T")


class FakeLoop(BrokerLoop):
    def __init__(self) -> None:
        """Not the loop's own: there is no pika behind this one."""
        self.now = 0.0  # seconds
        self._due: deque[Callable[[], object]] = deque()
        self._timers: list[tuple[float, Callable[[], object]]] = []

    def post(self, work: Callable[[], object]) -> bool:
        self._due.append(work)
        return True

    def ask(self, work: Callable[[Future[T]], object]) -> Future[T]:
        future: Future[T] = Future()
        self.post(lambda: work(future))
        return future

    def later(self, seconds: float, work: Callable[[], object]) -> object:
        timer = (self.now + seconds, work)
        self._timers.append(timer)
        return timer

    def cancel(self, handle: object) -> None:
        self._timers = [timer for timer in self._timers if timer is not handle]

    def go_on(self) -> None:
        """Until nothing is left that could be done now."""
        while self._due:
            self._due.popleft()()

    def advance(self, seconds: float) -> None:
        """Call what falls due in this time, each at its own."""
        self.go_on()
        end = self.now + seconds
        while due := [timer for timer in self._timers if timer[0] <= end]:
            first = min(due, key=lambda timer: timer[0])
            self.cancel(first)
            self.now = first[0]
            first[1]()
            self.go_on()
        self.now = end
