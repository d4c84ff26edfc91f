"""One small message that stays in a queue of its own, as a record that processes share."""

from collections.abc import Callable
from typing import Any

import pika
from pika.channel import Channel


class RetainedMessage:
    """Whoever holds the message unacknowledged (basic.get) holds a lock, until `put` replaces it. Use it in the loop's
    thread, with a channel of its own.

    The message is published anew and never requeued: a quorum queue counts requeues, and drops it after too many.
    """

    def __init__(self, channel: Channel, queue: str) -> None:
        self._channel, self._queue = channel, queue
        self._tags: list[int] = []
        self._bodies: list[bytes] = []
        self._answered: Callable[[list[bytes]], object] = lambda _bodies: None
        self._done: Callable[[], object] = lambda: None
        channel.add_callback(self._empty, [pika.spec.Basic.GetEmpty], one_shot=False)
        channel.confirm_delivery(self._confirmed, callback=lambda _ok: None)

    def take(self, answered: Callable[[list[bytes]], object]) -> None:
        """Get all there are: several after a kill, or where two wrote at once; none while another process holds it."""
        self._bodies, self._answered = [], answered
        self._get()

    def put(self, body: bytes, done: Callable[[], object] = lambda: None) -> None:
        """Replace those that were taken; `done` is called once RabbitMQ has confirmed the message."""
        self._done = done
        if self._channel.is_open:
            properties = pika.BasicProperties(
                content_type="application/json", delivery_mode=pika.DeliveryMode.Persistent, app_id="order-desk"
            )
            self._channel.basic_publish("", self._queue, body, properties)

    def _get(self) -> None:
        if self._channel.is_open:
            self._channel.basic_get(self._queue, self._got)

    def _got(self, _channel: Any, method: Any, _properties: Any, body: bytes) -> None:
        self._tags.append(method.delivery_tag)
        self._bodies.append(body)
        self._get()

    def _empty(self, _frame: object) -> None:
        self._answered(self._bodies)

    def _confirmed(self, frame: Any) -> None:
        tags, self._tags = self._tags, []
        for tag in tags if self._channel.is_open else ():
            if frame.method.NAME == "Basic.Ack":
                self._channel.basic_ack(tag)
            else:  # RabbitMQ refused it: the old message stays
                self._channel.basic_nack(tag, requeue=True)
        self._done()
