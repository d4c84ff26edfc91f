"""Counters and times of one process's messages.

Counting takes well under a microsecond, from any thread. A histogram has fixed buckets, so that those of several
processes can be added up; a percentile is right to within its bucket, a quarter of its value (above 0.1 ms).
"""

import threading
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import accumulate
from typing import Protocol
from weakref import WeakSet

from msgspec import Struct

BOUNDS = tuple(1e-4 * 10 ** (nth / 10) for nth in range(71))  # seconds: 0.1 ms to 1,000 s, ten to a decade


class Count(StrEnum):
    """What is counted; see HELP for what each means."""

    __hash__ = str.__hash__  # Enum's own is written in Python, and this is looked up for each message

    PLACED = "placed"
    SENT = "sent"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REFUSED_BY_BROKER = "refused_by_broker"
    UNKNOWN = "unknown"
    RECEIVED = "received"
    REDELIVERED = "redelivered"
    REPEATED = "repeated"
    PROCESSED = "processed"
    BACKORDERED = "backordered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    SET_ASIDE = "set_aside"
    STRAYED = "strayed"
    PUBLISHED = "published"
    HEARD = "heard"
    CAUGHT_UP = "caught_up"


HELP = {
    Count.PLACED: "Orders placed: on disk at the client",
    Count.SENT: "Orders and wishes to cancel sent to RabbitMQ, each time",
    Count.ACCEPTED: "Orders and wishes to cancel that RabbitMQ confirmed",
    Count.RETURNED: "Messages that RabbitMQ returned to the client, because no queue was bound",
    Count.REFUSED_BY_BROKER: "Messages that RabbitMQ did not take from the client",
    Count.UNKNOWN: "Messages whose confirm was lost with the connection: they are sent again",
    Count.RECEIVED: "Orders and commands that the warehouse settled, each time they came",
    Count.REDELIVERED: "Of those: delivered before, by RabbitMQ's word",
    Count.REPEATED: "Of those: the same order had come before",
    Count.PROCESSED: "Orders that became processed by what came from the queues",
    Count.BACKORDERED: "Orders that became backordered, or were topped up",
    Count.REFUSED: "Orders refused",
    Count.CANCELLED: "Orders cancelled by what came from the queues",
    Count.SET_ASIDE: "Messages set aside",
    Count.STRAYED: "The warehouse's own messages that came back into its queues, and were dropped",
    Count.PUBLISHED: "Notices published and confirmed",
    Count.HEARD: "Notices that came live, at each service that listens",
    Count.CAUGHT_UP: "Notices that came by asking for what was missed, at each service that listens",
}


class Timing(StrEnum):
    """What is timed, in seconds."""

    __hash__ = str.__hash__

    PLACED_TO_ACCEPTED = "placed_to_accepted"
    ARRIVAL_TO_COMMIT = "arrival_to_commit"
    COMMIT_TO_CONFIRMED = "commit_to_confirmed"
    PLACED_TO_OUTCOME = "placed_to_outcome"


TIMED = {
    Timing.PLACED_TO_ACCEPTED: "From an order on the client's disk to RabbitMQ's confirm",
    Timing.ARRIVAL_TO_COMMIT: "From a message's arrival at the warehouse to the commit of its outcome",
    Timing.COMMIT_TO_CONFIRMED: "From that commit to RabbitMQ's confirm of the notice",
    Timing.PLACED_TO_OUTCOME: "From an order on the client's disk to its outcome there",
}


class Times(Struct):
    """A histogram: how many fell into each bucket (one more than BOUNDS), their sum and the longest, in seconds."""

    buckets: list[int]
    total: float = 0.0
    longest: float = 0.0

    @classmethod
    def none(cls) -> "Times":
        return cls([0] * (len(BOUNDS) + 1))

    @property
    def count(self) -> int:
        return sum(self.buckets)

    def add(self, seconds: float) -> None:
        self.buckets[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds
        self.longest = max(self.longest, seconds)

    def merge(self, other: "Times") -> None:
        self.buckets = [mine + more for mine, more in zip(self.buckets, other.buckets, strict=True)]
        self.total += other.total
        self.longest = max(self.longest, other.longest)

    def percentile(self, percent: float) -> float:
        """Seconds that so many percent did not exceed, evenly spread inside a bucket; 0 where nothing was timed."""
        rank = self.count * percent / 100
        for nth, upto in enumerate(accumulate(self.buckets)):
            if upto and upto >= rank:
                low = BOUNDS[nth - 1] if nth else 0.0
                high = BOUNDS[nth] if nth < len(BOUNDS) else self.longest
                inside = (rank - (upto - self.buckets[nth])) / self.buckets[nth]
                return min(low + (high - low) * inside, self.longest)
        return 0.0


class MetricsSnapshot(Struct):
    """A process's numbers at one moment; also the sum of several."""

    counts: dict[Count, int]
    times: dict[Timing, Times]
    unconfirmed: int = 0

    @classmethod
    def zero(cls) -> "MetricsSnapshot":
        return cls(dict.fromkeys(Count, 0), {timing: Times.none() for timing in Timing})

    def merge(self, other: "MetricsSnapshot") -> None:
        for count, number in other.counts.items():
            self.counts[count] += number
        for timing, times in other.times.items():
            self.times[timing].merge(times)
        self.unconfirmed += other.unconfirmed


class InFlight(Protocol):
    """A publisher."""

    @property
    def unconfirmed(self) -> int: ...


class Metrics:
    """One per process, made where the process is put together and given to its services."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = dict.fromkeys(Count, 0)
        self._times = {timing: Times.none() for timing in Timing}
        self._publishers: WeakSet[InFlight] = WeakSet()

    def watch(self, publisher: InFlight) -> None:
        """Ask it for its unconfirmed messages at each snapshot, while it lives."""
        with self._lock:
            self._publishers.add(publisher)

    def count(self, what: Count, number: int = 1) -> None:
        with self._lock:
            self._counts[what] += number

    def count_all(self, numbers: Mapping[Count, int]) -> None:
        with self._lock:
            for what, number in numbers.items():
                self._counts[what] += number

    def time(self, what: Timing, seconds: float) -> None:
        with self._lock:
            self._times[what].add(seconds)

    def time_all(self, what: Timing, seconds: Iterable[float]) -> None:
        with self._lock:
            times = self._times[what]
            for one in seconds:
                times.add(one)

    def snapshot(self) -> MetricsSnapshot:
        with self._lock:
            times = {timing: Times(list(t.buckets), t.total, t.longest) for timing, t in self._times.items()}
            return MetricsSnapshot(dict(self._counts), times, sum(one.unconfirmed for one in self._publishers))
