"""Tests an address in a thread of its own, because the test waits for the network."""

import sys
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, SignalInstance

from desktop.connection.address import masked
from messaging.errors import OrderDeskError
from messaging.phrases import Words

if TYPE_CHECKING:  # it loads pika, which must not hold up the window
    from messaging.broker.diagnostics.doctor import CheckResult

Findings = Callable[[], "Iterable[CheckResult]"]


class AddressTest(QObject):
    """Signals: `found(CheckResult)` for each step, `failed(str)`, `ended()`; none after `give_up`."""

    found = Signal(object)
    failed = Signal(object)  # Words
    ended = Signal()

    def __init__(self, work: Findings) -> None:
        super().__init__()
        self._work = work
        self._given_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="connection test", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def give_up(self) -> None:
        """Emit nothing more; the step under way ends by itself within seconds."""
        self._given_up.set()

    def _run(self) -> None:
        try:
            for finding in self._work():
                if self._given_up.is_set():
                    return
                self.found.emit(finding)
        except OrderDeskError as error:
            self._emit(self.failed, error.words)
        except Exception as error:  # noqa: BLE001  # a bug: the crash hook logs and shows it
            sys.excepthook(type(error), error, error.__traceback__)
        finally:
            self._emit(self.ended)

    def _emit(self, signal: SignalInstance, *words: str) -> None:
        if not self._given_up.is_set():
            signal.emit(*words)


def of_address(url: str) -> Findings:
    def steps() -> "Iterable[CheckResult]":
        from messaging.broker.diagnostics.connection_test import try_address  # noqa: PLC0415
        from messaging.broker.diagnostics.doctor import CheckResult, State  # noqa: PLC0415
        from messaging.broker.external import ExternalBroker  # noqa: PLC0415  # loads pika, in this thread

        urls = tuple(one.strip() for one in url.split(",") if one.strip())
        for one in urls:
            if len(urls) > 1:
                yield CheckResult("address", State.OK, Words(masked(one)))
            yield from try_address(one, ExternalBroker((one,)).management_url())

    return steps


def of_private_node(wait_ready: Callable[[float], str], management_url: Callable[[], str]) -> Findings:
    def steps() -> "Iterable[CheckResult]":
        from messaging.broker.diagnostics.connection_test import try_address  # noqa: PLC0415  # loads pika, in this thread

        url = wait_ready(_BOOT)
        yield from try_address(url, management_url())

    return steps


_BOOT = 60.0  # seconds until a private node that does not come counts as failed
