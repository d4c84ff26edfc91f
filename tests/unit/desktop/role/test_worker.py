import asyncio
import sys
import threading
from concurrent.futures import Future

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.application.event_loop import run
from desktop.role.tasks import Tasks
from desktop.role.worker import RoleWorker, answer
from messaging.errors import OrderDeskError, StoreUnavailable, WrongOrder
from messaging.phrases import Words


class Desk:
    """A desk as the roles have them, with nothing behind it."""

    def __init__(self) -> None:
        self._end = threading.Event()
        self.threads: set[str] = set()

    def run(self) -> None:
        self._end.wait(30)

    def stop(self) -> None:
        self._end.set()

    def double(self, number: int) -> Future[int]:
        done: Future[int] = Future()
        done.set_result(number * 2) if number else done.set_exception(WrongOrder(Words("Nothing to double.")))
        return done


class Worker(RoleWorker[Desk]):
    def build(self) -> Desk:
        return Desk()


class Unbuildable(RoleWorker[Desk]):
    def build(self) -> Desk:
        raise StoreUnavailable(Words("The disk is full."))


class Broken(RoleWorker[Desk]):
    def build(self) -> Desk:
        raise ZeroDivisionError


def test_a_call_made_before_the_desk_is_built_is_answered(qapp: QApplication) -> None:
    async def main() -> int:
        worker = Worker()
        asked = worker.call(lambda desk: desk.double(21))
        worker.start()
        result = await answer(asked)
        worker.stop()
        await worker.stopped()
        return result

    assert run(qapp, main()) == 42


def test_a_known_error_reaches_the_one_who_awaits(qapp: QApplication) -> None:
    async def main() -> None:
        worker = Worker()
        worker.start()
        with pytest.raises(WrongOrder):
            await answer(worker.call(lambda desk: desk.double(0)))
        worker.stop()
        await worker.stopped()

    run(qapp, main())


def test_a_desk_that_cannot_be_built_says_so_and_fails_what_is_asked(qapp: QApplication, qtbot: QtBot) -> None:
    failures: list[OrderDeskError] = []

    async def main() -> None:
        worker = Unbuildable()
        worker.failed.connect(failures.append)
        asked = worker.call(lambda desk: desk.double(1))
        worker.start()
        with pytest.raises(StoreUnavailable):
            await answer(asked)
        worker.stop()
        await worker.stopped()

    run(qapp, main())
    qtbot.waitUntil(lambda: [str(error) for error in failures] == ["The disk is full."])


def test_a_bug_in_a_worker_goes_to_the_crash_hook(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    caught: list[type[BaseException]] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: caught.append(kind))

    async def main() -> None:
        worker = Broken()
        worker.start()
        await worker.stopped()

    run(qapp, main())
    assert caught == [ZeroDivisionError]


def test_a_worker_stopped_while_it_starts_ends_and_needs_no_reference(qapp: QApplication) -> None:
    async def main() -> None:
        worker = Worker()
        worker.start()
        worker.stop()
        ended = worker.stopped()
        del worker
        await ended

    run(qapp, main())


def test_a_worker_never_started_is_stopped_at_once(qapp: QApplication) -> None:
    run(qapp, Worker().stopped())


def test_known_errors_of_handlers_are_reported_and_bugs_go_to_the_crash_hook(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[BaseException] = []
    crashed: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: crashed.append(error))

    async def fail(error: Exception) -> None:
        raise error

    async def main() -> None:
        tasks = Tasks(reported.append)
        known, bug = WrongOrder(Words("Add a product.")), KeyError("bug")
        tasks.spawn(fail(known))
        tasks.spawn(fail(bug))
        await tasks.finish(5)
        assert (reported, crashed) == ([known], [bug])

    run(qapp, main())


def test_what_a_handler_begins_is_waited_for_and_after_the_end_nothing_begins(qapp: QApplication) -> None:
    ran: list[str] = []

    async def main() -> None:
        tasks = Tasks(lambda _error: None)

        async def first() -> None:
            await asyncio.sleep(0)
            tasks.spawn(second())
            ran.append("first")

        async def second() -> None:
            await asyncio.sleep(0)
            ran.append("second")

        async def never() -> None:
            await asyncio.Event().wait()

        tasks.spawn(first())
        await tasks.finish(5)
        tasks.spawn(second())
        await asyncio.sleep(0)
        assert ran == ["first", "second"]
        others = Tasks(lambda _error: None)
        others.spawn(never())
        await others.finish(0)
        assert not others._tasks

    run(qapp, main())
