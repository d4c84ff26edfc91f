"""The warehouse without its window: decides orders and commands, answers questions, publishes the stock."""

from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import Protocol

from messaging.broker.connection import Channel, Connection
from messaging.broker.connection_pair import ConnectionPair
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.publisher import Publisher
from messaging.broker.queue_depths import Depths, QueueDepths
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.stock import StockLevel
from messaging.errors import BooksRefused, OrderDeskError
from messaging.phrases import phrase
from messaging.ports import Broker, LinkState, Phase
from messaging.runtime.database_thread import DatabaseThread
from messaging.runtime.settings import Settings
from messaging.telemetry.metrics import Metrics
from messaging.warehouse.books.claim import BooksClaim
from messaging.warehouse.books.cleaner import Cleaner
from messaging.warehouse.books.health import BooksHealth
from messaging.warehouse.consumers import Consumers, QueueConsumer
from messaging.warehouse.dead_letters import DeadLetters
from messaging.warehouse.pipeline import Common, Pipeline, Stepper
from messaging.warehouse.records import Decided, SetAside
from messaging.warehouse.relay import Relay
from messaging.warehouse.routed_back import RoutedBack
from messaging.warehouse.rpc_server import RpcServer
from messaging.warehouse.store.warehouse_store import WarehouseStore
from messaging.warehouse.unpublished_events import UnpublishedEvents
from messaging.warehouse.warehouse_log import WarehouseOrderLog

COALESCE = 0.1  # seconds for which changes of stock gather before they are published


class WarehouseWatcher(Protocol):
    """Called in the service's thread; must return at once."""

    def link_changed(self, state: LinkState) -> None: ...

    def decided(self, decided: list[tuple[Decided, float]]) -> None: ...

    def stock_changed(self, levels: list[StockLevel]) -> None: ...

    def failed(self, error: OrderDeskError) -> None: ...


