"""One worker per role: a QThread whose `run()` builds a desk and serves it until it is stopped.

A worker translates, nothing more: calls become futures, callbacks become signals.
"""

import asyncio
import sys
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Generic, Protocol, TypeVar

from PySide6.QtCore import QThread, Signal, Slot

from messaging.errors import BrokerUnavailable, OrderDeskError
from messaging.phrases import phrase


class RoleService(Protocol):
    """A role's service in messaging/: `run` blocks until `stop`, which any thread may call, also before `run`."""

    def run(self) -> None: ...
    def stop(self) -> None: ...


D = TypeVar("D", bound=RoleService)
T = TypeVar("T")

# A QThread that is destroyed while it runs aborts the program: one that runs is kept here until it has ended.
# So a worker has no parent, which would destroy it, and is deleted by itself, in the GUI thread.
_running: "set[RoleWorker[Any]]" = set()


class RoleWorker(QThread, Generic[D]):
    """Signals: `link_changed(LinkState)`, `failed(OrderDeskError)`, `broke()` when an error has ended it. One start
    only; make another to start again.

    Subclasses say in `build` which desk to serve; it runs in this thread, so that heavy imports
    do not hold up the window.
    """

    link_changed = Signal(object)
    failed = Signal(object)
    broke = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._desk: Future[D] = Future()
        self._ended: Future[None] = Future()
        self.finished.connect(self._finish)

    def build(self) -> D:
        raise NotImplementedError

    def start(self, priority: QThread.Priority = QThread.Priority.InheritPriority) -> None:
        _running.add(self)
        super().start(priority)

    def call(self, work: Callable[[D], "Future[T]"]) -> "Future[T]":
        """Ask the desk for something, from any thread; it waits until the desk is built."""
        answer: Future[T] = Future()
        self._desk.add_done_callback(lambda desk: _pass_on(desk, work, answer))
        return answer

    def tell(self, work: Callable[[D], Any]) -> None:
        """Tell the desk something that has no answer; nothing happens where it could not be built."""
        self._desk.add_done_callback(lambda desk: None if desk.cancelled() or desk.exception() else work(desk.result()))

    def stop(self) -> None:
        """Ask the desk to end; returns at once, see `stopped`."""
        self.tell(lambda desk: desk.stop())

    async def stopped(self) -> None:
        """Until the thread has ended; at once where it was never started."""
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
        """In the GUI thread."""
        self.wait()  # what is left after `run` takes no time
        _running.discard(self)
        self._ended.set_result(None)
        self.deleteLater()

    def _serve(self) -> None:
        desk = self.build()
        self._desk.set_result(desk)
        desk.run()  # also where it was stopped already: it has sockets to close

    def _refuse(self, error: Exception) -> None:
        if not self._desk.done():
            self._desk.set_exception(error)


def _pass_on(desk: "Future[D]", work: Callable[[D], "Future[T]"], answer: "Future[T]") -> None:
    try:
        asked = work(desk.result())
    except Exception as error:  # noqa: BLE001  # it belongs to whoever awaits the answer
        answer.set_exception(error)
        return
    asked.add_done_callback(lambda done: _copy(done, answer))


def _copy(done: "Future[T]", answer: "Future[T]") -> None:
    if done.cancelled():
        answer.set_exception(BrokerUnavailable(phrase("The window was closed before RabbitMQ answered.")))
    elif error := done.exception():
        answer.set_exception(error)
    else:
        answer.set_result(done.result())


def join_all() -> None:
    """The last resort of a program whose event loop has ended early: no thread may outlive it."""
    for worker in list(_running):
        worker.stop()
        worker.wait()
        _running.discard(worker)


async def answer(future: "Future[T]") -> T:
    """Await a worker's or a database thread's future in the window's event loop."""
    return await asyncio.wrap_future(future)
