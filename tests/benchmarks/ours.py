"""Order Desk's own way, a process of its own: `python -m tests.benchmarks.ours [bare] WHAT URL COUNT LONGEST`.

`bare` places without the outbox: straight from memory to RabbitMQ. Prints the seconds from being connected to the
last confirm (placing) or acknowledgement (the pipeline).
"""

import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from messaging.broker.connection import Channel
from messaging.broker.connection_pair import ConnectionPair
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.external import ExternalBroker
from messaging.broker.publisher import Outgoing, Publisher, Receipt
from messaging.client.service import ClientService
from messaging.contract import topology
from messaging.contract.codec import MessageType
from messaging.history.history import History
from messaging.history.records import OWED, PlacedOrder
from messaging.ports import LinkState, Phase
from messaging.runtime.database_thread import DatabaseThread
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import Settings
from messaging.warehouse.records import CatalogueRow, Decided
from messaging.warehouse.service import WarehouseService
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.benchmarks.work import STOCK, USER, bodies, orders
from tests.helpers.waiting import eventually


class Watcher:
    """Notes when the link was ready, and counts what is done."""

    def __init__(self) -> None:
        self.ready = threading.Event()
        self.ready_at = 0.0
        self.accepted: set[str] = set()
        self.decided_count = 0

    def link_changed(self, state: LinkState) -> None:
        if state.phase is Phase.READY:
            self.ready_at = time.perf_counter()
            self.ready.set()

    def orders_changed(self, changed: list[PlacedOrder]) -> None:
        self.accepted.update(order.identity for order in changed if order.state not in OWED)

    def decided(self, decided: list[tuple[Decided, float]]) -> None:
        self.decided_count += len(decided)

    def stock_changed(self, levels: object, full: bool = False) -> None:
        """Not measured."""

    def traffic_changed(self, traffic: object) -> None:
        """Not measured."""

    def failed(self, error: Exception) -> None:
        raise error


def place(url: str, count: int, longest: int, folder: Path) -> float:
    watcher, wanted = Watcher(), [("", order) for order in orders(count, longest)]
    with History(folder / "history.sqlite", USER) as history:
        desk = ClientService(Profile("alice", USER, ""), history, ExternalBroker((url,)), Settings(), watcher)
        with _running(desk.run, desk.stop):
            assert watcher.ready.wait(20)
            began = time.perf_counter()
            desk.place_many(wanted).result()
            _until(lambda: len(watcher.accepted) == count)
            return time.perf_counter() - began


def place_bare(url: str, count: int, longest: int) -> float:
    watcher, wanted = Watcher(), bodies(count, longest)
    loop, publisher, done = BrokerLoop(), Publisher(Settings().confirm_window), threading.Event()
    receipts: list[Receipt] = []

    def decided(receipt: Receipt) -> None:
        receipts.append(receipt)
        if len(receipts) == count:
            done.set()

    def publish() -> None:
        for number, body in enumerate(wanted):
            message = Outgoing(topology.NEW_ORDERS.name, "", body, MessageType.ORDER, message_id=str(number))
            publisher.publish(message, decided)

    links = ConnectionPair(loop, ExternalBroker((url,)), Settings(), "bare")
    attached = threading.Event()

    def attach(channel: Channel) -> None:
        publisher.attach(channel)
        attached.set()

    links.add("out", lambda connection: connection.open_channel(attach), publisher.detach)
    links.start(watcher.link_changed)
    with _running(loop.run, loop.stop):
        assert attached.wait(20)
        began = time.perf_counter()
        loop.post(publish)
        assert done.wait(300)
        took = time.perf_counter() - began
    assert set(receipts) == {Receipt.CONFIRMED}
    return took


def work(url: str, count: int, folder: Path) -> float:
    watcher, settings = Watcher(), Settings(data_dir=str(folder))
    with DatabaseThread("books", lambda: WarehouseStore(settings.database_url).open()) as books:
        rows = [CatalogueRow(name, 100, units) for name, units in STOCK.items()]
        books.ask(lambda store: store.stock.import_catalogue(rows)).result()
        desk = WarehouseService(
            books, ExternalBroker((url,)), settings, watcher, take_over=True
        )  # each round has new books
        with _running(desk.run, desk.stop):
            _until(lambda: watcher.decided_count >= count and all(p.is_idle for p in desk._pipelines))
            return time.perf_counter() - watcher.ready_at


def _until(condition: Callable[[], bool]) -> None:
    eventually(condition, 300)


@contextmanager
def _running(run: Callable[[], None], stop: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=run, name="desk")
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join()


def main(how: Sequence[str], what: str, url: str, count: int, longest: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        if how:
            seconds = place_bare(url, count, longest)
        else:
            seconds = place(url, count, longest, Path(folder)) if what == "place" else work(url, count, Path(folder))
    sys.stdout.write(f"{seconds}\n")


if __name__ == "__main__":
    main(sys.argv[1:-4], sys.argv[-4], sys.argv[-3], int(sys.argv[-2]), int(sys.argv[-1]))
