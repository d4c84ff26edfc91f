"""How many messages of a queue wait for a consumer, as RabbitMQ says."""

from concurrent.futures import Future
from typing import Any

from pika.channel import Channel


class QueueCounter:
    """Asks on a channel of its own; what consumers hold unacknowledged is not counted. In the loop's thread only."""

    def __init__(self, queue: str) -> None:
        self._queue = queue
        self._channel: Channel | None = None
        self._asked: list[Future[int | None]] = []

    def attach(self, channel: Channel) -> None:
        self._channel = channel

    def detach(self) -> None:
        """The channel is gone, and with it the answers under way."""
        self._channel = None
        self._tell(None)

    def count(self, asked: "Future[int | None]") -> None:
        """None where there is no connection. Who asks while an answer is under way gets that one."""
        if self._channel is None or not self._channel.is_open:
            asked.set_result(None)
            return
        self._asked.append(asked)
        if len(self._asked) == 1:
            self._channel.queue_declare(self._queue, passive=True, callback=self._counted)

    def _counted(self, answer: Any) -> None:
        self._tell(int(answer.method.message_count))

    def _tell(self, count: int | None) -> None:
        asked, self._asked = self._asked, []
        for one in asked:
            one.set_result(count)
