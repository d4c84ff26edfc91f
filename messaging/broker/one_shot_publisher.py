"""Connecting to publish a few messages, for a command that then ends."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from functools import partial
from typing import Self

from messaging.broker.connection import Channel, Connection
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.publisher import Outgoing, Publisher, Receipt
from messaging.errors import BrokerRefused, BrokerUnavailable
from messaging.phrases import phrase
from messaging.ports import Broker, LinkState, Phase
from messaging.runtime.settings import Settings

PATIENCE = 10.0  # seconds for all confirms


class OneShotPublisher:
    """Connects in a thread of its own, publishes with confirms, and disconnects.

    Entering raises BrokerUnavailable or BrokerRefused where RabbitMQ cannot be reached within `seconds`.
    """

    def __init__(self, broker: Broker, settings: Settings, name: str, seconds: float = 5.0) -> None:
        self._seconds = seconds
        self._loop = BrokerLoop()
        self._publisher = Publisher(settings.confirm_window)
        self._reached: Future[None] = Future()
        self._reason = phrase("one_shot_publisher.no_answer")
        self._connection = Connection(
            self._loop,
            broker,
            settings,
            name,
            on_ready=lambda connection: connection.open_channel(self._ready),
            on_lost=self._publisher.detach,
            on_state=self._changed,
        )
        self._thread = threading.Thread(target=self._loop.run, name="one-shot publisher")

    def __enter__(self) -> Self:
        self._connection.start()
        self._thread.start()
        try:
            self._reached.result(self._seconds)
        except BaseException as error:
            self.close()
            if isinstance(error, TooLate):
                raise BrokerUnavailable(
                    phrase("one_shot_publisher.rabbitmq_cannot_be_reached", reason=self._reason)
                ) from None
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def close(self) -> None:
        self._loop.stop()
        self._thread.join()

    def deliver(self, messages: Sequence[Outgoing]) -> list[Receipt]:
        """Publish all and return their receipts in order; LOST where no confirm came within PATIENCE seconds."""
        delivered: Future[list[Receipt]] = Future()
        receipts: dict[int, Receipt] = {}

        def received(index: int, receipt: Receipt) -> None:
            receipts[index] = receipt
            if len(receipts) == len(messages):
                delivered.set_result([receipts[index] for index in range(len(messages))])

        def publish() -> None:
            for index, message in enumerate(messages):
                self._publisher.publish(message, partial(received, index))

        if not messages or not self._loop.post(publish):
            return [Receipt.LOST] * len(messages)
        try:
            return delivered.result(PATIENCE)
        except TooLate:
            return [receipts.get(index, Receipt.LOST) for index in range(len(messages))]

    def _ready(self, channel: Channel) -> None:
        self._publisher.attach(channel)
        if not self._reached.done():
            self._reached.set_result(None)

    def _changed(self, state: LinkState) -> None:
        if state.phase in (Phase.WAITING, Phase.BLOCKED, Phase.STARTING):
            self._reason = state.reason
        if state.phase is Phase.REFUSED and not self._reached.done():
            self._reached.set_exception(BrokerRefused(state.reason))
