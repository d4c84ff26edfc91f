"""The window's event loop: asyncio on Qt's, with the holes of qasync 0.28 mended.

Rules that go with it: no nested `exec()` inside a coroutine (`open()` and a future instead), no
`aboutToQuit` for work that awaits, no `@asyncClose`, `setQuitOnLastWindowClosed(False)` and an own
event that ends `main`.
"""

import asyncio
import contextvars
import functools
import os
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

os.environ["QT_API"] = "pyside6"  # qasync would take PyQt where that is installed

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

from messaging.errors import OrderDeskError

T = TypeVar("T")

_LAST_WORDS = 1.0  # seconds for a cancelled handler to end


class AppLoop(QEventLoop):  # type: ignore[misc]  # qasync has no types
    """qasync's loop without its extra `processEvents` at the end, and with context variables kept."""

    def run_until_complete(self, future: Any) -> Any:
        """qasync would run one more handle after the loop has stopped, without a running loop."""
        task = asyncio.ensure_future(future, loop=self)

        def stop(_: object) -> None:
            self.stop()

        task.add_done_callback(stop)
        try:
            self.run_forever()
        finally:
            task.remove_done_callback(stop)
        if not task.done():
            raise RuntimeError("The event loop stopped before main() had ended.")
        return task.result()

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: contextvars.Context | None = None
    ) -> Any:
        """qasync drops the context."""
        where = context or contextvars.copy_context()
        return super().call_soon_threadsafe(functools.partial(where.run, callback, *args))


def run(application: QApplication, main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end; tasks that are left are cancelled and their `finally` blocks run."""
    with asyncio.Runner(loop_factory=lambda: AppLoop(application)) as runner:
        return runner.run(main)


class Tasks:
    """Runs the coroutines of handlers: keeps them alive, and lets no error vanish."""

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._report = report
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_finished = False

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Once all is finished nothing begins any more: what it would use is gone."""
        if self._is_finished:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def finish(self, seconds: float) -> None:
        """Wait for what runs and what it begins, then cancel the rest."""
        last = time.monotonic() + seconds
        while waiting := self._tasks - {asyncio.current_task()}:
            _, late = await asyncio.wait(waiting, timeout=max(last - time.monotonic(), 0))
            if late:
                await self._cancel(late)
                break
        self._is_finished = True

    async def _cancel(self, late: "set[asyncio.Task[None]]") -> None:
        self._is_finished = True
        for task in late:
            task.cancel()
        await asyncio.wait(late, timeout=_LAST_WORDS)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, OrderDeskError):
            self._report(error)
        elif error is not None:
            sys.excepthook(type(error), error, error.__traceback__)
