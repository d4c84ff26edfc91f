"""A role whose worker has ended by an error says so, and starts again."""

import sys
import threading
from typing import Any, cast

import pytest
from PySide6.QtWidgets import QApplication

from desktop.application.event_loop import run
from desktop.role import tab
from desktop.role.session import Session
from desktop.role.tab import RoleTab
from desktop.role.worker import RoleWorker
from messaging.errors import StoreUnavailable
from messaging.phrases import Words
from messaging.ports import LinkState, Phase
from tests.helpers.pages import until


class Desk:
    """One that fails, or serves until it is stopped."""

    def __init__(self, error: Exception | None) -> None:
        self._error, self._end = error, threading.Event()

    def run(self) -> None:
        if self._error is not None:
            raise self._error
        self._end.wait(30)

    def stop(self) -> None:
        self._end.set()


class Worker(RoleWorker[Desk]):
    def __init__(self, error: Exception | None) -> None:
        super().__init__()
        self._error = error

    def build(self) -> Desk:
        return Desk(self._error)


class Bar:
    """What a page needs of a session here: somebody who is told of errors."""

    def __init__(self) -> None:
        self.told: list[BaseException] = []

    def report(self, error: BaseException) -> None:
        self.told.append(error)


class Page(RoleTab[Worker]):
    """Its first workers end by these errors."""

    def __init__(self, bar: Bar, *errors: Exception) -> None:
        super().__init__(cast("Session", bar))
        self._errors = list(errors)
        self.made: list[Worker] = []
        self.states: list[LinkState] = []
        self.link_changed.connect(self.states.append)

    def make_worker(self) -> Worker:
        self.made.append(Worker(self._errors.pop(0) if self._errors else None))
        return self.made[-1]


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the crash hook is given; the next starts come soon."""
    caught: list[Any] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: caught.append(kind))
    monkeypatch.setattr(tab, "SHORT", 0.05)
    return caught


def test_an_error_that_ended_a_worker_is_told_and_it_starts_again(qapp: QApplication, caught: list[Any]) -> None:
    bar = Bar()

    async def main() -> None:
        page = Page(bar, LookupError("a bug"), StoreUnavailable(Words("The disk is full.")))
        page.start()
        await until(lambda: len(page.made) == 3)
        assert page.running
        assert [state.phase for state in page.states] == [Phase.WAITING, Phase.WAITING]
        assert [state.retry_in for state in page.states] == [0.05, 0.1]
        await page.stop()
        assert not page.running

    run(qapp, main())
    assert caught == [LookupError]
    assert [str(error) for error in bar.told] == ["The disk is full."]


def test_who_stops_it_meanwhile_starts_it_no_more(qapp: QApplication, caught: list[Any]) -> None:
    async def main() -> None:
        page = Page(Bar(), LookupError("a bug"))
        page.start()
        await until(lambda: bool(page.states))
        await page.stop()
        page.start()
        await until(lambda: len(page.made) == 2)
        page._start_again(page.made[0])  # as the timer does
        assert len(page.made) == 2
        await page.stop()

    run(qapp, main())
    assert caught == [LookupError]
