"""The window's event loop: asyncio on Qt's, with the holes of qasync 0.28 mended.

Rules that go with it: no nested `exec()` inside a coroutine (`open()` and a future instead), no
`aboutToQuit` for work that awaits, no `@asyncClose`, `setQuitOnLastWindowClosed(False)` and an own
event that ends `main`.
"""

import asyncio
import contextvars
import functools
import os
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

os.environ["QT_API"] = "pyside6"  # qasync would take PyQt where that is installed

from PySide6.QtWidgets import QApplication
from qasync import QEventLoop

T = TypeVar("T")


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
        """Keep the context variables, which qasync drops."""
        where = context or contextvars.copy_context()
        return super().call_soon_threadsafe(functools.partial(where.run, callback, *args))


def run(application: QApplication, main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end and return its result; then cancel the tasks that are left and let them clean up."""
    with asyncio.Runner(loop_factory=lambda: AppLoop(application)) as runner:
        return runner.run(main)
