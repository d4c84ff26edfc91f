"""Pipeline and relay of a warehouse over fakes: a test delivers, confirms and breaks, and looks at what was sent."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from messaging.broker.publisher import Publisher
from messaging.contract import codec, topology
from messaging.contract.codec import read_notice
from messaging.domain.notices import Notice
from messaging.domain.orders import Order
from messaging.errors import OrderDeskError, StoreUnavailable
from messaging.phrases import Words
from messaging.telemetry.metrics import Metrics
from messaging.warehouse.books.health import BooksHealth
from messaging.warehouse.pipeline import Common, Pipeline
from messaging.warehouse.records import Decided
from messaging.warehouse.relay import Relay
from messaging.warehouse.routed_back import RoutedBack
from messaging.warehouse.warehouse_log import WarehouseOrderLog
from tests.helpers.fake_channel import FakeChannel, FakeOwner
from tests.helpers.fake_loop import FakeLoop
from tests.helpers.stepped_database import SteppedBooks

AWAY = StoreUnavailable(Words("The database is locked."))
MOST = 4  # messages in one transaction


class WarehouseCore:
    def __init__(self, folder: Path, *, validated_only: bool = False) -> None:
        self.loop = FakeLoop()
        self.books = SteppedBooks(folder)
        self.failures: list[OrderDeskError] = []
        self.decided: list[tuple[Decided, float]] = []
        self.times_lost = 0
        self.metrics = Metrics()
        self.publisher = Publisher(100)
        steps = WarehouseOrderLog(self.metrics)
        self.health = BooksHealth(
            self.loop, self.books, found=_nothing, lost=self._lost, changed=_nothing, other=self.failures.append
        )
        self.relay = Relay(self.loop, self.publisher, self.books, self.failures.append, steps)
        routed_back = RoutedBack(self.loop, self.failures.append, _nothing)
        common = Common(
            self.loop,
            self.books,
            self.relay,
            self.decided.extend,
            self.health,
            steps,
            validated_only,
            routed_back,
        )
        self.pipeline = Pipeline(common, MOST)
        self.health.start()
        self.loop.go_on()
        self.orders = self.open_orders()
        self.notices = self.open_notices()

    def close(self) -> None:
        self.books.close()

    def open_orders(self) -> FakeChannel:
        """A channel to take orders on."""
        self.orders = FakeChannel()
        self.pipeline.consumer.attach(FakeOwner(), self.orders)
        self.orders.answer()
        return self.orders

    def open_notices(self) -> FakeChannel:
        """A channel to publish notices on."""
        self.notices = FakeChannel()
        self.relay.attach(self.notices)
        self.loop.go_on()
        return self.notices

    def deliver(self, *orders: Order, **properties: Any) -> list[int]:
        """The tags of the deliveries."""
        tags = [
            self.orders.deliver(codec.encode(order), topology.NEW_ORDERS_QUEUE.name, **properties) for order in orders
        ]
        self.go_on()
        return tags

    def go_on(self) -> None:
        self.loop.go_on()
        self.orders.answer()

    def confirm(self, *tags: int) -> None:
        for tag in tags:
            self.notices.confirm(tag)
        self.go_on()

    def sent(self) -> list[Notice]:
        """The notices published on the channel of now, in order."""
        return [read_notice(one.body) for one in self.notices.published]

    def identities(self) -> list[str]:
        return [notice.identity for notice in self.sent()]

    def owed(self) -> int:
        """Events that are not marked as published."""
        return self.books.peek(lambda store: len(store.events.unpublished(1000)))

    def _lost(self) -> None:
        self.times_lost += 1


@pytest.fixture
def core(tmp_path: Path) -> Iterator[WarehouseCore]:
    """Its books must balance when the test is over."""
    core = WarehouseCore(tmp_path)
    yield core
    assert core.books.peek(lambda store: store.audit().gaps) == ()
    core.close()


def _nothing() -> None:
    """Nobody wants to know."""
