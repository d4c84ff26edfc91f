"""How many messages of a queue wait for a consumer, and how many consumers it has, as RabbitMQ says."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from msgspec import Struct
from pika.channel import Channel

from messaging.broker.connection import Connection
from messaging.broker.error_messages import NOT_FOUND

AGAIN = 10  # counts until a queue that was refused is asked for again: each time RabbitMQ closes a channel over it


class QueueDepth(Struct, frozen=True):
    """`ready`: messages that no consumer has taken yet; what consumers hold unacknowledged is not in it."""

    ready: int
    consumers: int


Stands = Mapping[str, QueueDepth | None]  # without those that are missing; None where it may not be looked at


class QueueDepths:
    """Asks on a channel of its own, one queue after the other. In the loop's thread only."""

    def __init__(self, *queues: str) -> None:
        self._queues = queues
        self._connection: Connection | None = None
        self._channel: Channel | None = None
        self._asked: list[Future[Stands | None]] = []
        self._counts = 0
        self._left: list[str] = []
        self._found: dict[str, QueueDepth | None] = {}
        self._refused: dict[str, bool] = {}  # whether it is missing

    def attach(self, connection: Connection) -> None:
        self._connection = connection
        self._refused.clear()
        connection.open_channel_aside(self._opened, self._closed)

    def detach(self) -> None:
        """The connection is gone, and with it the answers under way."""
        self._connection = self._channel = None
        self._tell(None)

    def count(self, asked: "Future[Stands | None]") -> None:
        """None where there is no connection. Who asks meanwhile gets the same."""
        if self._connection is None:
            asked.set_result(None)
            return
        self._asked.append(asked)
        if len(self._asked) == 1:
            self._counts += 1
            if not self._counts % AGAIN:
                self._refused.clear()
            self._left = [queue for queue in self._queues if queue not in self._refused]
            self._found = {queue: None for queue, is_missing in self._refused.items() if not is_missing}
            self._ask()

    def _opened(self, channel: Channel) -> None:
        self._channel = channel
        if self._asked:
            self._ask()

    def _ask(self) -> None:
        if not self._left:
            self._tell(self._found)
        elif self._channel is not None and self._channel.is_open:  # else a new one comes, or `detach`
            self._channel.queue_declare(self._left[0], passive=True, callback=self._counted)

    def _counted(self, answer: Any) -> None:
        queue = self._left.pop(0)
        self._found[queue] = QueueDepth(int(answer.method.message_count), int(answer.method.consumer_count))
        self._ask()

    def _closed(self, code: int) -> None:
        """By RabbitMQ, over the queue that was asked for: on with the others, on a new channel."""
        self._channel = None
        if self._left:
            queue = self._left.pop(0)
            self._refused[queue] = code == NOT_FOUND
            if code != NOT_FOUND:
                self._found[queue] = None
        if self._connection is not None:
            self._connection.open_channel_aside(self._opened, self._closed)

    def _tell(self, found: "Stands | None") -> None:
        asked, self._asked = self._asked, []
        for one in asked:
            one.set_result(found)
