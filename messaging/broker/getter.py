"""Getting one message at a time (basic.get), each time somebody asks for one."""

from collections import deque
from collections.abc import Callable
from functools import partial
from typing import Any

import pika

from messaging.broker.channel import Channel, ChannelOwner
from messaging.broker.delivery import Delivery, DeliveryChannel
from messaging.broker.frames.assembler import keep_bodies
from messaging.broker.frames.content import Content
from messaging.contract.codec import MAX_BYTES


class Getter(DeliveryChannel):
    """Gets one message from the first of `queues` that has one; in the loop's thread."""

    limit = 1  # deliveries that may be unacknowledged for each call of `get`

    def __init__(self, on_delivery: Callable[[Delivery], None], queues: tuple[str, ...]) -> None:
        super().__init__()
        self._on_delivery, self._queues = on_delivery, queues
        self._callers: deque[Callable[[bool], object]] = deque()  # who wants a message, in turn
        self._untried: tuple[str, ...] = ()  # queues not yet tried for the first caller

    def attach(self, _connection: ChannelOwner, channel: Channel) -> None:
        self._renew(channel)
        keep_bodies(channel, MAX_BYTES)
        channel.add_callback(lambda _frame: self._get(), [pika.spec.Basic.GetEmpty], one_shot=False)

    def widen(self, _limit: int) -> None:
        """Nothing to widen: each message is asked for."""

    def get(self, answered: Callable[[bool], object]) -> None:
        """Call `answered(True)` after the message was delivered, `answered(False)` where there is no message or no
        connection."""
        if not self.is_open:
            answered(False)
            return
        self._callers.append(answered)
        if len(self._callers) == 1:
            self._untried = self._queues
            self._get()

    def detach(self) -> None:
        super().detach()
        callers, self._callers = self._callers, deque()
        for answered in callers:
            answered(False)

    def _get(self) -> None:
        """One basic.get at a time: AMQP is synchronous here, and pika raises for a second one before the answer."""
        if self.channel is None or not self.channel.is_open:
            return
        if not self._untried:
            self._answer(False)
        elif self._callers:
            queue, *untried = self._untried
            self._untried = tuple(untried)
            self.channel.basic_get(queue, partial(self._got, queue))

    def _answer(self, is_delivered: bool) -> None:
        self._callers.popleft()(is_delivered)
        self._untried = self._queues
        if self._callers:
            self._get()

    def _got(self, queue: str, _channel: Any, method: Any, properties: Content, body: bytes) -> None:
        self._on_delivery(self._delivery(queue, method, properties, body))
        self._answer(True)
