"""One AMQP connection that reconnects by itself."""

import logging
import random
from collections.abc import Callable
from typing import Any

import pika
from pika.adapters.select_connection import SelectConnection
from pika.channel import Channel

from messaging.broker import error_messages
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.frames.pika_connection import PikaConnection, cut
from messaging.broker.urls import without_password
from messaging.contract import topology
from messaging.phrases import phrase
from messaging.ports import Address, Broker, LinkState, Phase
from messaging.runtime.settings import Settings

__all__ = ["Channel", "Connection"]

LOG = logging.getLogger(__name__)

FIRST_RETRY = 0.2  # seconds
POLL_NODE = 0.1  # seconds between two polls whether the private node is ready
CONNECT_TIMEOUT = 8.0  # seconds for one try to connect, until connection.open-ok
REFUSED_RETRY = 60.0  # seconds: the operator may repair it; more tries could lock the account


class Connection:
    """Opens, declares the topology, serves, and opens anew with growing pauses; in the loop's thread.

    Each opening is a new epoch: `on_ready(connection)` is called to open channels, `on_lost()` after the connection
    has closed. Its state becomes READY once those channels are open and their consumers have started. Any error of a
    channel drops the whole connection: a pika connection whose channel was closed by the broker can be killed by the
    next call on it.

    Where the account may not declare the topology, the operator must have done so: what is missing shows in use.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        broker: Broker,
        settings: Settings,
        name: str,
        *,
        on_ready: Callable[["Connection"], None],
        on_lost: Callable[[], None],
        on_state: Callable[[LinkState], None],
    ) -> None:
        self.epoch = 0
        self.state = LinkState(Phase.CONNECTING)
        self._loop, self._broker, self._settings, self._name = loop, broker, settings, name
        self._on_ready, self._on_lost, self._on_state = on_ready, on_lost, on_state
        self._pika: SelectConnection | None = None
        self._url = ""
        self._tries = 0
        self._failures = 0  # since it was ready
        self._pause = 0.0
        self._is_ready = self._is_blocked = False
        self._starting: set[object] = set()
        self._may_declare = True
        self._fault: BaseException | None = None
        self._closed: Callable[[], None] | None = None
        loop.on_stop(self._close, self._abort)

    @property
    def broker_name(self) -> str:
        """RabbitMQ's cluster name, the same on each of its nodes, and the virtual host; empty while not connected."""
        if self._pika is None:
            return ""
        cluster = (self._pika.server_properties or {}).get("cluster_name", "")
        return f"{cluster}/{self._pika.params.virtual_host}"

    def start(self) -> None:
        """From any thread, before or after the loop runs."""
        self._loop.post(self._open)

    def open_channel(self, on_open: Callable[[Channel], None]) -> None:
        """A channel whose closing, for whatever reason, drops this connection."""
        if self._pika is None or not self._pika.is_open:
            return  # it is closing, and reopens with a new epoch
        epoch, opening = self.epoch, object()

        def opened(channel: Channel) -> None:
            channel.add_on_close_callback(lambda _channel, error: self._channel_closed(epoch, error))
            on_open(channel)
            self.started(opening)

        self.starting(opening)
        self._pika.channel(on_open_callback=opened)

    def open_channel_aside(self, on_open: Callable[[Channel], None], on_refused: Callable[[int], None]) -> None:
        """A channel for questions that RabbitMQ may refuse: it then closes this channel alone, and `on_refused` is
        called with AMQP's reply code. Nothing may be sent on it any more."""
        if self._pika is None or not self._pika.is_open:
            return
        epoch = self.epoch

        def closed(_channel: Channel, error: BaseException) -> None:
            if epoch == self.epoch and isinstance(error, pika.exceptions.ChannelClosedByBroker):
                on_refused(error.reply_code)

        def opened(channel: Channel) -> None:
            channel.add_on_close_callback(closed)
            on_open(channel)

        self._pika.channel(on_open_callback=opened)

    def starting(self, what: object) -> None:
        """Do not become READY before `started(what)`."""
        self._starting.add(what)

    def started(self, what: object) -> None:
        self._starting.discard(what)
        self._emit_ready()

    def drop(self, error: BaseException) -> None:
        """Give this connection up after a fault and open a new one."""
        if self._pika is not None and not (self._pika.is_closing or self._pika.is_closed):
            LOG.warning("%s: dropping the connection: %s", self._name, error)
            self._fault = error
            self._pika.close(320, "channel error")

    def _open(self) -> None:
        if self._closed is not None or self._pika is not None:
            return
        address = self._broker.address()
        if not address.urls:
            self._wait_for_node(address)
            return
        self._url = address.urls[self._tries % len(address.urls)]
        self._tries += 1
        self.epoch += 1
        self._fault = None
        self._is_blocked = False
        self._starting.clear()
        if self.state.phase is not Phase.WAITING:
            self._emit(LinkState(Phase.CONNECTING, phrase("connection.connecting_to", url=without_password(self._url))))
        try:
            parameters = self._parameters()
        except ValueError as error:
            self._emit(LinkState(Phase.REFUSED, phrase("connection.the_brokers_url_cannot_be_read", error=error)))
            return
        self._pika = PikaConnection(
            parameters,
            on_open_callback=self._opened,
            on_open_error_callback=self._gone,
            on_close_callback=self._gone,
            custom_ioloop=self._loop.pika_loop,
        )

    def _wait_for_node(self, address: Address) -> None:
        phase = Phase.REFUSED if address.failed else Phase.STARTING
        self._emit(LinkState(phase, address.reason))
        self._loop.later(POLL_NODE, self._open)

    def _parameters(self) -> pika.URLParameters:
        parameters = pika.URLParameters(self._url)
        parameters.heartbeat = self._settings.heartbeat
        parameters.connection_attempts = 1  # the pauses are made here
        parameters.socket_timeout = 5
        parameters.stack_timeout = CONNECT_TIMEOUT
        parameters.blocked_connection_timeout = None  # an alarm may last: publishing waits for it
        parameters.client_properties = {"connection_name": self._name}
        return parameters

    def _opened(self, connection: Any) -> None:
        connection.add_on_connection_blocked_callback(self._blocked)
        connection.add_on_connection_unblocked_callback(self._unblocked)
        self.open_channel(self._declare)

    def _declare(self, channel: Channel) -> None:
        if not self._may_declare:
            self._ready()
            return
        for exchange in topology.EXCHANGES:
            channel.exchange_declare(exchange.name, exchange.kind.value, durable=True, callback=_ignore)
        for queue in topology.DECLARED_QUEUES:
            channel.queue_declare(queue.name, durable=True, callback=_ignore)
        *first, last = topology.BINDINGS
        for binding in first:
            channel.queue_bind(binding.queue.name, binding.exchange.name, binding.key, callback=_ignore)
        channel.queue_bind(last.queue.name, last.exchange.name, last.key, callback=lambda _ok: self._ready())

    def _ready(self) -> None:
        if self._closed is not None:
            return
        self._pause, self._failures = 0.0, 0
        self._is_ready = True
        self._on_ready(self)
        self._emit_ready()

    def _emit_ready(self) -> None:
        if self._is_ready and not self._starting and not self._is_blocked:
            self._emit(LinkState(Phase.READY, phrase("connection.connected_to", url=without_password(self._url))))

    def _blocked(self, _connection: Any, frame: Any) -> None:
        self._is_blocked = True
        reason = getattr(frame.method, "reason", "") or phrase("connection.memory_or_disk_alarm")
        self._emit(LinkState(Phase.BLOCKED, phrase("connection.rabbitmq_takes_no_messages_for_now", reason=reason)))

    def _unblocked(self, _connection: Any, _frame: Any) -> None:
        self._is_blocked = False
        self._emit_ready()

    def _channel_closed(self, epoch: int, error: BaseException) -> None:
        closed_here = isinstance(error, pika.exceptions.ChannelClosedByClient)
        if epoch == self.epoch and self._closed is None and not closed_here:
            self.drop(error)

    def _gone(self, _connection: Any, error: BaseException | str) -> None:
        cause = self._fault or (error if isinstance(error, BaseException) else RuntimeError(error))
        self._pika = None
        declaring = not self._is_ready
        if self._is_ready:
            self._is_ready = False
            self._on_lost()
        if self._closed is not None:
            self._emit(LinkState(Phase.CLOSED))
            self._closed()
            return
        if declaring and self._may_declare and error_messages.is_without_right(cause):
            self._may_declare = False
            self._open()
            return
        self._retry(cause)

    def _retry(self, cause: BaseException) -> None:
        reason = error_messages.explain(cause, self._url, may_declare=self._may_declare)
        is_refused = error_messages.is_for_good(cause, may_declare=self._may_declare)
        pause = self._next_pause(is_refused) * random.uniform(0.8, 1.2)
        LOG.info("%s: %s; trying again in %.1f s", self._name, reason, pause)
        self._emit(LinkState(Phase.REFUSED if is_refused else Phase.WAITING, reason, pause))
        self._loop.later(pause, self._open)

    def _next_pause(self, is_refused: bool) -> float:
        """Seconds; doubled once all addresses have been tried, because another node of a cluster may be there."""
        self._failures += 1
        if self._failures % max(len(self._broker.address().urls), 1):
            return FIRST_RETRY
        longer = min(max(self._pause * 2, FIRST_RETRY), self._settings.retry_most)
        self._pause = REFUSED_RETRY if is_refused else longer
        return self._pause

    def _emit(self, state: LinkState) -> None:
        if state != self.state:
            self.state = state
            self._on_state(state)

    def _close(self, done: Callable[[], None]) -> None:
        self._closed = done
        if self._pika is None:
            self._emit(LinkState(Phase.CLOSED))
            done()
        elif not (self._pika.is_closing or self._pika.is_closed):
            self._pika.close()

    def _abort(self) -> None:
        """RabbitMQ does not answer connection.close: cut the connection, or its socket would stay open."""
        if self._pika is not None:
            cut(self._pika)


def _ignore(_frame: object) -> None:
    """Ignore the answer to a declaration: RabbitMQ refuses one by closing the channel."""
