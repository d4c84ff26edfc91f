"""Counting the messages and consumers of queues (passive queue.declare)."""

from collections.abc import Mapping
from concurrent.futures import Future
from typing import Any

from msgspec import Struct
from pika.channel import Channel

from messaging.broker.connection import Connection
from messaging.broker.error_messages import NOT_FOUND

RETRY_REFUSED = 10  # counts until a refused queue is tried again: each refusal costs a channel


class QueueDepth(Struct, frozen=True):
    """`ready`: messages that no consumer has taken yet; what consumers hold unacknowledged is not in it."""

    ready: int
    consumers: int


Depths = Mapping[str, QueueDepth | None]  # without missing queues; None where the account may not read one


class QueueDepths:
    """Counts one queue after the other on a channel of its own. Use it in the loop's thread only."""

    def __init__(self, *queues: str) -> None:
        self._queues = queues
        self._connection: Connection | None = None
        self._channel: Channel | None = None
        self._asked: list[Future[Depths | None]] = []
        self._counts = 0
        self._uncounted: list[str] = []
        self._found: dict[str, QueueDepth | None] = {}
        self._refused: dict[str, bool] = {}  # whether it is missing

    def attach(self, connection: Connection) -> None:
        self._connection = connection
        self._refused.clear()
        connection.open_channel_aside(self._opened, self._closed)

    def detach(self) -> None:
        """Forget the closed connection, and answer None to whoever waits."""
        self._connection = self._channel = None
        self._answer(None)

    def count(self, asked: "Future[Depths | None]") -> None:
        """Set the counts on `asked`, or None without a connection. Calls during one count share its result."""
        if self._connection is None:
            asked.set_result(None)
            return
        self._asked.append(asked)
        if len(self._asked) == 1:
            self._counts += 1
            if not self._counts % RETRY_REFUSED:
                self._refused.clear()
            self._uncounted = [queue for queue in self._queues if queue not in self._refused]
            self._found = {queue: None for queue, is_missing in self._refused.items() if not is_missing}
            self._ask()

    def _opened(self, channel: Channel) -> None:
        self._channel = channel
        if self._asked:
            self._ask()

    def _ask(self) -> None:
        if not self._uncounted:
            self._answer(self._found)
        elif self._channel is not None and self._channel.is_open:  # else a new channel opens, or `detach` is called
            self._channel.queue_declare(self._uncounted[0], passive=True, callback=self._counted)

    def _counted(self, answer: Any) -> None:
        queue = self._uncounted.pop(0)
        self._found[queue] = QueueDepth(int(answer.method.message_count), int(answer.method.consumer_count))
        self._ask()

    def _closed(self, code: int) -> None:
        """RabbitMQ has closed the channel over the queue that was counted: go on with the others on a new one."""
        self._channel = None
        if self._uncounted:
            queue = self._uncounted.pop(0)
            self._refused[queue] = code == NOT_FOUND
            if code != NOT_FOUND:
                self._found[queue] = None
        if self._connection is not None:
            self._connection.open_channel_aside(self._opened, self._closed)

    def _answer(self, found: "Depths | None") -> None:
        asked, self._asked = self._asked, []
        for one in asked:
            one.set_result(found)
