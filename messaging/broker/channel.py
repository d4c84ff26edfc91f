"""The narrow port to a channel of RabbitMQ: what is used of pika's, and what tests put a fake in place of."""

from collections.abc import Callable, Iterable
from typing import Any, Protocol

Callback = Callable[..., object]


class Channel(Protocol):
    """Of pika.channel.Channel, with its names. Whoever asks for something gets its answer by `callback`, in order."""

    @property
    def is_open(self) -> bool: ...

    @property
    def connection(self) -> Any: ...

    def close(self) -> None: ...

    def add_callback(self, callback: Callback, replies: Iterable[Any], one_shot: bool = True) -> None: ...

    def add_on_cancel_callback(self, callback: Callback) -> None: ...

    def add_on_close_callback(self, callback: Callback) -> None: ...

    def add_on_return_callback(self, callback: Callback) -> None: ...

    def confirm_delivery(self, ack_nack_callback: Callback, callback: Callback | None = None) -> None: ...

    def basic_publish(
        self, exchange: str, routing_key: str, body: bytes, properties: Any = None, mandatory: bool = False
    ) -> None: ...

    def basic_qos(self, *, prefetch_count: int, callback: Callback | None = None) -> None: ...

    def basic_consume(
        self, queue: str, on_message_callback: Callback, auto_ack: bool = False, *, callback: Callback | None = None
    ) -> str: ...

    def basic_cancel(self, consumer_tag: str, callback: Callback | None = None) -> None: ...

    def basic_get(self, queue: str, callback: Callback) -> None: ...

    def basic_ack(self, delivery_tag: int, multiple: bool = False) -> None: ...

    def basic_nack(self, delivery_tag: int, multiple: bool = False, requeue: bool = True) -> None: ...

    def queue_declare(
        self, queue: str, *, exclusive: bool = False, auto_delete: bool = False, callback: Callback | None = None
    ) -> None: ...

    def queue_bind(self, queue: str, exchange: str, routing_key: str, *, callback: Callback | None = None) -> None: ...


class ChannelOwner(Protocol):
    """The connection on which a channel was opened."""

    def starting(self, what: object) -> None:
        """It is not said to be ready before `what` has started."""

    def started(self, what: object) -> None: ...

    def drop(self, error: BaseException) -> None:
        """Give it up after a fault: a new one comes with new channels."""
