"""From the events table to RabbitMQ: every event is published and confirmed, however often it takes."""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Future
from functools import partial

import msgspec

from messaging.broker.channel import Channel
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.publisher import Headers, Outgoing, Publisher, Receipt
from messaging.contract import topology
from messaging.contract.codec import MAX_BYTES, Inventory, MessageType, encode
from messaging.contract.pages import level_pages, shortened
from messaging.domain.stock import StockLevel, offered
from messaging.errors import OrderDeskError, TooLarge
from messaging.phrases import phrase
from messaging.runtime.batcher import Batcher
from messaging.runtime.database_thread import DatabaseThread
from messaging.telemetry import tracing
from messaging.warehouse.records import Event
from messaging.warehouse.store.books_identity import NO_IDENTITY, BooksIdentity
from messaging.warehouse.store.warehouse_store import WarehouseStore
from messaging.warehouse.warehouse_log import WarehouseOrderLog

MARK = 0.5  # seconds for which confirmed events gather before they are marked in one transaction
MARK_AGAIN = 0.5  # seconds before that, where the books could not be written
PAGE = 500


class Relay:
    """Publishes events; an event whose confirm does not come is published again with the same id.

    That nobody listens to a notice is legal: RabbitMQ returns it, and the listener will ask later.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        publisher: Publisher,
        books: DatabaseThread[WarehouseStore],
        failed: Callable[[OrderDeskError], None],
        steps: WarehouseOrderLog,
    ) -> None:
        self._loop, self._publisher, self._books, self._failed = loop, publisher, books, failed
        self._steps = steps
        self.is_blocked = False  # by a memory or disk alarm
        self.books = NO_IDENTITY  # whose events these are
        self._under_way: set[int] = set()
        self._unsent: list[tuple[Event, Callable[[], None]]] = []
        self._confirmed = Batcher(
            loop, self._mark, self._marked, failed, retry_after=MARK_AGAIN, begin_when=partial(loop.later, MARK)
        )
        self._polling = False
        self._more = False

    def is_publishing(self, seq: int) -> bool:
        """From the commit here until it is marked as published."""
        return seq in self._under_way

    def attach(self, channel: Channel) -> None:
        self._publisher.attach(channel)
        unsent, self._unsent = self._unsent, []
        for event, done in unsent:
            self._send(event, done)
        self.poll()

    def finish(self) -> None:
        """After the loop: mark what was confirmed since the last time, else it would be published again."""
        self._confirmed.flush()

    def publish(self, event: Event, done: Callable[[], None]) -> None:
        """`done` is called once, when RabbitMQ has confirmed it."""
        self._under_way.add(event.seq)
        self._steps.committed(event)
        self._send(event, done)

    def poll(self) -> None:
        """Publish all events that are not published yet, whoever wrote them."""
        if self._polling or self.is_blocked or not self._publisher.is_ready:
            return
        self._polling = True
        owed = self._books.ask(lambda store: store.events.unpublished(PAGE))
        self._loop.when_done(owed, self._publish_owed, self._cannot_poll)

    def publish_left_behind(self, seqs: Collection[int]) -> None:
        if seqs and self._publisher.is_ready and not self.is_blocked:
            owed = self._books.ask(lambda store: store.events.still_unpublished(seqs))
            self._loop.when_done(owed, self._publish_events, self._failed)

    def publish_stock(self, levels: list[StockLevel], full: bool) -> None:
        for message in stock_messages(levels, full, self.books, self._publisher.most_bytes(MAX_BYTES)):
            self._publisher.publish(message, _unneeded)

    def _publish_owed(self, events: list[Event]) -> None:
        self._polling = False
        self._more = len(events) == PAGE
        self._publish_events(events)

    def _publish_events(self, events: list[Event]) -> None:
        for event in events:
            if event.seq not in self._under_way:
                self.publish(event, _nothing)

    def _cannot_poll(self, error: OrderDeskError) -> None:
        self._polling = False
        self._failed(error)

    def _send(self, event: Event, done: Callable[[], None]) -> None:
        message = event_message(event, self.books, self._publisher.most_bytes(MAX_BYTES))
        self._publisher.publish(message, partial(self._decided, event, done))

    def _decided(self, event: Event, done: Callable[[], None], receipt: Receipt) -> None:
        if receipt is Receipt.LOST:
            self._unsent.append((event, done))
        elif receipt is Receipt.TOO_LARGE:
            self._send_shorter(event, done)
        elif receipt is Receipt.REFUSED:
            self._loop.later(1.0, partial(self._send, event, done))
        else:
            self._steps.published(event)
            self._confirmed.add(event.seq)
            done()

    def _send_shorter(self, event: Event, done: Callable[[], None]) -> None:
        """In the form that RabbitMQ takes; where it takes none it stays in the books, and no other waits for it."""
        most, order_id = self._publisher.most_bytes(MAX_BYTES), event.notice.order_id
        if len(event_message(event, self.books, most).body) <= most:
            words = phrase("relay.the_notice_of_order_is_shortened", order_id=order_id, most=most)
            self._send(event, done)
        else:
            words = phrase("relay.the_notice_of_order_waits_rabbitmq", order_id=order_id, most=most)
            done()
        self._failed(TooLarge(words))

    def _mark(self, seqs: list[int]) -> Future[None]:
        return self._books.ask(lambda store: store.events.mark_published(seqs))

    def _marked(self, seqs: list[int], _none: None) -> None:
        self._under_way.difference_update(seqs)
        if self._more:
            self.poll()


def stock_messages(
    levels: Sequence[StockLevel], full: bool, books: BooksIdentity, most_bytes: int = MAX_BYTES
) -> list[Outgoing]:
    """A withdrawn product is missing from the full message, which every client understands. What does not fit into
    `most_bytes` follows in further messages, which only add."""
    pages = level_pages(offered(levels), most_bytes)
    told = [
        Inventory(page, full and n == 1, n < len(pages), books.id, books.replaces)
        for n, page in enumerate(pages, start=1)
    ]
    return [
        Outgoing(topology.INVENTORY.name, topology.INVENTORY_KEY, encode(one), MessageType.INVENTORY, message_id="")
        for one in told
    ]


def event_message(event: Event, books: BooksIdentity, most_bytes: int = MAX_BYTES) -> Outgoing:
    notice = shortened(msgspec.structs.replace(event.notice, books=books.id), most_bytes)
    trace_id = event.trace_id or tracing.trace_id_of(notice.identity)
    headers: Headers = {tracing.HEADER: tracing.traceparent(trace_id, notice.event_id)}
    return Outgoing(
        topology.NOTIFICATIONS.name,
        topology.notice_key(notice.user_id, notice.order_id),
        encode(notice),
        MessageType.NOTICE,
        message_id=notice.event_id,
        correlation_id=notice.identity,
        headers=headers,
    )


def _unneeded(_receipt: Receipt) -> None:
    """Stock is not published again: the next message has what changed."""


def _nothing() -> None:
    """Nobody waits for an event that was left behind."""
