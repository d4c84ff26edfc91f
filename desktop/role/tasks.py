"""Coroutines of handlers, kept alive until they end, or until their window closes."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from messaging.errors import OrderDeskError

_LAST_WORDS = 1.0  # seconds for a cancelled handler to end


class Tasks:
    """Runs the coroutines of handlers: keeps them alive, and lets no error vanish."""

    def __init__(self, report: Callable[[BaseException], None]) -> None:
        self._report = report
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_finished = False

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine as a task. After `finish` it is closed instead: what it would use is gone."""
        if self._is_finished:
            work.close()
            return
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def finish(self, seconds: float) -> None:
        """Wait `seconds` at most for all tasks and those they start, then cancel the rest."""
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


def spawning(
    spawn: Callable[[Coroutine[Any, Any, None]], None],
    handler: Callable[..., Coroutine[Any, Any, None]],
    *arguments: object,
) -> Callable[..., None]:
    """A slot that starts this coroutine function: with these arguments, then those of the signal."""
    return partial(_spawn, spawn, handler, *arguments)


def _spawn(
    spawn: Callable[[Coroutine[Any, Any, None]], None],
    handler: Callable[..., Coroutine[Any, Any, None]],
    *arguments: object,
) -> None:
    spawn(handler(*arguments))
