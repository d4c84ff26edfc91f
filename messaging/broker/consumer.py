"""Consuming (basic.consume) from named queues, or from a queue of one's own bound to keys."""

from collections.abc import Callable
from functools import partial
from typing import Any

from messaging.broker.channel import Channel, ChannelOwner
from messaging.broker.delivery import Delivery, DeliveryChannel
from messaging.broker.frames.assembler import keep_bodies
from messaging.broker.frames.content import Content
from messaging.contract.codec import MAX_BYTES
from messaging.errors import BrokerUnavailable
from messaging.phrases import phrase


class Consumer(DeliveryChannel):
    """Consumes from `queues`, or without any from an exclusive one bound to `bindings` (exchange name, key); all on
    one channel, so that delivery tags grow over all of them. Use it in the loop's thread only.

    At most `prefetch` deliveries of a queue are unacknowledged; with 0 they need no acknowledgement (auto_ack).
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
        """`careful`: begin with a prefetch of one on each channel, until `widen()`. `most_bytes`: how many of each body
        are kept."""
        super().__init__()
        self._on_delivery, self._prefetch = on_delivery, prefetch
        self._queues, self._bindings, self._on_consuming = queues, bindings, on_consuming
        self._consuming = False
        self._careful, self._most_bytes = careful, most_bytes
        self._on_started: Callable[[object], None] = lambda _consumer: None
        self._limit = prefetch
        self._tags: list[str] = []

    @property
    def is_consuming(self) -> bool:
        return self._consuming

    def attach(self, connection: ChannelOwner, channel: Channel) -> None:
        self._on_started = connection.started
        connection.starting(self)
        self._renew(channel)
        keep_bodies(channel, self._most_bytes)
        channel.add_on_cancel_callback(
            lambda _frame: connection.drop(
                BrokerUnavailable(
                    phrase("consumer.a_queue_was_deleted_or_its", queues=", ".join(self._queues) or "of this listener")
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
        """How many deliveries of a queue may be unacknowledged now."""
        return self._limit

    def widen(self, limit: int) -> None:
        """Raise the limit, up to the whole prefetch. The consumers begin anew: basic.qos holds for new ones only."""
        limit = min(limit, self._prefetch)
        if self.channel is None or not self.channel.is_open or not self._tags or limit == self._limit:
            return  # not consuming yet, or nothing would change
        channel, tags, self._tags, self._limit = self.channel, self._tags, [], limit
        for tag in tags:
            channel.basic_cancel(tag, callback=lambda _ok: None)
        channel.basic_qos(prefetch_count=limit, callback=lambda _ok: self._begin(channel))

    def detach(self) -> None:
        super().detach()
        self._consuming = False
        self._tags = []
        self._on_started(self)  # it will not start any more: the connection must not wait for it

    def _begin(self, channel: Channel) -> None:
        if not channel.is_open:  # an answer may arrive while the channel closes
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
        self._on_started(self)

    def _delivered(self, queue: str, _channel: Any, method: Any, properties: Content, body: bytes) -> None:
        self._on_delivery(self._delivery(queue, method, properties, body))
