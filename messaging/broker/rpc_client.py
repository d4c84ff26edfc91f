"""Questions to the warehouse, answered by RabbitMQ's direct reply-to."""

import logging
from collections.abc import Callable
from typing import Any

import pika
import uuid_utils.compat

from messaging.broker.channel import Channel
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.frames.assembler import takes
from messaging.broker.frames.content import fault_of
from messaging.broker.publisher import Outgoing, login_of, properties_of
from messaging.contract import topology
from messaging.contract.codec import MAX_ANSWER_BYTES, MessageType, Question, encode

LOG = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds until a question expires: then nobody answers, and it may be asked again

Answered = Callable[[bytes | None], None]


class RpcClient:
    """Asks on its own channel, unconfirmed: a question without an answer is simply asked again.

    Who asks is vouched for by RabbitMQ. In the loop's thread only. Every question gets one answer: the bytes, or None
    for nobody there.
    """

    def __init__(self, loop: BrokerLoop) -> None:
        self._loop = loop
        self._channel: Channel | None = None
        self._login = ""
        self._open: dict[str, tuple[Answered, object]] = {}

    @property
    def is_ready(self) -> bool:
        return self._channel is not None

    def attach(self, channel: Channel, on_ready: Callable[[], None] = lambda: None) -> None:
        takes(channel, MAX_ANSWER_BYTES)
        self._login = login_of(channel)
        channel.add_on_return_callback(lambda _c, _m, properties, _b: self._settle(properties.correlation_id, None))
        channel.basic_consume(
            topology.DIRECT_REPLY_TO, self._answered, auto_ack=True, callback=lambda _ok: self._ready(channel, on_ready)
        )

    def detach(self) -> None:
        self._channel = None
        for correlation_id in list(self._open):
            self._settle(correlation_id, None)

    def ask(self, question: Question, answered: Answered) -> None:
        if self._channel is None or not self._channel.is_open:
            answered(None)
            return
        correlation_id = str(uuid_utils.compat.uuid7())
        timer = self._loop.later(PATIENCE, lambda: self._settle(correlation_id, None))
        self._open[correlation_id] = (answered, timer)
        message = Outgoing(
            topology.QUESTIONS.name,
            topology.QUESTION_KEY,
            encode(question),
            MessageType.QUESTION,
            message_id=correlation_id,
            correlation_id=correlation_id,
            expiration=int(PATIENCE * 1000),
            reply_to=topology.DIRECT_REPLY_TO,
            sender=self._login,
        )
        properties = properties_of(message, self._login)
        self._channel.basic_publish(message.exchange, message.key, message.body, properties, mandatory=True)

    def _ready(self, channel: Channel, on_ready: Callable[[], None]) -> None:
        self._channel = channel
        on_ready()

    def _answered(self, _channel: Any, _method: Any, properties: pika.BasicProperties, body: bytes) -> None:
        """One that cannot be read is none."""
        fault = fault_of(properties)
        if fault:
            LOG.warning("answer dropped: %s", fault)
        self._settle(properties.correlation_id, None if fault else body)

    def _settle(self, correlation_id: str | None, answer: bytes | None) -> None:
        waiting = self._open.pop(correlation_id or "", None)
        if waiting is None:
            return  # its time was up, or it is an answer twice
        answered, timer = waiting
        self._loop.cancel(timer)
        answered(answer)
