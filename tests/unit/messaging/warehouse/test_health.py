"""The one state of the books: when they are tried again, and when work is taken up."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, cast

from messaging.errors import OrderDeskError, StoreUnavailable, WrongMove
from messaging.phrases import Words
from messaging.ports import LinkState, Phase
from messaging.warehouse.books.health import PROBE, PROBE_MOST, BooksHealth

FULL = StoreUnavailable(Words("The disk is full."))
READY = LinkState(Phase.READY)


class Books:
    """A loop and a database thread in one: what is asked is answered at once, what comes later waits for `probe`."""

    def __init__(self) -> None:
        self.fault: OrderDeskError | None = None
        self.timers: list[tuple[float, Callable[[], object]]] = []
        self.told: list[str] = []
        self.others: list[OrderDeskError] = []
        self.health = BooksHealth(
            cast("Any", self),
            cast("Any", self),
            found=lambda: self.told.append("found"),
            lost=lambda: self.told.append("lost"),
            changed=lambda: None,
            other=self.others.append,
        )

    def ask(self, _work: object) -> "Future[None]":
        answer: Future[None] = Future()
        answer.set_result(None)
        return answer

    def when_done(
        self, _answer: object, work: Callable[[None], object], failed: Callable[[OrderDeskError], object]
    ) -> None:
        work(None) if self.fault is None else failed(self.fault)

    def later(self, seconds: float, work: Callable[[], object]) -> None:
        self.timers.append((seconds, work))

    def probe(self) -> float:
        """Let the next try come; the seconds that it waited for."""
        place = next(n for n, (_, work) in enumerate(self.timers) if work == self.health._probe)
        seconds, work = self.timers.pop(place)
        work()
        return seconds

    def phase(self) -> Phase:
        return self.health.over(READY).phase


def test_nothing_is_taken_before_the_first_try() -> None:
    books = Books()
    assert not books.health.is_known
    assert not books.health.is_usable
    books.health.start()
    assert (books.told, books.phase()) == (["found"], Phase.READY)


def test_a_failure_gives_back_once_and_each_second_is_a_try() -> None:
    books = Books()
    books.health.start()
    books.fault = FULL
    books.health.failed(FULL)
    books.health.failed(FULL)
    assert books.told == ["found", "lost"]
    assert books.phase() is Phase.DATABASE_AWAY
    assert [books.probe() for _ in range(5)] == [PROBE] * 5
    books.fault = None
    books.probe()
    assert books.told == ["found", "lost", "found"]
    assert books.phase() is Phase.DATABASE_AWAY, "until some work has gone well"
    books.health.worked()
    assert books.phase() is Phase.READY


def test_where_tries_succeed_and_work_fails_the_pauses_grow_and_the_state_does_not_flap() -> None:
    """Each order that is given back costs a delivery."""
    books = Books()
    books.health.start()
    pauses = []
    for _ in range(9):
        books.health.failed(FULL)
        assert books.phase() is Phase.DATABASE_AWAY
        pauses.append(books.probe())
        assert books.phase() is Phase.DATABASE_AWAY
    assert pauses == [PROBE, 2, 4, 8, 16, 32, PROBE_MOST, PROBE_MOST, PROBE_MOST]
    books.health.worked()
    books.health.failed(FULL)
    assert books.probe() == PROBE


def test_a_trial_ends_well_where_nothing_fails() -> None:
    books = Books()
    books.health.start()
    books.health.failed(FULL)
    books.probe()
    ((_, end_of_trial),) = books.timers
    end_of_trial()
    assert books.phase() is Phase.READY


def test_the_end_of_an_earlier_trial_does_not_end_a_later_one() -> None:
    books = Books()
    books.health.start()
    books.health.failed(FULL)
    books.probe()
    _, first_end = books.timers.pop()
    books.health.failed(FULL)
    books.probe()
    first_end()
    assert books.phase() is Phase.DATABASE_AWAY


def test_errors_of_one_row_are_none_of_the_books() -> None:
    books = Books()
    books.health.start()
    error = WrongMove(Words("It was shipped."))
    books.health.failed(error)
    assert books.others == [error]
    assert books.health.is_usable


def test_a_lost_connection_is_told_before_a_lost_database() -> None:
    books = Books()
    books.health.start()
    books.health.failed(FULL)
    waiting = LinkState(Phase.WAITING, Words("RabbitMQ is gone"))
    assert books.health.over(waiting) == waiting
    assert books.health.over(LinkState(Phase.BLOCKED)).phase is Phase.DATABASE_AWAY
