"""Asking the warehouse questions: RPC over RabbitMQ's direct reply-to."""

import logging
from collections.abc import Callable
from typing import Any

import pika
import uuid_utils.compat

from messaging.broker.channel import Channel
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.frames.assembler import keep_bodies
from messaging.broker.frames.content import fault_of
from messaging.broker.publisher import Outgoing, login_of, properties_of
from messaging.contract import topology
from messaging.contract.codec import MAX_ANSWER_BYTES, MessageType, Question, encode

LOG = logging.getLogger(__name__)

PATIENCE = 5.0  # seconds until a question expires: the question's expiration, after which it may be asked again

Answered = Callable[[bytes | None], None]


class RpcClient:
    """Publishes questions on a channel of its own, without confirms: whoever gets no answer asks again.

    RabbitMQ validates the user id of each question. Use it in the loop's thread only. Every question gets exactly one
    answer: the bytes, or None where none came within PATIENCE seconds, no queue is bound or the connection was lost.
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
        keep_bodies(channel, MAX_ANSWER_BYTES)
        self._login = login_of(channel)
        channel.add_on_return_callback(lambda _c, _m, properties, _b: self._finish(properties.correlation_id, None))
        channel.basic_consume(
            topology.DIRECT_REPLY_TO, self._answered, auto_ack=True, callback=lambda _ok: self._ready(channel, on_ready)
        )

    def detach(self) -> None:
        self._channel = None
        for correlation_id in list(self._open):
            self._finish(correlation_id, None)

    def ask(self, question: Question, answered: Answered) -> None:
        if self._channel is None or not self._channel.is_open:
            answered(None)
            return
        correlation_id = str(uuid_utils.compat.uuid7())
        timer = self._loop.later(PATIENCE, lambda: self._finish(correlation_id, None))
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
        """An answer that cannot be read counts as none."""
        fault = fault_of(properties)
        if fault:
            LOG.warning("answer dropped: %s", fault)
        self._finish(properties.correlation_id, None if fault else body)

    def _finish(self, correlation_id: str | None, answer: bytes | None) -> None:
        waiting = self._open.pop(correlation_id or "", None)
        if waiting is None:
            return  # it came too late, or twice
        answered, timer = waiting
        self._loop.cancel(timer)
        answered(answer)
