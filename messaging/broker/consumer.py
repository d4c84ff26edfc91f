"""Consuming from named queues, or from a queue of one's own bound to keys."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import pika
from msgspec import Struct
from pika.channel import Channel

from messaging.broker.connection import Connection
from messaging.broker.frames.assembler import takes
from messaging.broker.frames.content import Content
from messaging.contract.codec import MAX_BYTES, is_of_death, too_large
from messaging.errors import BrokerUnavailable, UnreadableMessage
from messaging.phrases import NO_WORDS, Words, phrase

PROPERTIES = ("message_id", "correlation_id", "type", "app_id", "user_id", "timestamp", "content_type", "reply_to")


class Delivery(Struct, frozen=True):
    """A message as it came. `tag` is good for the consumer's epoch `epoch` alone: for one channel.

    `fault`: why its headers could not be read; then there are none, and `raw_headers` has the bytes as they came.
    `body` is the beginning of a larger one where `length` says more bytes; then `digest` is the SHA-256 of the whole.
    """

    epoch: int
    tag: int
    queue: str
    key: str
    body: bytes
    headers: dict[str, object]
    properties: dict[str, object]
    redelivered: bool
    fault: Words = NO_WORDS
    raw_headers: bytes = b""
    length: int = 0
    digest: str = ""

    def check(self) -> None:
        """Raise UnreadableMessage where its headers could not be read, or its body is too large to be."""
        if self.fault:
            raise UnreadableMessage(self.fault)
        if self.length > len(self.body):
            raise too_large(self.length, len(self.body))

    @property
    def can_be_refused(self) -> bool:
        """A nack of forged headers of dead-lettering brings down the queue of RabbitMQ 3.10, for good; they may be
        among those that cannot be read."""
        return not (self.fault or any(map(is_of_death, self.headers)))


class Consumer:
    """Takes deliveries from `queues`, or with none from an exclusive one bound to `bindings`
    (exchange name, key); all on one channel, so that tags grow over all of them. In the loop's thread only.

    `prefetch` deliveries of a queue are unacknowledged at most; 0: acknowledged by being sent.
    """

    def __init__(
        self,
        on_delivery: Callable[[Delivery], None],
        prefetch: int,
        *,
        queues: tuple[str, ...] = (),
        bindings: tuple[tuple[str, str], ...] = (),
        on_consuming: Callable[[], None] = lambda: None,
        careful: bool = False,
        most_bytes: int = MAX_BYTES,
    ) -> None:
        """`careful`: begin with one message at a time on each channel, and more by `widen()`. `most_bytes`: so many of
        a body are kept."""
        self.epoch = 0
        self._on_delivery, self._prefetch = on_delivery, prefetch
        self._queues, self._bindings, self._on_consuming = queues, bindings, on_consuming
        self._channel: Channel | None = None
        self._consuming = False
        self._careful, self._most_bytes = careful, most_bytes
        self._tell_started: Callable[[object], None] = lambda _consumer: None
        self._limit = prefetch
        self._tags: list[str] = []

    @property
    def is_consuming(self) -> bool:
        return self._consuming

    @property
    def is_attached(self) -> bool:
        return self._channel is not None

    def attach(self, connection: Connection, channel: Channel) -> None:
        self.epoch += 1  # tags start again at 1 on every channel
        self._tell_started = connection.started
        connection.starting(self)
        self._channel = channel
        takes(channel, self._most_bytes)
        channel.add_on_cancel_callback(
            lambda _frame: connection.drop(
                BrokerUnavailable(
                    phrase(
                        f"A queue was deleted, or its node is down: {', '.join(self._queues) or 'of this listener'}."
                    )
                )
            )
        )
        if self._prefetch:
            self._limit = 1 if self._careful else self._prefetch
            channel.basic_qos(prefetch_count=self._limit, callback=lambda _ok: self._begin(channel))
        else:
            self._begin(channel)

    @property
    def limit(self) -> int:
        """Deliveries of a queue that may be unacknowledged now."""
        return self._limit

    def widen(self, limit: int) -> None:
        """Up to the whole prefetch: it holds for consumers that begin after it is set."""
        limit = min(limit, self._prefetch)
        if self._channel is None or not self._channel.is_open or not self._tags or limit == self._limit:
            return  # not consuming yet, or no more to have
        channel, tags, self._tags, self._limit = self._channel, self._tags, [], limit
        for tag in tags:
            channel.basic_cancel(tag, callback=lambda _ok: None)
        channel.basic_qos(prefetch_count=limit, callback=lambda _ok: self._begin(channel))

    def detach(self) -> None:
        """The channel is gone; RabbitMQ delivers what was not acknowledged again."""
        self._channel = None
        self._consuming = False
        self._tags = []
        self._tell_started(self)  # it will not: the connection must not wait for it

    def close(self) -> None:
        """Take no more: RabbitMQ gives what is not acknowledged to others."""
        if self._channel is not None and self._channel.is_open:
            self._channel.close()
        self.detach()

    def ack(self, epoch: int, tag: int, multiple: bool = False) -> bool:
        """False where the delivery is of an older epoch: its tag must not be sent."""
        if self._channel is None or epoch != self.epoch or not self._channel.is_open:
            return False
        self._channel.basic_ack(tag, multiple)
        return True

    def refuse(self, delivery: Delivery) -> bool:
        """nack without requeue: RabbitMQ dead-letters the message where a policy says so.

        What must not be refused is acknowledged: it is kept here alone.
        """
        if not delivery.can_be_refused:
            return self.ack(delivery.epoch, delivery.tag)
        if self._channel is None or delivery.epoch != self.epoch or not self._channel.is_open:
            return False
        self._channel.basic_nack(delivery.tag, multiple=False, requeue=False)
        return True

    def _begin(self, channel: Channel) -> None:
        if not channel.is_open:  # an answer may still come while the channel closes
            return
        for queue in self._queues:
            self._consume(channel, queue)
        if not self._queues:
            channel.queue_declare(
                "", exclusive=True, auto_delete=True, callback=lambda ok: self._bind(channel, ok.method.queue)
            )

    def _bind(self, channel: Channel, queue: str) -> None:
        if not channel.is_open:
            return
        *first, last = self._bindings
        for exchange, key in first:
            channel.queue_bind(queue, exchange, key, callback=lambda _ok: None)
        channel.queue_bind(queue, *last, callback=lambda _ok: self._consume(channel, queue))

    def _consume(self, channel: Channel, queue: str) -> None:
        if not channel.is_open:
            return
        tag = channel.basic_consume(
            queue, partial(self._delivered, queue), auto_ack=self._prefetch == 0, callback=lambda _ok: self._has_begun()
        )
        self._tags.append(tag)

    def _has_begun(self) -> None:
        self._consuming = True
        self._on_consuming()
        self._tell_started(self)

    def _delivered(self, queue: str, _channel: Any, method: Any, properties: Content, body: bytes) -> None:
        self._on_delivery(
            Delivery(
                self.epoch,
                method.delivery_tag,
                queue,
                _text(method.routing_key),
                body,
                dict(properties.headers or {}),
                {name: value for name in PROPERTIES if (value := getattr(properties, name)) is not None},
                method.redelivered,
                properties.fault,
                properties.raw,
                properties.length or len(body),
                properties.digest,
            )
        )


class Getter(Consumer):
    """Takes one message each time it is told to, from the first of its queues that has one."""

    _wishes: deque[Callable[[bool], object]]  # who wants a message, in turn
    _left: tuple[str, ...] = ()  # queues still to ask for the message wanted now

    def attach(self, connection: Connection, channel: Channel) -> None:
        self._wishes = deque()
        channel.add_callback(lambda _frame: self._ask(), [pika.spec.Basic.GetEmpty], one_shot=False)
        super().attach(connection, channel)

    def pull(self, answered: Callable[[bool], object]) -> None:
        """`answered(False)`: no message waits, or there is no connection. Before True the message is delivered."""
        if not self._consuming:
            answered(False)
            return
        self._wishes.append(answered)
        if len(self._wishes) == 1:
            self._left = self._queues
            self._ask()

    def detach(self) -> None:
        was_consuming = self._consuming
        super().detach()
        while was_consuming and self._wishes:
            self._wishes.popleft()(False)

    def _begin(self, channel: Channel) -> None:
        if channel.is_open:
            self._has_begun()

    def _ask(self) -> None:
        """One question at a time: that is AMQP's rule for a channel."""
        if self._channel is None or not self._channel.is_open:
            return
        if not self._left:
            self._answer(False)
        elif self._wishes:
            queue, *left = self._left
            self._left = tuple(left)
            self._channel.basic_get(queue, partial(self._got, queue))

    def _answer(self, is_taken: bool) -> None:
        self._wishes.popleft()(is_taken)
        self._left = self._queues
        if self._wishes:
            self._ask()

    def _got(self, queue: str, channel: Any, method: Any, properties: Content, body: bytes) -> None:
        self._delivered(queue, channel, method, properties, body)
        self._answer(True)


def _text(name: str | bytes) -> str:
    """pika leaves a name that is not UTF-8 as bytes."""
    return name if isinstance(name, str) else name.decode("utf-8", "backslashreplace")
