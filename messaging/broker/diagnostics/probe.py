"""A connection that runs single steps, one after the other: for the doctor and the private node's login.

Between the steps nothing runs, not even heartbeats.
"""

from collections.abc import Callable
from typing import Any

import pika
from pika.adapters.select_connection import IOLoop, SelectConnection
from pika.channel import Channel

from messaging.broker import error_messages
from messaging.broker.frames.pika_connection import cut
from messaging.errors import BrokerRefused, BrokerUnavailable, OrderDeskError
from messaging.phrases import phrase

PATIENCE = 8.0  # seconds for one step

Answer = Callable[[Any], None]


class StepRefused(BrokerRefused):
    """RabbitMQ closed the channel over this step; `code` is AMQP's (403, 404, 406 ...)."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(phrase("probe.rabbitmq_refused", code=code, text=text[:200]))
        self.code, self.text = code, text


class Probe:
    """Connects in the constructor, which raises BrokerRefused or BrokerUnavailable with the reason."""

    def __init__(self, url: str, name: str, patience: float = PATIENCE) -> None:
        self._url, self._patience = url, patience
        self._loop = IOLoop()
        self._is_finished = False
        self._result: Any = None
        self._error: BaseException | None = None
        try:
            self._connection = self._connect(name)
        except BaseException:
            self._loop.close()
            raise

    def __enter__(self) -> "Probe":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def do(self, step: Callable[[Channel, Answer], object]) -> Any:
        """Run one step on a fresh channel: `step(channel, answer)` starts it and passes `answer` as callback.

        Returns what RabbitMQ answered; raises StepRefused where it closed the channel over it.
        """

        def opened(channel: Channel) -> None:
            channel.add_on_close_callback(lambda _channel, error: self._failed(error))
            step(channel, lambda result: self._succeeded((channel, result)))

        self._until(lambda: self._connection.channel(on_open_callback=opened))
        if isinstance(self._error, pika.exceptions.ChannelClosed):
            raise StepRefused(self._error.reply_code, self._error.reply_text)
        self._raise_error()
        channel, result = self._result
        self._until(lambda: self._close_channel(channel))
        return result

    @property
    def is_open(self) -> bool:
        return not (self._connection.is_closed or self._connection.is_closing)

    def close(self) -> None:
        """Close the connection; again does nothing."""
        if self._is_finished:
            return
        self._is_finished = True
        if not (self._connection.is_closed or self._connection.is_closing):
            self._until(self._connection.close)
        if not self._connection.is_closed:  # RabbitMQ does not answer: else the socket would stay open
            self._until(lambda: cut(self._connection))
        self._loop.close()

    def _connect(self, name: str) -> SelectConnection:
        try:
            parameters = pika.URLParameters(self._url)
        except (ValueError, TypeError) as error:
            raise BrokerRefused(phrase("connection.the_brokers_url_cannot_be_read", error=error)) from error
        parameters.connection_attempts = 1
        parameters.socket_timeout = parameters.stack_timeout = self._patience
        parameters.client_properties = {"connection_name": name}
        connection: list[SelectConnection] = []

        def start() -> None:
            connection.append(
                SelectConnection(
                    parameters,
                    on_open_callback=self._succeeded,
                    on_open_error_callback=lambda _c, error: self._failed(error),
                    on_close_callback=lambda _c, error: self._failed(error),
                    custom_ioloop=self._loop,
                )
            )

        self._until(
            start, self._patience * 2
        )  # twice, so that pika's own timeout comes first: its error names the stage
        self._raise_error()
        return connection[0]

    def _close_channel(self, channel: Channel) -> None:
        if channel.is_open:
            channel.close()  # its close callback ends this step
        else:
            self._succeeded(None)

    def _until(self, start: Callable[[], object], patience: float = 0.0) -> None:
        """Call `start`, then run the loop until it succeeded, failed, or `patience` seconds are over."""
        self._result, self._error = None, None
        timer = self._loop.call_later(
            patience or self._patience, lambda: self._failed(TimeoutError("no answer from RabbitMQ"))
        )
        try:
            start()
            self._loop.start()
        except pika.exceptions.AMQPError as error:  # the connection was lost between two steps
            self._error = error
        self._loop.remove_timeout(timer)

    def _succeeded(self, result: Any) -> None:
        self._result = result
        self._loop.stop()

    def _failed(self, error: BaseException | str) -> None:
        self._error = error if isinstance(error, BaseException) else RuntimeError(error)
        self._loop.stop()

    def _raise_error(self) -> None:
        if self._error is not None:
            kind: type[OrderDeskError] = BrokerRefused if error_messages.is_for_good(self._error) else BrokerUnavailable
            raise kind(error_messages.explain(self._error, self._url)) from self._error
