"""The warehouse answers questions: the catalogue, what came since a number, one order."""

import logging
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

import msgspec
from msgspec import Struct

from messaging.broker.consumer import Consumer
from messaging.broker.delivery import Delivery
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.publisher import Outgoing, Publisher, Receipt
from messaging.contract import topology
from messaging.contract.codec import (
    MAX_BYTES,
    AskCatalogue,
    AskEvents,
    Events,
    Inventory,
    MessageType,
    Question,
    encode,
    read_question,
)
from messaging.contract.reply_to import is_answerable
from messaging.errors import BooksRefused, OrderDeskError, UnreadableMessage
from messaging.phrases import Words, phrase
from messaging.runtime.database_thread import DatabaseThread
from messaging.warehouse.inbound.deliveries import incoming
from messaging.warehouse.question_rights import permitted
from messaging.warehouse.routed_back import RoutedBack
from messaging.warehouse.store.warehouse_store import WarehouseStore

LOG = logging.getLogger(__name__)

PREFETCH = 20  # answers under way at most
MOST_WHOLE = 4 * 1024 * 1024  # bytes of a catalogue for older clients, which do not ask for pages


class RpcServer:
    """Consumes questions and publishes each answer to its reply-to; in the loop's thread.

    `publisher` is to have a connection of its own: who asks decides where the answer goes, and by a name that RabbitMQ
    stumbles over he could take the notices' connection away. The books look up one answer at a time: orders must not
    wait for them behind many questions.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        books: DatabaseThread[WarehouseStore],
        failed: Callable[[OrderDeskError], None],
        *,
        window: int,
        queued: Callable[["Future[int | None]"], None],
        routed_back: RoutedBack,
        validated_only: bool,
    ) -> None:
        """`window`: answers in flight at most; `queued` counts the orders that are not decided yet. `validated_only`:
        questions for orders are answered only to their user, whom RabbitMQ has validated."""
        self.publisher = Publisher(window)
        self.consumer = Consumer(self._asked, PREFETCH, queues=(topology.QUESTIONS_QUEUE.name,))
        self._loop, self._books, self._failed = loop, books, failed
        self._queued, self._routed_back, self._validated_only = queued, routed_back, validated_only
        self._has_warned_of_older = False
        self._waiting: deque[tuple[Delivery, Question, int | None]] = deque()
        self._is_reading = False

    def give_back(self) -> None:
        """Take no more: another warehouse may answer."""
        self.consumer.close()
        self.lost()

    def lost(self) -> None:
        self.consumer.detach()
        self._waiting.clear()

    def _asked(self, delivery: Delivery) -> None:
        if self._routed_back.is_one(delivery):
            self.consumer.ack(delivery.epoch, delivery.tag)
            return
        try:
            delivery.check()
            _check_way_back(delivery)
            question = read_question(delivery.body)
        except UnreadableMessage as error:
            self._set_aside(delivery, error.words)
            return
        asker = delivery.properties.get("user_id")
        asked = permitted(question, asker, self.publisher.login) if self._validated_only else question
        if asked is None:
            LOG.warning("question of %r refused: it asks for orders of others (senders=vouched)", asker)
            self.consumer.ack(delivery.epoch, delivery.tag)
        else:
            self._count_and_add(delivery, asked)

    def _count_and_add(self, delivery: Delivery, question: Question) -> None:
        if isinstance(question, AskEvents):  # counted first: what is decided meanwhile is in the answer
            counted: Future[int | None] = Future()
            self._loop.when_done(counted, partial(self._add, delivery, question), partial(self._cannot, delivery))
            self._queued(counted)
        else:
            self._add(delivery, question, None)

    def _add(self, delivery: Delivery, question: Question, queued: int | None) -> None:
        if delivery.epoch == self.consumer.epoch:
            self._waiting.append((delivery, question, queued))
            self._read_next()

    def _read_next(self) -> None:
        if not self._is_reading and self._waiting:
            self._is_reading = True
            self._read(*self._waiting.popleft())

    def _read(self, delivery: Delivery, question: Question, queued: int | None) -> None:
        page, whole = self.publisher.most_bytes(MAX_BYTES), self.publisher.most_bytes(MOST_WHOLE)
        answer = self._books.ask(_answer, question, queued, page, whole)
        self._loop.when_done(answer, partial(self._found, delivery, question), partial(self._not_found, delivery))

    def _found(self, delivery: Delivery, question: Question, answer: Struct) -> None:
        self._is_reading = False
        if isinstance(question, AskEvents) and isinstance(answer, Events):
            self._compare(question.after, answer)
        self._reply(delivery, answer)
        self._read_next()

    def _not_found(self, delivery: Delivery, error: OrderDeskError) -> None:
        self._is_reading = False
        self._cannot(delivery, error)
        self._read_next()

    def _compare(self, after: int, events: Events) -> None:
        """Somebody has heard of events that these books do not have: said once."""
        if after > events.upto and not events.replaces and not self._has_warned_of_older:
            self._has_warned_of_older = True
            self._failed(BooksRefused(phrase("rpc_server.a_client_has_heard_of_event", after=after, upto=events.upto)))

    def _set_aside(self, delivery: Delivery, reason: Words) -> None:
        LOG.warning("question set aside: %s", reason)
        added = self._books.ask(lambda store: store.set_aside.add_unreadable(incoming(delivery), reason))
        self._loop.when_done(added, partial(self._acknowledge, delivery), self._failed)

    def _reply(self, delivery: Delivery, answer: Struct) -> None:
        correlation_id = str(delivery.properties.get("correlation_id", ""))
        reply = Outgoing(
            "",
            str(delivery.properties["reply_to"]),
            encode(answer),
            MessageType.ANSWER,
            message_id=correlation_id,
            correlation_id=correlation_id,
        )
        self.publisher.publish(reply, partial(self._acknowledge, delivery))

    def _acknowledge(self, delivery: Delivery, _done: Receipt | None) -> None:
        """Whatever became of the answer: where it did not arrive the question is asked again."""
        self.consumer.ack(delivery.epoch, delivery.tag)

    def _cannot(self, delivery: Delivery, error: OrderDeskError) -> None:
        """Whoever asked hears nothing within its time, and asks again."""
        self._failed(error)
        self.consumer.ack(delivery.epoch, delivery.tag)


def _check_way_back(delivery: Delivery) -> None:
    reply_to = delivery.properties.get("reply_to")
    if not is_answerable(reply_to):
        raise UnreadableMessage(phrase("rpc_server.it_asks_for_an_answer_to", reply_to=reply_to))


def _answer(store: WarehouseStore, question: Question, queued: int | None, page: int, whole: int) -> Struct:
    """In at most `page` bytes, or `whole` for a catalogue that is not asked for by pages."""
    books = store.identity()
    answer: Inventory | Events
    if isinstance(question, AskCatalogue):
        answer = store.stock.catalogue_page(question.after or "", whole if question.after is None else page)
    elif isinstance(question, AskEvents):
        events = store.events.after(question.after, question.user_id, question.limit, page)
        answer = msgspec.structs.replace(events, queued=queued)
    else:
        answer = store.events.of_order(question.identity, page)
    return msgspec.structs.replace(answer, books=books.id, replaces=books.replaces)
