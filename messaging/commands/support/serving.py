"""Running a role's service in a plain thread, until Ctrl-C or SIGTERM."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from typing import Protocol, TypeVar

from messaging.commands.support.terminal import print_error
from messaging.domain.stock import StockLevel
from messaging.errors import OrderDeskError
from messaging.ports import LinkState, Phase
from messaging.runtime.threads import run_in_thread

T = TypeVar("T")

POLL = 1.0  # seconds between two polls for the end


class Service(Protocol):
    def run(self) -> None: ...

    def stop(self) -> None: ...


class Watcher:
    """Prints the state of the connection and problems on stderr, each only when it is new."""

    def __init__(self) -> None:
        self._printed = ""
        self._phase = Phase.CLOSED

    def link_changed(self, state: LinkState) -> None:
        """While the node boots its reason changes each second: only the first is printed."""
        is_new = state.phase is not self._phase or state.phase is not Phase.STARTING
        self._phase = state.phase
        if is_new and state.phase not in (Phase.CLOSED, Phase.CONNECTING):
            self._print_once(state.reason)

    def failed(self, error: OrderDeskError) -> None:
        self._print_once(str(error))

    def stock_changed(self, levels: list[StockLevel], full: bool = False) -> None:
        """The terminal shows no live stock."""

    def _print_once(self, words: str) -> None:
        if words and words != self._printed:
            self._printed = words
            print_error(words)


@contextmanager
def serving(service: Service) -> Iterator[threading.Event]:
    """Run the service in a thread of its own, and stop it at the end; raises the error that ended it.

    The event is set once the service has ended, also by itself: whoever waits inside must wait for that, too.
    """
    ended = threading.Event()
    outcome = run_in_thread(service.run, "service")
    outcome.add_done_callback(lambda _: ended.set())
    try:
        yield ended
    finally:
        service.stop()
        wait((outcome,))
    outcome.result()


def until_told_to_stop(ended: threading.Event) -> None:
    """Wait for Ctrl-C or SIGTERM, or until `ended`."""
    stop_sets(ended)
    while not ended.wait(POLL):
        pass


def stop_sets(ended: threading.Event) -> None:
    """Let Ctrl-C and SIGTERM set `ended`. Wait for it POLL seconds at a time: on Windows a longer wait cannot be
    interrupted."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())


def until(condition: Callable[[], bool], changed: threading.Condition, seconds: float, ended: threading.Event) -> bool:
    """Wait until `condition`, checked under `changed`; False after `seconds`, or once the service has ended."""
    deadline = time.monotonic() + seconds
    with changed:
        while not changed.wait_for(condition, min(POLL, max(deadline - time.monotonic(), 0.0))):
            if ended.is_set() or time.monotonic() >= deadline:
                return False
        return True
