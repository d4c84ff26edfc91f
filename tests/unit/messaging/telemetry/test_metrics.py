"""Counters and histograms."""

import gc
import math
import threading

from hypothesis import example, given
from hypothesis import strategies as st

from messaging.telemetry.metrics import BOUNDS, HELP, TIMED, Count, Metrics, MetricsSnapshot, Times, Timing

seconds = st.floats(1.01e-4, 900)


@given(st.lists(seconds, min_size=1, max_size=200), st.sampled_from([50.0, 95.0, 99.0, 100.0]))
@example([0.001], 50.0)
def test_a_percentile_is_in_the_bucket_of_the_sorted_samples_own(samples: list[float], percent: float) -> None:
    times = Times.none()
    for one in samples:
        times.add(one)
    exact = sorted(samples)[math.ceil(len(samples) * percent / 100) - 1]
    assert exact / 1.26 <= times.percentile(percent) <= exact * 1.26
    assert times.percentile(percent) <= max(samples)


@given(st.lists(seconds | st.floats(0, 1e6)), st.lists(seconds))
def test_histograms_added_up_are_the_histogram_of_all(some: list[float], others: list[float]) -> None:
    first, second, whole = Times.none(), Times.none(), Times.none()
    for one in some:
        first.add(one)
    for one in others:
        second.add(one)
    for one in [*some, *others]:
        whole.add(one)
    first.merge(second)
    assert (first.buckets, first.longest) == (whole.buckets, whole.longest)
    assert math.isclose(first.total, whole.total)
    assert first.count == len(some) + len(others)


def test_what_is_too_long_for_every_bucket_is_still_counted() -> None:
    times = Times.none()
    times.add(5000)
    assert BOUNDS[-1] < times.percentile(50) <= 5000
    assert times.percentile(100) == 5000


def test_nothing_timed_has_percentiles_of_zero() -> None:
    assert Times.none().percentile(99) == 0.0


def test_no_count_is_lost_between_threads() -> None:
    metrics = Metrics()

    def count() -> None:
        for _ in range(5000):
            metrics.count(Count.PLACED)
            metrics.time(Timing.ARRIVAL_TO_COMMIT, 0.01)

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    snapshot = metrics.snapshot()
    assert snapshot.counts[Count.PLACED] == 20_000
    assert snapshot.times[Timing.ARRIVAL_TO_COMMIT].count == 20_000


def test_the_unconfirmed_of_publishers_that_live_are_added_up() -> None:
    class Publisher:
        def __init__(self, unconfirmed: int) -> None:
            self.unconfirmed = unconfirmed

    metrics, first, second = Metrics(), Publisher(3), Publisher(4)
    metrics.watch(first)
    metrics.watch(second)
    assert metrics.snapshot().unconfirmed == 7
    del second
    gc.collect()
    assert metrics.snapshot().unconfirmed == 3


def test_a_snapshot_stays_as_it_was_taken_and_can_be_added_up() -> None:
    metrics = Metrics()
    metrics.count(Count.HEARD, 2)
    metrics.time_all(Timing.PLACED_TO_OUTCOME, [0.1, 0.2])
    taken = metrics.snapshot()
    metrics.count(Count.HEARD)
    metrics.time(Timing.PLACED_TO_OUTCOME, 0.3)
    whole = MetricsSnapshot.zero()
    whole.merge(taken)
    whole.merge(metrics.snapshot())
    assert taken.counts[Count.HEARD] == 2
    assert whole.counts[Count.HEARD] == 5
    assert whole.times[Timing.PLACED_TO_OUTCOME].count == 5


def test_everything_counted_and_timed_says_what_it_is() -> None:
    assert set(HELP) == set(Count)
    assert set(TIMED) == set(Timing)
