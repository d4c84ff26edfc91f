"""Confirmed publishing with many messages in flight."""

import time
from collections import deque
from collections.abc import Callable
from enum import StrEnum
from itertools import takewhile
from typing import Any

import pika
from msgspec import Struct

from messaging.broker import error_messages
from messaging.broker.channel import Channel
from messaging.broker.frames.properties import QuickProperties, carried, fitting
from messaging.contract.codec import CONTENT_TYPE, VERSION, VERSION_HEADER

Headers = dict[str, str | int]


class Outgoing(Struct, frozen=True):
    """A message to publish; `message_id` and `correlation_id` as AMQP knows them."""

    exchange: str
    key: str
    body: bytes
    type: str  # a MessageType, or what a message sent again had
    message_id: str
    correlation_id: str = ""
    headers: Headers = {}
    expiration: int | None = None  # milliseconds
    reply_to: str | None = None
    timestamp: int | None = None  # seconds since 1970; None: when it is sent
    sender: str = ""  # set as AMQP's user_id where the connection is logged in as this user: RabbitMQ validates it


APP_ID = "order-desk"


class Receipt(StrEnum):
    """What became of a published message."""

    CONFIRMED = "confirmed"
    UNROUTABLE = "unroutable"  # confirmed, but returned: no queue is bound
    REFUSED = "refused"  # a nack: RabbitMQ does not take responsibility
    TOO_LARGE = "too large"  # RabbitMQ closed the channel over its size, or would again: it has not arrived
    LOST = "lost"  # the connection was lost before the confirm: the message may have arrived or not


Done = Callable[[Receipt], None]


def properties_of(message: Outgoing, login: str = "") -> pika.BasicProperties:
    """`login`: the user of the connection; RabbitMQ refuses a message with another user_id (406).

    Ids and headers may come from other programs: what AMQP cannot carry of them is left out.
    """
    return QuickProperties(
        content_type=CONTENT_TYPE,
        content_encoding="utf-8",
        headers={VERSION_HEADER: VERSION, **carried(message.headers)},
        delivery_mode=pika.DeliveryMode.Persistent,
        correlation_id=fitting(message.correlation_id) or None,
        reply_to=message.reply_to,
        expiration=str(message.expiration) if message.expiration else None,
        message_id=fitting(message.message_id),
        timestamp=int(time.time()) if message.timestamp is None else message.timestamp,
        user_id=message.sender if message.sender and message.sender == login else None,
        type=fitting(str(message.type)) or None,
        app_id=APP_ID,
    )


def login_of(channel: Channel) -> str:
    credentials: Any = channel.connection.params.credentials
    return str(credentials.username)


class Publisher:
    """Publishes persistent, mandatory, confirmed messages, `window` of them in flight at most.

    Use it in the loop's thread only. `done` of every message is called exactly once.
    """

    def __init__(self, window: int) -> None:
        self._window = window
        self._channel: Channel | None = None
        self._tag = 0
        self._in_flight: dict[int, tuple[Outgoing, Done]] = {}
        self._most_bytes: int | None = None
        self._queue: deque[tuple[Outgoing, Done]] = deque()
        self._returned: set[str] = set()
        self.login = ""  # the user of the connection

    @property
    def unconfirmed(self) -> int:
        return len(self._in_flight)

    @property
    def room(self) -> int:
        """How many more messages can be published before they queue here; 0 without a connection."""
        return 0 if self._channel is None else max(self._window - len(self._in_flight) - len(self._queue), 0)

    @property
    def is_ready(self) -> bool:
        return self._channel is not None

    def most_bytes(self, limit: int) -> int:
        """Bytes of the largest body: `limit`, or RabbitMQ's max_message_size once a larger one has closed a channel;
        that is remembered until the connection is lost for another reason."""
        return limit if self._most_bytes is None else min(limit, self._most_bytes)

    def attach(self, channel: Channel) -> None:
        """Use this fresh channel: tags start again at 1."""
        self._tag = 0
        self.login = login_of(channel)
        channel.add_on_return_callback(self._on_return)
        channel.add_on_close_callback(self._on_close)
        channel.confirm_delivery(self._on_confirm, callback=lambda _ok: None)
        self._channel = channel
        self._send()

    def detach(self) -> None:
        """Forget the closed channel: what is in flight or queued is LOST, or TOO_LARGE where that closed it."""
        self._channel = None
        lost = [*self._in_flight.values(), *self._queue]
        self._in_flight.clear()
        self._queue.clear()
        self._returned.clear()
        for message, done in lost:
            done(Receipt.TOO_LARGE if self._is_too_large(message) else Receipt.LOST)

    def publish(self, message: Outgoing, done: Done) -> None:
        if self._channel is None:
            done(Receipt.LOST)
            return
        if self._is_too_large(message):
            done(Receipt.TOO_LARGE)
            return
        self._queue.append((message, done))
        self._send()

    def _send(self) -> None:
        while self._queue and len(self._in_flight) < self._window:
            if self._channel is None or not self._channel.is_open:
                return  # detach() follows, and reports the rest as lost
            message, done = self._queue.popleft()
            self._tag += 1
            self._in_flight[self._tag] = (message, done)
            self._channel.basic_publish(
                message.exchange, message.key, message.body, properties_of(message, self.login), mandatory=True
            )

    def _on_close(self, _channel: Any, error: Exception) -> None:
        self._most_bytes = error_messages.largest_message(error)

    def _is_too_large(self, message: Outgoing) -> bool:
        return self._most_bytes is not None and len(message.body) > self._most_bytes

    def _on_return(self, _channel: Any, _method: Any, properties: pika.BasicProperties, _body: bytes) -> None:
        self._returned.add(properties.message_id or "")  # AMQP sends the return before the confirm

    def _on_confirm(self, frame: Any) -> None:
        method = frame.method
        confirmed = method.NAME == "Basic.Ack"
        tags = [method.delivery_tag]
        if method.multiple:  # tags grow, and the dictionary keeps their order
            tags = list(takewhile(lambda tag: tag <= method.delivery_tag, self._in_flight))
        for tag in tags:
            message, done = self._in_flight.pop(tag)
            done(self._receipt(message.message_id) if confirmed else Receipt.REFUSED)
        self._send()

    def _receipt(self, message_id: str) -> Receipt:
        if message_id not in self._returned:
            return Receipt.CONFIRMED
        self._returned.discard(message_id)
        return Receipt.UNROUTABLE
