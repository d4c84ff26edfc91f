"""One pika ioloop in one thread, and how other threads run work in it."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, TypeVar

from pika.adapters.select_connection import IOLoop

from messaging.errors import BrokerUnavailable, OrderDeskError
from messaging.phrases import phrase

T = TypeVar("T")

LINGER_SECONDS = 0.5  # that unfinished work may take before the connections close
POLL = 0.01  # seconds between two polls whether unfinished work is done
CLOSING_SECONDS = 1.0  # until connections that do not close are cut


class BrokerLoop:
    """Serves connections in the thread that calls `run()`, until `stop()`.

    A stopped pika loop accepts callbacks and never runs them: so none is added after the end (under a lock), and every
    future still open then fails with BrokerUnavailable.
    """

    def __init__(self) -> None:
        self._loop = IOLoop()
        self._lock = threading.Lock()
        self._open = True
        self._waiting: set[Future[Any]] = set()
        self._closers: list[Callable[[Callable[[], None]], None]] = []
        self._aborters: list[Callable[[], None]] = []
        self._still_closing = 0
        self._stopping = False

    @property
    def pika_loop(self) -> IOLoop:
        return self._loop

    def on_stop(self, close: Callable[[Callable[[], None]], None], abort: Callable[[], None]) -> None:
        """Before the loop ends `close(done)` is called and `done` awaited; then `abort()` where time ran out."""
        self._closers.append(close)
        self._aborters.append(abort)

    def run(self) -> None:
        """Serve until `stop()`, or until a bug; in the calling thread."""
        try:
            self._loop.start()
        except Exception:
            self._give_up_closing()  # else the sockets would stay open
            self._loop.start()
            raise
        finally:
            self._end()

    def call(self, work: Callable[[], T]) -> Future[T]:
        """Run `work` in the loop's thread; from any thread. Fails with BrokerUnavailable once it ends."""
        return self.ask(lambda answer: answer.set_result(work()))

    def ask(self, work: Callable[[Future[T]], object]) -> Future[T]:
        """Like `call` where the answer comes later: `work` is given the future to set it on, in the loop's thread."""
        future: Future[T] = Future()
        with self._lock:
            if not self._open:
                future.set_exception(BrokerUnavailable(phrase("event_loop.the_connection_to_rabbitmq_has_been")))
                return future
            self._waiting.add(future)
            self._loop.add_callback_threadsafe(lambda: self._do(work, future))
        return future

    def post(self, work: Callable[[], object]) -> bool:
        """Like `call` where no answer is wanted; False once the loop has ended."""
        with self._lock:
            if self._open:
                self._loop.add_callback_threadsafe(work)
            return self._open

    def when_done(
        self, future: Future[T], work: Callable[[T], object], failed: Callable[[OrderDeskError], object]
    ) -> None:
        """Go on in the loop's thread with a future's result, or with its known error; a bug stops the loop."""
        future.add_done_callback(lambda done: self.post(lambda: self._go_on(done, work, failed)))

    def later(self, seconds: float, work: Callable[[], object]) -> object:
        """Run `work` after `seconds`; in the loop's thread only. Returns a handle for `cancel`."""
        return self._loop.call_later(seconds, work)

    def cancel(self, handle: object) -> None:
        self._loop.remove_timeout(handle)  # type: ignore[arg-type]  # pika's private type, made by call_later

    def stop(self, is_idle: Callable[[], bool] = lambda: True) -> None:
        """Close the connections and let `run()` return; from any thread, more than once.

        Unfinished work may end first: waits for `is_idle()`, LINGER_SECONDS at most.
        """
        self.post(lambda: self._stop(is_idle))

    def _do(self, work: Callable[[Future[T]], object], future: Future[T]) -> None:
        future.add_done_callback(self._waiting.discard)
        if not future.set_running_or_notify_cancel():
            return
        try:
            work(future)
        except Exception as error:  # noqa: BLE001  # handed to whoever awaits the future
            future.set_exception(error)

    def _go_on(self, done: Future[T], work: Callable[[T], object], failed: Callable[[OrderDeskError], object]) -> None:
        error = done.exception()
        if isinstance(error, OrderDeskError):
            failed(error)
        else:
            work(done.result())

    def _stop(self, is_idle: Callable[[], bool]) -> None:
        if not self._stopping:
            self._stopping = True
            self._linger(is_idle, time.monotonic() + LINGER_SECONDS)

    def _linger(self, is_idle: Callable[[], bool], until: float) -> None:
        if is_idle() or time.monotonic() > until:
            self._begin_stop()
        else:
            self.later(POLL, partial(self._linger, is_idle, until))

    def _begin_stop(self) -> None:
        closers, self._closers = self._closers, []
        if not closers:
            self._loop.stop()
            return
        self._still_closing = len(closers)
        self.later(CLOSING_SECONDS, self._give_up_closing)
        for close in closers:
            close(self._closed)

    def _closed(self) -> None:
        self._still_closing -= 1
        if self._still_closing == 0:
            self._loop.stop()

    def _give_up_closing(self) -> None:
        for abort in self._aborters:
            abort()
        self.later(0.05, self._loop.stop)

    def _end(self) -> None:
        with self._lock:
            self._open = False
            waiting, self._waiting = self._waiting, set()
        for future in waiting:
            if future.running() or future.set_running_or_notify_cancel():
                future.set_exception(BrokerUnavailable(phrase("event_loop.the_connection_to_rabbitmq_has_been")))
        self._loop.close()
