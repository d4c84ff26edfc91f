"""Attaches the consumers of the warehouse that may work now, each to a channel of its own."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from messaging.broker.connection import Channel, Connection
from messaging.broker.delivery import DeliverySource


class QueueConsumer(Protocol):
    """Takes messages from queues by its consumer."""

    @property
    def consumer(self) -> DeliverySource: ...

    def give_back(self) -> None:
        """Take no more, and give to others what is not acknowledged."""

    def lost(self) -> None:
        """The channel is gone: RabbitMQ gives others what was not acknowledged."""


class Consumers:
    """In the loop's thread. `may_consume` is asked at each `refresh`, and once more when a channel has opened."""

    def __init__(self, consumers: Sequence[QueueConsumer], may_consume: Callable[[QueueConsumer], bool]) -> None:
        self._consumers, self._may_consume = consumers, may_consume
        self._connection: Connection | None = None

    @property
    def is_connected(self) -> bool:
        return self._connection is not None

    def connected(self, connection: Connection) -> None:
        self._connection = connection
        self.refresh()

    def disconnected(self) -> None:
        self._connection = None
        for consumer in self._consumers:
            consumer.lost()

    def refresh(self) -> None:
        """Whoever may take begins, whoever may not gives back what it holds."""
        for consumer in self._consumers:
            if not self._may_consume(consumer):
                consumer.give_back()
            elif self._connection is not None and not consumer.consumer.is_attached:
                self._connection.open_channel(partial(self._attach, consumer, self._connection))

    def _attach(self, consumer: QueueConsumer, connection: Connection, channel: Channel) -> None:
        if not self._may_consume(consumer) or consumer.consumer.is_attached:
            channel.close()
        else:
            consumer.consumer.attach(connection, channel)