class WarehouseService:
    """`run()` serves in the calling thread until `stop()`; the rest may be called from any thread."""

    def __init__(
        self,
        books: DatabaseThread[WarehouseStore],
        broker: Broker,
        settings: Settings,
        watcher: WarehouseWatcher,
        *,
        metrics: Metrics | None = None,
        take_over: bool = False,
    ) -> None:
        """`take_over`: serve these books also where others were served, or newer ones of them."""
        metrics = metrics or Metrics()
        self._books, self._watcher = books, watcher
        self._loop = BrokerLoop()
        self._publisher = Publisher(settings.confirm_window)
        metrics.watch(self._publisher)
        steps = WarehouseOrderLog(metrics)
        self._health = health = BooksHealth(
            self._loop,
            books,
            found=self._books_found,
            lost=self._books_lost,
            changed=self._health_changed,
            other=watcher.failed,
        )
        self._claim = BooksClaim(
            self._loop, books, changed=self._claim_changed, failed=health.failed, take_over=take_over
        )
        self._relay = Relay(self._loop, self._publisher, books, health.failed, steps)
        routed_back = RoutedBack(self._loop, watcher.failed, steps.routed_back)
        validated = settings.senders == "vouched"
        common = Common(self._loop, books, self._relay, self._decided, health, steps, validated, routed_back)
        self._pipelines = [Pipeline(common, settings.batch) for _ in range(settings.consumers)]
        self._by_hand = Stepper(common)
        self._unpublished_events = UnpublishedEvents(self._loop, books, self._relay, self._compare_stock, health.failed)
        self._cleaner = Cleaner(self._loop, books, health.failed, settings.keep_dropped)
        self._dead_letters = DeadLetters(
            self._loop, books, self._publisher, health.failed, validated_only=validated, on_events=self._relay.poll
        )
        self._rpc_server = RpcServer(
            self._loop,
            books,
            health.failed,
            window=settings.confirm_window,
            queued=self._count_queued,
            routed_back=routed_back,
            validated_only=validated,
        )
        consumers: tuple[QueueConsumer, ...] = (self._rpc_server, self._dead_letters, self._by_hand, *self._pipelines)
        self._consumers = Consumers(consumers, self._may_consume)
        self._queue = QueueDepths(NEW_ORDERS_QUEUE.name)
        self._connections = ConnectionPair(self._loop, broker, settings, "warehouse")
        self._out = self._connections.add("out", self._out_ready, self._out_lost)
        self._connections.add("answers", self._answers_ready, self._rpc_server.publisher.detach)
        self._in = self._connections.add("in", self._in_ready, self._in_lost)
        self._connection_state = self._emitted_state = LinkState(Phase.CONNECTING)
        self._changed: set[str] = set()
        self._levels: dict[str, StockLevel] = {}  # as published
        self._paused = self._is_publishing = False

    def run(self) -> None:
        self._connections.start(self._link_changed)
        self._loop.post(self._health.start)
        self._loop.post(self._unpublished_events.start)
        self._loop.post(self._cleaner.start)
        try:
            self._loop.run()
        finally:
            self._relay.finish()
            self._dead_letters.finish()

    def stop(self) -> None:
        """What is not acknowledged comes again: let what is under way get there, where RabbitMQ answers."""
        for pipeline in self._all_pipelines():
            self._loop.post(pipeline.end)
        self._loop.post(self._claim.end)
        self._loop.stop(self._is_idle)

    def pause(self) -> None:
        """Take no more orders; what RabbitMQ had handed over and is not decided goes back to its queue."""
        self._loop.post(self._pause)

    def resume(self) -> None:
        self._loop.post(self._resume)

    def step(self) -> Future[bool]:
        """While paused: decide one message, the oldest order or else the oldest command, and no other.

        False where none waits or the warehouse is not paused; BrokerUnavailable once it has ended.
        """
        return self._loop.ask(self._step)

    def waiting(self) -> Future[Depths | None]:
        """Of the order queue: what no warehouse has taken. None without a connection, BrokerUnavailable at the end."""
        return self._loop.ask(self._queue.count)

    def publish_events(self) -> None:
        """Somebody wrote events into the books (shipped, restocked...): tell them now."""
        self._loop.post(self._relay.poll)
        self._loop.post(self._publish_all_stock)

    def take_over(self) -> Future[bool]:
        """Serve these books from now on, as others in the place of those that were served here.

        False where nothing stands against them; BrokerUnavailable once it has ended.
        """
        return self._loop.ask(self._claim.take_over)

    def replay(self, rows: Sequence[int]) -> Future[list[SetAside]]:
        """Send messages that were set aside to their step again; done once RabbitMQ has them."""
        return self._dead_letters.replay(rows)

    def _all_pipelines(self) -> tuple[Pipeline, ...]:
        return (*self._pipelines, self._by_hand)

    def _is_idle(self) -> bool:
        is_there = self._publisher.is_ready and self._consumers.is_connected
        return not is_there or (self._claim.is_idle and all(pipeline.is_idle for pipeline in self._all_pipelines()))

    def _link_changed(self, state: LinkState) -> None:
        self._connection_state = state
        self._emit_state()
        blocked, before = self._out.state.phase is Phase.BLOCKED, self._relay.is_blocked
        self._relay.is_blocked = blocked
        if blocked and not before:
            for pipeline in self._all_pipelines():
                pipeline.let_go()
        if before and not blocked:
            self._relay.poll()

    def _emit_state(self) -> None:
        state = self._health.over(self._claim.over(self._connection_state))
        if state != self._emitted_state:
            self._emitted_state = state
            self._watcher.link_changed(state)

    def _pause(self) -> None:
        self._paused = True
        self._consumers.refresh()

    def _step(self, taken: Future[bool]) -> None:
        if self._paused:
            self._by_hand.step(taken.set_result)
        else:
            taken.set_result(False)

    def _resume(self) -> None:
        self._paused = False
        self._consumers.refresh()

    def _out_ready(self, connection: Connection) -> None:
        self._is_publishing = False
        connection.starting(self._claim)
        self._claim.attach(connection)

    def _out_lost(self) -> None:
        self._publisher.detach()
        self._claim.detach()

    def _claim_changed(self) -> None:
        """Known, for the first time on this connection or because others, or these, have taken over."""
        is_renewed = self._claim.identity.id != self._relay.books.id
        self._relay.books = self._claim.identity
        self._consumers.refresh()
        if self._claim.may_serve and not self._is_publishing:
            self._is_publishing = True
            self._out.open_channel(self._tell_on)
        elif self._claim.may_serve and is_renewed:
            self._publish_all_stock()
        if self._is_publishing and not self._claim.may_serve:
            self._out.drop(BooksRefused(phrase("service.other_books_are_served_here_now")))
        for connection in (self._in, self._out):
            connection.started(self._claim)
        self._emit_state()

    def _tell_on(self, channel: Channel) -> None:
        self._relay.attach(channel)
        self._publish_all_stock()

    def _answers_ready(self, connection: Connection) -> None:
        connection.open_channel(self._rpc_server.publisher.attach)

    def _in_ready(self, connection: Connection) -> None:
        for needed in (self._health, self._claim):
            if not needed.is_known:
                connection.starting(needed)
        self._queue.attach(connection)
        self._consumers.connected(connection)

    def _in_lost(self) -> None:
        self._queue.detach()
        self._consumers.disconnected()

    def _may_consume(self, consumer: QueueConsumer) -> bool:
        return self._claim.may_serve and self._health.is_usable and not (self._paused and consumer in self._pipelines)

    def _health_changed(self) -> None:
        if self._health.is_known:
            self._in.started(self._health)
        self._emit_state()

    def _books_lost(self) -> None:
        self._consumers.refresh()

    def _books_found(self) -> None:
        self._consumers.refresh()
        self._relay.poll()
        self._publish_all_stock()

    def _count_queued(self, counted: "Future[int | None]") -> None:
        """Orders in the queue, and one more for those that RabbitMQ has handed over and that are not decided."""
        stands: Future[Depths | None] = Future()
        stands.add_done_callback(lambda done: counted.set_result(self._undecided(done.result())))
        self._queue.count(stands)

    def _undecided(self, stands: Depths | None) -> int | None:
        """None where RabbitMQ does not say."""
        stand = (stands or {}).get(NEW_ORDERS_QUEUE.name)
        held = not all(pipeline.is_idle for pipeline in self._all_pipelines())
        return None if stand is None else stand.ready + held

    def _decided(self, decided: list[tuple[Decided, float]]) -> None:
        self._watcher.decided(decided)
        names = {line.name for one, _ in decided for event in one.events for line in event.notice.lines}
        if names and not self._changed:
            self._loop.later(COALESCE, self._publish_changed_stock)
        self._changed |= names

    def _publish_changed_stock(self) -> None:
        names, self._changed = self._changed, set()
        levels = self._books.ask(lambda store: store.stock.levels(names))
        self._loop.when_done(levels, partial(self._publish_stock, full=False), self._health.failed)

    def _publish_all_stock(self) -> None:
        levels = self._books.ask(lambda store: store.stock.levels())
        self._loop.when_done(levels, partial(self._publish_stock, full=True), self._health.failed)

    def _compare_stock(self) -> None:
        """Others have changed something in the books: publish what is not as it was published last."""
        levels = self._books.ask(lambda store: store.stock.levels())
        self._loop.when_done(levels, self._publish_differences, self._health.failed)

    def _publish_differences(self, levels: list[StockLevel]) -> None:
        different = [level for level in levels if self._levels.get(level.name) != level]
        if any(map(self._is_gone, different)):
            self._publish_stock(levels, full=True)
        elif different:
            self._publish_stock(different, full=False)

    def _publish_stock(self, levels: list[StockLevel], full: bool) -> None:
        self._levels.update((level.name, level) for level in levels if full or not self._is_gone(level))
        if self._publisher.is_ready:
            self._relay.publish_stock(levels, full)
        self._watcher.stock_changed(levels)

    def _is_gone(self, level: StockLevel) -> bool:
        """Withdrawn since it was published: only a full message, without the product, says so."""
        published = self._levels.get(level.name)
        return level.withdrawn and published is not None and not published.withdrawn
