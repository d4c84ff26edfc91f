"""`python3 -m tests benchmark messages`: ours beside a plain and a straightforward durable way, as ratios."""

import argparse
import importlib.util
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

import pika

from messaging.broker.diagnostics.probe import Probe
from messaging.broker.node.private import PrivateNode
from messaging.contract import topology
from messaging.runtime.settings import Settings
from tests.benchmarks.work import bodies
from tests.helpers.amqp import depth
from tests.helpers.waiting import eventually


@dataclass(frozen=True, slots=True)
class Way:
    """`share`: of the orders that a slow one gets, so that the run stays short."""

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    share: float = 1.0


OURS = Way("Order Desk", "tests.benchmarks.ours")
BARE = Way("Order Desk without the outbox", "tests.benchmarks.ours", ("bare",))
SEED = Way("the seed's way (in memory, unconfirmed)", "tests.benchmarks.rivals", ("seed",))
DURABLE = Way("durable, one by one", "tests.benchmarks.rivals", ("durable",), 0.1)
AIO_PIKA = Way("aio-pika, 1,000 confirms in flight, no outbox", "tests.benchmarks.rivals", ("aiopika",))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tests benchmark messages", description=__doc__)
    parser.add_argument("--orders", type=int, default=5000, help="in each measurement")
    parser.add_argument("--longest", type=int, default=2, help="lines of the longest order; the shortest has 1")
    parser.add_argument("--rounds", type=int, default=3, help="the ways take turns; shown is the median")
    args = parser.parse_args(arguments)
    placing = [OURS, BARE, SEED, DURABLE] + ([AIO_PIKA] if importlib.util.find_spec("aio_pika") else [])
    with tempfile.TemporaryDirectory(prefix="order-desk-benchmark-") as folder:
        settings = Settings(data_dir=folder)
        with PrivateNode(settings.folder, settings, grace=0.5) as node:
            url = node.wait_ready(180)
            with closing(pika.BlockingConnection(_for_long(url))) as connection:
                bench = _Bench(url, connection, args.orders, args.longest)
                _print("Placing", bench.rates("place", placing, args.rounds))
                _print("The whole pipeline", bench.rates("work", [OURS, SEED, DURABLE], args.rounds))
    return 0


class _Bench:
    def __init__(self, url: str, connection: "pika.BlockingConnection", count: int, longest: int) -> None:
        self._url, self._count, self._longest = url, count, longest
        self._channel = connection.channel()
        self._heard = self._channel.queue_declare("", exclusive=True).method.queue
        self._channel.queue_bind(self._heard, topology.NOTIFICATIONS.name, topology.NOTICES_OF_ALL)

    def rates(self, what: str, ways: Sequence[Way], rounds: int) -> dict[str, float]:
        """Orders a second by way, in the order of the ways."""
        seconds: dict[str, list[float]] = {way.name: [] for way in ways}
        for _ in range(rounds):
            for way in ways:
                seconds[way.name].append(self._measure(what, way))
        return {name: 1 / statistics.median(found) for name, found in seconds.items()}

    def _measure(self, what: str, way: Way) -> float:
        """Seconds for one order."""
        count = max(int(self._count * way.share), 1)
        self._channel.queue_purge(topology.NEW_ORDERS_QUEUE.name)
        self._channel.queue_purge(self._heard)
        if what == "work":
            for body in bodies(count, self._longest):
                self._channel.basic_publish(topology.NEW_ORDERS.name, "", body, pika.BasicProperties(delivery_mode=2))
            assert depth(self._url, topology.NEW_ORDERS_QUEUE.name, count) == count
        command = [sys.executable, "-m", way.module, *way.arguments, what, self._url, str(count), str(self._longest)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        self._check(what, count)
        return float(done.stdout.split()[-1]) / count

    def _check(self, what: str, count: int) -> None:
        """No way may be fast by leaving something out."""
        if what == "place":
            assert depth(self._url, topology.NEW_ORDERS_QUEUE.name, count) == count
        else:
            eventually(lambda: self._told() == count, message="a notice for each order")
            assert depth(self._url, topology.NEW_ORDERS_QUEUE.name) == 0

    def _told(self) -> int:
        return int(self._channel.queue_declare(self._heard, passive=True).method.message_count)


def _for_long(url: str) -> pika.URLParameters:
    with Probe(url, "benchmark"):
        parameters = pika.URLParameters(url)
    parameters.heartbeat = 0  # nothing serves this connection while the others work
    return parameters


def _print(title: str, rates: dict[str, float]) -> None:
    ours = rates[OURS.name]
    sys.stdout.write(f"\n{title}\n")
    for name, rate in rates.items():
        sys.stdout.write(f"  {name:48} {rate:8,.0f} orders/s   {ours / rate:6.2f}\n")
    sys.stdout.write("  (last column: ours, as a multiple of it)\n")
    sys.stdout.flush()
