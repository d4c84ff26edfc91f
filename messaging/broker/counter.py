"""How many messages of a queue wait for a consumer, and how many consumers it has, as RabbitMQ says."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from msgspec import Struct
from pika.channel import Channel

from messaging.broker.connection import Connection

AGAIN = 10  # counts until a queue that was not there is asked for again: each time RabbitMQ closes a channel over it


class QueueStand(Struct, frozen=True):
    """`ready`: messages that no consumer has taken yet; what consumers hold unacknowledged is not in it."""

    ready: int
    consumers: int


Stands = Mapping[str, QueueStand]


class QueueCounter:
    """Asks on a channel of its own, one queue after the other. In the loop's thread only."""

    def __init__(self, *queues: str) -> None:
        self._queues = queues
        self._connection: Connection | None = None
        self._channel: Channel | None = None
        self._asked: list[Future[Stands | None]] = []
        self._counts = 0
        self._left: list[str] = []
        self._found: dict[str, QueueStand] = {}
        self._missing: set[str] = set()

    def attach(self, connection: Connection) -> None:
        self._connection = connection
        self._missing.clear()
        connection.open_channel_aside(self._opened, self._refused)

    def detach(self) -> None:
        """The connection is gone, and with it the answers under way."""
        self._connection = self._channel = None
        self._tell(None)

    def count(self, asked: "Future[Stands | None]") -> None:
        """Without those that are missing; None where there is no connection. Who asks meanwhile gets the same."""
        if self._connection is None:
            asked.set_result(None)
            return
        self._asked.append(asked)
        if len(self._asked) == 1:
            self._counts += 1
            skipped = self._missing if self._counts % AGAIN else ()
            self._left, self._found = [queue for queue in self._queues if queue not in skipped], {}
            self._ask()

    def _opened(self, channel: Channel) -> None:
        self._channel = channel
        if self._asked:
            self._ask()

    def _ask(self) -> None:
        if not self._left:
            self._tell(self._found)
        elif self._channel is not None:
            self._channel.queue_declare(self._left[0], passive=True, callback=self._counted)

    def _counted(self, answer: Any) -> None:
        queue = self._left.pop(0)
        self._missing.discard(queue)
        self._found[queue] = QueueStand(int(answer.method.message_count), int(answer.method.consumer_count))
        self._ask()

    def _refused(self) -> None:
        """RabbitMQ has closed the channel over the queue that was asked for: on with the others, on a new one."""
        self._channel = None
        if self._left:
            self._missing.add(self._left.pop(0))
        if self._connection is not None:
            self._connection.open_channel_aside(self._opened, self._refused)

    def _tell(self, found: "Stands | None") -> None:
        asked, self._asked = self._asked, []
        for one in asked:
            one.set_result(found)
