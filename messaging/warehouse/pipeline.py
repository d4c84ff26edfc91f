"""Decides orders in batches: one transaction, then its events are published, then its orders acknowledged."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from messaging.broker.consumer import Consumer
from messaging.broker.delivery import Delivery, DeliverySource
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.getter import Getter
from messaging.contract import topology
from messaging.runtime.batcher import Batcher
from messaging.runtime.database_thread import DatabaseThread
from messaging.warehouse.books.health import BooksHealth
from messaging.warehouse.inbound.deliveries import incoming
from messaging.warehouse.records import Decided, Verdict
from messaging.warehouse.relay import Relay
from messaging.warehouse.routed_back import RoutedBack
from messaging.warehouse.store.warehouse_store import WarehouseStore
from messaging.warehouse.warehouse_log import WarehouseOrderLog, in_its_trace

QUEUES = (topology.NEW_ORDERS_QUEUE.name, topology.COMMANDS_QUEUE.name)
MOST_OPEN = 4  # batches whose events are not all confirmed yet


@dataclass(slots=True)
class _Batch:
    deliveries: list[tuple[Delivery, float]]  # with the time of arrival, monotonic
    decided: list[Decided]
    unconfirmed: int = 0


@dataclass(frozen=True, slots=True)
class Common:
    """What all pipelines of a warehouse work with.

    `on_decided` is called with what was decided and the seconds since its arrival. `validated_only`: orders and
    commands are refused where RabbitMQ has not validated who sent them.
    """

    loop: BrokerLoop
    books: DatabaseThread[WarehouseStore]
    relay: Relay
    on_decided: Callable[[list[tuple[Decided, float]]], None]
    health: BooksHealth
    steps: WarehouseOrderLog
    validated_only: bool
    routed_back: RoutedBack


class Pipeline:
    """One consumer of orders and commands; in the loop's thread.

    Whatever has come while a transaction runs makes the next batch: a single order goes through at
    once, and under load batches grow by themselves. Acknowledgements come last and in order, after
    the events are confirmed, or while RabbitMQ is blocked, once they are on disk. Where the database
    cannot be used the batch is dropped: the warehouse closes the channel, and RabbitMQ gives its orders to
    others, or again to this one. Where the commit had succeeded after all, they are known by their identity.

    It begins with one message at a time, and doubles while all goes well; one that was not delivered
    before ends the caution. A message that brings the process down must not take others with it at each
    try; but after a restart of RabbitMQ a whole backlog counts as delivered before.
    """

    def __init__(self, common: Common, most: int, source: DeliverySource | None = None) -> None:
        """`most`: messages in one transaction. `source`: instead of a consumer."""
        self.consumer: DeliverySource = source or Consumer(
            self._delivered, prefetch=most * MOST_OPEN, queues=QUEUES, careful=True
        )
        self._gone_well = 0  # deliveries since the last widening
        self._most = most
        self._loop, self._books, self._relay = common.loop, common.books, common.relay
        self._on_decided, self._health, self._steps = common.on_decided, common.health, common.steps
        self._validated_only, self._routed_back = common.validated_only, common.routed_back
        self._arrived = Batcher(
            self._loop, self._decide, self._decided, self._health.failed, limit=most, begin_when=self._when_room
        )
        self._open: deque[_Batch] = deque()
        self._begin: Callable[[], None] | None = None  # decides the next batch, once there is room for it
        self._ending = False

    @property
    def is_idle(self) -> bool:
        return self._arrived.is_idle and not self._open

    def end(self) -> None:
        """Begin with no further message: what has begun may come to its acknowledgement."""
        self._ending = True
        self._arrived.clear()

    def give_back(self) -> None:
        """Take no more, and give to others what is not acknowledged."""
        self.consumer.close()
        self.lost()

    def lost(self) -> None:
        """The channel is gone: RabbitMQ delivers again what was not acknowledged."""
        self.consumer.detach()
        self._arrived.clear()
        self._gone_well = 0

    def _delivered(self, delivery: Delivery) -> None:
        if self._ending:
            return  # RabbitMQ gives it to others
        if self._routed_back.is_one(delivery):
            self.consumer.ack(delivery.epoch, delivery.tag)
            return
        self._steps.received(delivery)
        self._arrived.add((delivery, time.monotonic()))

    def _when_room(self, begin: Callable[[], None]) -> None:
        self._begin = begin
        self._begin_if_room()

    def _begin_if_room(self) -> None:
        if self._begin is not None and len(self._open) < MOST_OPEN:
            begin, self._begin = self._begin, None
            begin()

    def _decide(self, batch: list[tuple[Delivery, float]]) -> Future[list[Decided]]:
        came = [incoming(delivery, self._validated_only) for delivery, _ in batch]
        return self._books.ask(lambda store: store.decide(came))

    def _decided(self, deliveries: list[tuple[Delivery, float]], decided: list[Decided]) -> None:
        self._health.worked()
        now = time.monotonic()
        timed = [(one, now - came) for one, (_, came) in zip(decided, deliveries, strict=True)]
        self._steps.decided(deliveries, timed)
        events = [
            event for (came, _), one in zip(deliveries, decided, strict=True) for event in in_its_trace(came, one)
        ]
        if self._relay.is_blocked:
            events = []  # they are on disk, and leave from there when RabbitMQ takes messages again
        batch = _Batch(deliveries, decided, len(events))
        self._open.append(batch)
        for event in events:
            self._relay.publish(event, partial(self._confirmed, batch))
        self._on_decided(timed)
        self._finish()

    def let_go(self) -> None:
        """RabbitMQ takes no notices for now, because it is full of orders perhaps: acknowledge what is committed."""
        for batch in self._open:
            batch.unconfirmed = 0
        self._finish()

    def _confirmed(self, batch: _Batch) -> None:
        batch.unconfirmed -= 1
        self._finish()

    def _finish(self) -> None:
        while self._open and self._open[0].unconfirmed == 0:
            self._acknowledge(self._open.popleft())
        self._begin_if_room()

    def _acknowledge(self, batch: _Batch) -> None:
        last: Delivery | None = None
        for (delivery, _), decided in zip(batch.deliveries, batch.decided, strict=True):
            if decided.verdict is Verdict.REFUSE:
                self.consumer.refuse(delivery)
            else:
                last = delivery
        if last is not None:
            self.consumer.ack(last.epoch, last.tag, multiple=True)
        self._widen([delivery for delivery, _ in batch.deliveries])

    def _widen(self, done: list[Delivery]) -> None:
        consumer = self.consumer
        if done[0].epoch != consumer.epoch:
            return
        self._gone_well += len(done)
        is_fresh = any(not delivery.redelivered for delivery in done)
        if is_fresh or self._gone_well >= consumer.limit:
            self._gone_well = 0
            consumer.widen(self._most * MOST_OPEN if is_fresh else consumer.limit * 2)


class Stepper(Pipeline):
    """A pipeline by hand: it gets one message each time `step` is called."""

    def __init__(self, common: Common) -> None:
        self._getter = Getter(self._delivered, QUEUES)
        super().__init__(common, 1, self._getter)

    def step(self, answered: Callable[[bool], object]) -> None:
        """`answered(False)`: no message waits."""
        self._getter.get(answered)
