"""One worker per role: a QThread that builds the role's service and runs it until it is stopped.

A worker only translates: calls into futures, callbacks into signals.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QThread, Signal, Slot

from messaging.errors import BrokerUnavailable, OrderDeskError
from messaging.phrases import phrase


class RoleService(Protocol):
    """A role's service in messaging/: `run` blocks until `stop`, which any thread may call, also before `run`."""

    def run(self) -> None: ...
    def stop(self) -> None: ...


S = TypeVar("S", bound=RoleService)
T = TypeVar("T")

# A QThread that is destroyed while it runs aborts the program: one that runs is kept here until it has ended.
# So a worker has no parent, which would destroy it, and is deleted by itself, in the GUI thread.
_running: "set[RoleWorker[Any]]" = set()


class RoleWorker(QThread, Generic[S]):
    """Builds a role's service by `build` and runs it in this thread, so that heavy imports do not hold up the window.

    Signals: `link_changed(LinkState)`, `failed(OrderDeskError)`, `broke()` when an error has ended the service.
    A worker starts once: to start the role again, make another.
    """

    link_changed = Signal(object)
    failed = Signal(object)
    broke = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._service: Future[S] = Future()
        self._ended: Future[None] = Future()
        self.finished.connect(self._finish)

    def build(self) -> S:
        raise NotImplementedError

    def start(self, priority: QThread.Priority = QThread.Priority.InheritPriority) -> None:
        _running.add(self)
        super().start(priority)

    def call(self, work: Callable[[S], "Future[T]"]) -> "Future[T]":
        """Run `work` with the service, from any thread, once it is built; the future holds the answer or the error."""
        answer: Future[T] = Future()
        self._service.add_done_callback(lambda service: _pass_on(service, work, answer))
        return answer

    def post(self, work: Callable[[S], Any]) -> None:
        """Run `work` with the service, from any thread, once it is built; never where it could not be built."""
        self._service.add_done_callback(partial(_run_with, work))

    def stop(self) -> None:
        """Ask the service to end, and return at once; `stopped` waits for it."""
        self.post(lambda service: service.stop())

    async def stopped(self) -> None:
        """Wait until the thread has ended; return at once where it was never started."""
        if self in _running:
            await answer(self._ended)

    def run(self) -> None:
        try:
            self._serve()
        except OrderDeskError as error:
            self._refuse(error)
            self.failed.emit(error)
            self.broke.emit()
        except Exception as error:  # noqa: BLE001  # a bug: the crash hook logs and shows it
            self._refuse(error)
            sys.excepthook(type(error), error, error.__traceback__)
            self.broke.emit()

    @Slot()
    def _finish(self) -> None:
        """Runs in the GUI thread."""
        self.wait()  # what is left after `run` takes no time
        _running.discard(self)
        self._ended.set_result(None)
        self.deleteLater()

    def _serve(self) -> None:
        service = self.build()
        self._service.set_result(service)
        service.run()  # also where it was stopped already: it has sockets to close

    def _refuse(self, error: Exception) -> None:
        if not self._service.done():
            self._service.set_exception(error)


def _run_with(work: Callable[[S], Any], service: "Future[S]") -> None:
    if not service.cancelled() and service.exception() is None:
        work(service.result())


def _pass_on(service: "Future[S]", work: Callable[[S], "Future[T]"], answer: "Future[T]") -> None:
    try:
        asked = work(service.result())
    except Exception as error:  # noqa: BLE001  # it belongs to whoever awaits the answer
        answer.set_exception(error)
        return
    asked.add_done_callback(lambda done: _copy(done, answer))


def _copy(done: "Future[T]", answer: "Future[T]") -> None:
    if done.cancelled():
        answer.set_exception(BrokerUnavailable(phrase("worker.the_window_was_closed_before_rabbitmq")))
    elif error := done.exception():
        answer.set_exception(error)
    else:
        answer.set_result(done.result())


def join_all() -> None:
    """Stop every worker and wait for its thread: the last resort of a program whose event loop has ended early."""
    for worker in list(_running):
        worker.stop()
        worker.wait()
        _running.discard(worker)


async def answer(future: "Future[T]") -> T:
    """Await a worker's or a database thread's future in the window's event loop."""
    return await asyncio.wrap_future(future)
