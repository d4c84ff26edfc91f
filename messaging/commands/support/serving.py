"""What the headless services share: a desk in a plain thread, ended by Ctrl-C or SIGTERM."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from contextlib import contextmanager
from typing import Protocol, TypeVar

from messaging.commands.support.terminal import complain
from messaging.domain.stock import StockLevel
from messaging.errors import OrderDeskError
from messaging.ports import LinkState, Phase
from messaging.runtime.threads import run_in_thread

T = TypeVar("T")

LOOK = 1.0  # seconds


class Service(Protocol):
    def run(self) -> None: ...

    def stop(self) -> None: ...


class Watcher:
    """Tells the terminal of the connection and of problems, each only when it is new."""

    def __init__(self) -> None:
        self._told = ""
        self._phase = Phase.CLOSED

    def link_changed(self, state: LinkState) -> None:
        """While the node boots its words change each second: the first ones are enough."""
        news = state.phase is not self._phase or state.phase is not Phase.STARTING
        self._phase = state.phase
        if news and state.phase not in (Phase.CLOSED, Phase.CONNECTING):
            self.say(state.reason)

    def failed(self, error: OrderDeskError) -> None:
        self.say(str(error))

    def stock_changed(self, levels: list[StockLevel], full: bool = False) -> None:
        """The terminal shows no live stock."""

    def say(self, words: str) -> None:
        if words and words != self._told:
            self._told = words
            complain(words)


@contextmanager
def serving(desk: Service) -> Iterator[threading.Event]:
    """Run the desk beside this thread; an error that ended it is raised here.

    The event is set when the desk has ended, be it by itself: whoever waits here for anything waits for that, too.
    """
    ended = threading.Event()
    outcome = run_in_thread(desk.run, "service")
    outcome.add_done_callback(lambda _: ended.set())
    try:
        yield ended
    finally:
        desk.stop()
        wait((outcome,))
    outcome.result()


def until_told_to_stop(ended: threading.Event) -> None:
    """Wait for Ctrl-C or SIGTERM, or until `ended`."""
    stop_sets(ended)
    while not ended.wait(LOOK):
        pass


def stop_sets(ended: threading.Event) -> None:
    """Ctrl-C and SIGTERM set it. Wait for LOOK seconds at most: on Windows a longer wait cannot be interrupted."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())


def until(condition: Callable[[], bool], changed: threading.Condition, seconds: float, ended: threading.Event) -> bool:
    """Wait until `condition`, looked at under `changed`; False where the time ran out, or the desk has ended."""
    patient_until = time.monotonic() + seconds
    with changed:
        while not changed.wait_for(condition, min(LOOK, max(patient_until - time.monotonic(), 0.0))):
            if ended.is_set() or time.monotonic() >= patient_until:
                return False
        return True
