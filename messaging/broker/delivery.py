"""A message as RabbitMQ delivered it, and the channel on which it came and is acknowledged."""

from typing import Any, Protocol

from msgspec import Struct

from messaging.broker.channel import Channel, ChannelOwner
from messaging.broker.frames.content import Content
from messaging.contract.codec import is_of_death, too_large
from messaging.errors import UnreadableMessage
from messaging.phrases import NO_WORDS, Words

PROPERTIES = ("message_id", "correlation_id", "type", "app_id", "user_id", "timestamp", "content_type", "reply_to")


class Delivery(Struct, frozen=True):
    """A message as it came. `tag` is valid on one channel only: the one of its source's epoch `epoch`.

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
        """False where a nack would crash the queue of RabbitMQ 3.10 for good: with forged headers of dead-lettering,
        which may be among headers that cannot be read."""
        return not (self.fault or any(map(is_of_death, self.headers)))


class DeliverySource(Protocol):
    """Where deliveries come from, and are acknowledged: a Consumer (basic.consume) or a Getter (basic.get)."""

    @property
    def epoch(self) -> int: ...

    @property
    def limit(self) -> int: ...

    @property
    def is_attached(self) -> bool: ...

    def attach(self, connection: ChannelOwner, channel: Channel) -> None: ...

    def detach(self) -> None: ...

    def close(self) -> None: ...

    def ack(self, epoch: int, tag: int, multiple: bool = False) -> bool: ...

    def refuse(self, delivery: Delivery) -> bool: ...

    def widen(self, limit: int) -> None: ...


class DeliveryChannel:
    """The channel of the current epoch, or none. Use it in the loop's thread only."""

    def __init__(self) -> None:
        self.epoch = 0
        self.channel: Channel | None = None

    @property
    def is_attached(self) -> bool:
        return self.channel is not None

    @property
    def is_open(self) -> bool:
        return self.channel is not None and bool(self.channel.is_open)

    def _renew(self, channel: Channel) -> None:
        self.channel = channel
        self.epoch += 1  # tags start again at 1 on every channel

    def detach(self) -> None:
        """Forget the closed channel; RabbitMQ delivers again what was not acknowledged."""
        self.channel = None

    def close(self) -> None:
        """Receive no more: RabbitMQ gives what is not acknowledged to other consumers."""
        if self.channel is not None and self.channel.is_open:
            self.channel.close()
        self.detach()

    def ack(self, epoch: int, tag: int, multiple: bool = False) -> bool:
        """Return False where the delivery is of an older epoch: its tag must not be sent."""
        if self.channel is None or epoch != self.epoch or not self.channel.is_open:
            return False
        self.channel.basic_ack(tag, multiple)
        return True

    def refuse(self, delivery: Delivery) -> bool:
        """nack without requeue: RabbitMQ dead-letters the message where a policy says so. Return as `ack` does.

        A message that must not be refused is acknowledged: then the warehouse alone keeps it.
        """
        if not delivery.can_be_refused:
            return self.ack(delivery.epoch, delivery.tag)
        if self.channel is None or delivery.epoch != self.epoch or not self.channel.is_open:
            return False
        self.channel.basic_nack(delivery.tag, multiple=False, requeue=False)
        return True

    def _delivery(self, queue: str, method: Any, properties: Content, body: bytes) -> Delivery:
        return Delivery(
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


def _text(name: str | bytes) -> str:
    """pika leaves a name that is not UTF-8 as bytes."""
    return name if isinstance(name, str) else name.decode("utf-8", "backslashreplace")
