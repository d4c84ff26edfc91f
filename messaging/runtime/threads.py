"""Blocking work in a thread of its own."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def run_in_thread(work: Callable[[], T], name: str) -> Future[T]:
    """Start the work at once; the future holds its result, or the error that ended it."""
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:  # noqa: BLE001  # it belongs to whoever waits for the future
            done.set_exception(error)

    threading.Thread(target=run, name=name).start()
    return done
