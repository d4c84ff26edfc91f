from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

import pytest

from messaging.errors import OrderDeskError, StoreUnavailable
from messaging.phrases import Words
from messaging.runtime.batcher import Batcher

T = TypeVar("T")

FULL = StoreUnavailable(Words("The disk is full."))


class Loop:
    """Answers come at once; time passes when the test says so."""

    def __init__(self) -> None:
        self.timers: list[tuple[float, Callable[[], object]]] = []

    def when_done(
        self, future: Future[T], work: Callable[[T], object], failed: Callable[[OrderDeskError], object]
    ) -> None:
        def go_on(done: Future[T]) -> None:
            error = done.exception()
            if isinstance(error, OrderDeskError):
                failed(error)
            else:
                work(done.result())

        future.add_done_callback(go_on)

    def later(self, seconds: float, work: Callable[[], object]) -> object:
        self.timers.append((seconds, work))
        return None

    def pass_time(self) -> None:
        timers, self.timers = self.timers, []
        for _, work in timers:
            work()


class Database:
    """Each write ends when the test says how."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.futures: list[Future[str]] = []

    def write(self, batch: list[int]) -> Future[str]:
        self.batches.append(batch)
        self.futures.append(Future())
        return self.futures[-1]

    def succeed(self, result: str = "") -> None:
        self.futures[-1].set_result(result)

    def fail(self) -> None:
        self.futures[-1].set_exception(FULL)


class House:
    def __init__(
        self,
        *,
        limit: int | None = None,
        retry_after: float | None = None,
        begin_when: Callable[[Callable[[], None]], object] = lambda begin: begin(),
    ) -> None:
        self.loop, self.database = Loop(), Database()
        self.written: list[tuple[list[int], str]] = []
        self.errors: list[OrderDeskError] = []
        self.on_written: Callable[[], object] = lambda: None
        self.batcher: Batcher[int, str] = Batcher(
            self.loop,
            self.database.write,
            self._written,
            self.errors.append,
            limit=limit,
            retry_after=retry_after,
            begin_when=begin_when,
        )

    def _written(self, batch: list[int], result: str) -> None:
        self.written.append((batch, result))
        self.on_written()

    def add(self, *items: int) -> None:
        for item in items:
            self.batcher.add(item)


def test_a_single_item_is_written_at_once() -> None:
    house = House()
    house.add(1)
    assert house.database.batches == [[1]]


@pytest.mark.parametrize("items", [(2,), (2, 3), (2, 3, 4, 5)])
def test_items_that_come_while_a_write_runs_are_the_next_batch_in_their_order(items: tuple[int, ...]) -> None:
    house = House()
    house.add(1, *items)
    assert house.database.batches == [[1]]
    house.database.succeed("one")
    assert house.database.batches == [[1], list(items)]
    house.database.succeed("more")
    assert house.written == [([1], "one"), (list(items), "more")]
    assert house.batcher.is_idle


def test_a_batch_holds_no_more_than_the_limit() -> None:
    house = House(limit=2)
    house.add(1, 2, 3, 4)
    house.database.succeed()
    house.database.succeed()
    assert house.database.batches == [[1], [2, 3], [4]]


def test_it_is_idle_only_when_nothing_waits_and_nothing_is_being_written() -> None:
    house = House()
    assert house.batcher.is_idle
    house.add(1)
    assert not house.batcher.is_idle
    house.database.succeed()
    assert house.batcher.is_idle


def test_items_in_a_write_do_not_count_as_waiting() -> None:
    house = House()
    house.add(1, 2, 3)
    assert house.batcher.waiting == 2


def test_an_item_that_the_end_of_a_write_brings_is_in_the_next_batch() -> None:
    house = House()
    house.on_written = lambda: house.add(9)
    house.add(1, 2)
    house.database.succeed()
    assert house.database.batches == [[1], [2, 9]]


def test_a_failed_batch_is_dropped_and_what_came_since_is_kept_where_nothing_is_tried_again() -> None:
    house = House()
    house.add(1, 2)
    house.database.fail()
    assert (house.errors, house.loop.timers, house.batcher.waiting) == ([FULL], [], 1)
    house.add(3)
    assert house.database.batches == [[1], [2, 3]]


def test_a_failed_batch_is_written_again_after_the_pause_before_what_came_since() -> None:
    house = House(retry_after=2.0)
    house.add(1)
    house.database.succeed()
    house.add(2, 3, 4)
    house.database.fail()
    house.add(5)
    assert [seconds for seconds, _ in house.loop.timers] == [2.0]
    assert house.database.batches == [[1], [2]], "nothing is written in the pause"
    house.loop.pass_time()
    assert house.database.batches[2:] == [[2, 3, 4, 5]]
    assert house.errors == [FULL]


def test_a_batch_that_fails_again_and_again_keeps_its_order() -> None:
    house = House(retry_after=1.0, limit=3)
    house.add(1, 2, 3, 4)
    for _ in range(3):
        house.database.fail()
        house.loop.pass_time()
    house.database.succeed()
    assert house.database.batches == [[1], [1, 2, 3], [1, 2, 3], [1, 2, 3], [4]]
    assert house.written == [([1, 2, 3], "")]


def test_cleared_items_are_not_written_and_a_running_write_comes_to_its_end() -> None:
    house = House()
    house.add(1, 2, 3)
    house.batcher.clear()
    house.database.succeed("one")
    assert house.database.batches == [[1]]
    assert house.written == [([1], "one")]


def test_a_write_begins_when_it_may_and_holds_all_that_came_until_then() -> None:
    begun: list[Callable[[], None]] = []
    house = House(begin_when=begun.append)
    house.add(1, 2)
    assert (house.database.batches, len(begun)) == ([], 1)
    assert not house.batcher.is_idle
    begun.pop()()
    assert house.database.batches == [[1, 2]]
    house.add(3)
    assert begun == []
    house.database.succeed()
    assert len(begun) == 1


def test_a_write_that_may_begin_when_nothing_waits_any_more_is_none() -> None:
    begun: list[Callable[[], None]] = []
    house = House(begin_when=begun.append)
    house.add(1)
    house.batcher.clear()
    begun.pop()()
    assert house.database.batches == []
    house.add(2)
    begun.pop()()
    assert house.database.batches == [[2]]


def test_a_second_try_asks_again_whether_it_may_begin() -> None:
    begun: list[Callable[[], None]] = []
    house = House(begin_when=begun.append, retry_after=1.0)
    house.add(1)
    begun.pop()()
    house.database.fail()
    house.loop.pass_time()
    assert (house.database.batches, len(begun)) == ([[1]], 1)


@pytest.mark.parametrize(("limit", "batches"), [(None, [[1], [2, 3, 4]]), (2, [[1], [2, 3], [4]])])
def test_a_flush_writes_all_that_waits_beside_a_running_write(limit: int | None, batches: list[list[int]]) -> None:
    house = House(limit=limit)
    house.add(1, 2, 3, 4)
    house.batcher.flush()
    assert house.database.batches == batches
    assert house.batcher.waiting == 0


def test_a_flush_of_nothing_writes_nothing() -> None:
    house = House()
    house.batcher.flush()
    assert house.database.batches == []
