"""The client without its window: places orders, follows their outcomes, keeps the stock last published."""

import logging
import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from functools import partial
from typing import Protocol

from msgspec import Struct

from messaging.broker.connection import Channel, Connection
from messaging.broker.connection_pair import ConnectionPair
from messaging.broker.consumer import Consumer
from messaging.broker.delivery import Delivery
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.publisher import Publisher
from messaging.broker.queue_depths import Depths, QueueDepths
from messaging.broker.rpc_client import RpcClient
from messaging.client.client_log import ClientOrderLog
from messaging.client.outbox import LEASE, Outbox
from messaging.client.resender import Resender
from messaging.client.stock_pages import StockPages
from messaging.contract import topology
from messaging.contract.codec import MAX_ANSWER_BYTES, AskCatalogue, Inventory, read_inventory
from messaging.domain.orders import Order
from messaging.domain.stock import StockLevel
from messaging.errors import OrderDeskError, UnreadableMessage, WrongOrder
from messaging.history.followed_books import FollowedBooks
from messaging.history.history import History
from messaging.history.records import PlacedMany, PlacedOrder, StoredNotice
from messaging.history.store.history_store import HistoryStore
from messaging.history.subscription import ASK_AGAIN, Subscription
from messaging.phrases import phrase
from messaging.ports import Broker, LinkState
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import Settings
from messaging.telemetry.metrics import Metrics

LOG = logging.getLogger(__name__)


class Traffic(Struct, frozen=True):
    """Messages waiting on disk to be sent, and sent ones without a confirm yet."""

    waiting: int
    unconfirmed: int


class ClientWatcher(Protocol):
    """Called in the service's threads; must return at once."""

    def link_changed(self, state: LinkState) -> None: ...

    def orders_changed(self, orders: list[PlacedOrder]) -> None: ...

    def stock_changed(self, levels: list[StockLevel], full: bool) -> None: ...

    def traffic_changed(self, traffic: Traffic) -> None: ...

    def failed(self, error: OrderDeskError) -> None: ...


class _Placement(Struct, frozen=True):
    label: str
    order: Order
    total: int | None
    placed: Future[PlacedOrder]


class ClientService:
    """`run()` serves in the calling thread until `stop()`; everything else from any thread.

    Placing works whether RabbitMQ is there or not: the order is on disk when the future is done.
    """

    def __init__(
        self,
        profile: Profile,
        history: History,
        broker: Broker,
        settings: Settings,
        watcher: ClientWatcher,
        *,
        metrics: Metrics | None = None,
    ) -> None:
        metrics = metrics or Metrics()
        self._history, self._watcher = history, watcher
        self._loop = BrokerLoop()
        self._publisher = Publisher(settings.confirm_window)
        metrics.watch(self._publisher)
        self._steps = ClientOrderLog(metrics, profile.user_id)
        self._rpc_client = RpcClient(self._loop)
        self._outbox = Outbox(
            self._loop,
            self._publisher,
            history,
            watcher.failed,
            self._steps,
            user_id=profile.user_id,
            moved=self._count,
        )
        self._resender = Resender(self._loop, history, watcher.failed, self._sent_again)
        self._followed = FollowedBooks(self._loop, history, watcher.failed, self._ask_catalogue)
        self._subscription = Subscription(
            self._loop,
            self._rpc_client,
            history,
            profile.user_id,
            watcher.failed,
            followed=self._followed,
            metrics=metrics,
            on_answer=self._resender.received,
        )
        self._inventory = Consumer(
            self._stock_came, prefetch=0, bindings=((topology.INVENTORY.name, ""),), most_bytes=MAX_ANSWER_BYTES
        )
        self._connections = ConnectionPair(self._loop, broker, settings, f"{profile.name} client")
        self._connections.add("out", self._out_ready, self._out_lost)
        self._connections.add("in", self._in_ready, self._in_lost)
        self._queues = QueueDepths(*(queue.name for queue in topology.QUEUES))
        self._asked_pages, self._live_pages = StockPages(), StockPages()
        self._strangers = ""  # other books, of which an answer will say whether they took the place of those followed
        self._placing: deque[_Placement] = deque()
        self._lock = threading.Lock()

    def run(self) -> None:
        self._history.subscribe(self)
        self._connections.start(self._watcher.link_changed)
        self._loop.post(self._poll_outbox)
        self._loop.post(self._subscription.start)
        self._count()
        try:
            self._loop.run()
        finally:
            self._outbox.release()
            self._subscription.end()
            self._history.unsubscribe(self)

    def stop(self) -> None:
        """An order whose confirm does not come any more is sent again: let those under way come."""
        self._loop.post(self._outbox.end)
        self._loop.stop(lambda: self._outbox.is_idle)

    def place(self, order: Order, label: str = "", total: int | None = None) -> Future[PlacedOrder]:
        """Done once the order is on disk. Orders that come while one commit runs share the next.

        Fails with WrongOrder where another order was placed under the same id.
        """
        placing = _Placement(label, order, total, Future())
        with self._lock:
            self._placing.append(placing)
        self._history.ask(self._place_waiting)
        return placing.placed

    def place_many(
        self, orders: Sequence[tuple[str, Order]], totals: Sequence[int | None] | None = None
    ) -> Future[PlacedMany]:
        """Many orders with their labels in one commit."""
        return self._history.ask(self._place_all, orders, totals)

    def cancel(self, identity: str, reason: str = "") -> Future[PlacedOrder]:
        """Done once the wish is on disk; the warehouse's answer comes as a notice."""
        return self._history.ask(self._cancel, identity, reason)

    def queues(self) -> Future[Depths | None]:
        """How the named queues stand, by name; None without a connection."""
        return self._loop.ask(self._queues.count)

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        self._steps.changed(orders)
        self._watcher.orders_changed(orders)
        self._count()

    def notices_arrived(self, notices: list[StoredNotice]) -> None:
        """They belong to the notifications; what they change in my orders comes by `orders_changed`."""

    def _place_waiting(self, store: HistoryStore) -> None:
        with self._lock:
            batch, self._placing = list(self._placing), deque()
        if not batch:
            return
        try:
            self._outbox.place(store, [(p.label, p.order) for p in batch], [p.total for p in batch])
        except Exception as error:  # noqa: BLE001  # handed to whoever awaits the futures
            for p in batch:
                p.placed.set_exception(error)
            return
        for p in batch:
            self._answer(store, p)
        self._history.emit_changes(store)

    def _answer(self, store: HistoryStore, placing: _Placement) -> None:
        kept = store.orders.one(placing.order.identity)
        if kept is not None and kept.order.digest == placing.order.digest:
            placing.placed.set_result(kept)
        else:
            placing.placed.set_exception(WrongOrder(phrase("service.another_order_was_placed_under_this")))

    def _place_all(
        self, store: HistoryStore, orders: Sequence[tuple[str, Order]], totals: Sequence[int | None] | None
    ) -> PlacedMany:
        many = self._outbox.place(store, orders, totals)
        self._history.emit_changes(store)
        return many

    def _cancel(self, store: HistoryStore, identity: str, reason: str) -> PlacedOrder:
        order = store.outbox.place_cancel(identity, reason)
        self._leave(store)
        return order

    def _leave(self, store: HistoryStore) -> None:
        self._history.emit_changes(store)
        self._loop.post(self._outbox.wake)

    def _count(self) -> None:
        self._history.ask(self._emit_traffic)

    def _emit_traffic(self, store: HistoryStore) -> None:
        self._watcher.traffic_changed(Traffic(store.outbox.waiting(), self._publisher.unconfirmed))

    def _poll_outbox(self) -> None:
        """Another window of this user may have died with messages it had taken."""
        self._outbox.hold()
        self._outbox.wake()
        self._loop.later(LEASE / 2, self._poll_outbox)

    def _sent_again(self) -> None:
        self._history.ask(self._leave)

    def _out_ready(self, connection: Connection) -> None:
        self._resender.connected(connection)
        self._followed.connected(connection.broker_name)
        connection.open_channel(self._publish_on)
        connection.open_channel(lambda channel: self._rpc_client.attach(channel, self._rpc_client_ready))
        self._queues.attach(connection)

    def _publish_on(self, channel: Channel) -> None:
        self._publisher.attach(channel)
        self._outbox.wake()

    def _out_lost(self) -> None:
        self._publisher.detach()
        self._rpc_client.detach()
        self._queues.detach()

    def _in_ready(self, connection: Connection) -> None:
        self._followed.connected(connection.broker_name)
        self._subscription.connected(connection)
        connection.open_channel(partial(self._inventory.attach, connection))

    def _in_lost(self) -> None:
        self._subscription.disconnected()
        self._inventory.detach()
        self._live_pages = StockPages()

    def _rpc_client_ready(self) -> None:
        self._subscription.catch_up()
        self._ask_catalogue()

    def _ask_catalogue(self, after: str = "") -> None:
        self._rpc_client.ask(AskCatalogue(after), self._catalogue_came)

    def _catalogue_came(self, body: bytes | None) -> None:
        if body is not None:
            self._followed.when_known(partial(self._show_catalogue, body))
        elif self._rpc_client.is_ready:
            self._loop.later(ASK_AGAIN, self._ask_catalogue)

    def _show_catalogue(self, body: bytes) -> None:
        strangers, self._strangers = self._strangers, ""
        inventory = self._read_stock(body)
        if inventory is None or not self._followed.takes(inventory.books, inventory.replaces):
            return
        self._show_stock(inventory, self._asked_pages)
        if inventory.more and inventory.levels:
            self._ask_catalogue(inventory.levels[-1].name)
        self._followed.takes(strangers)  # or says that they are not

    def _stock_came(self, delivery: Delivery) -> None:
        try:
            delivery.check()
        except UnreadableMessage as error:
            self._watcher.failed(error)
        else:
            self._followed.when_known(partial(self._show_live, delivery.body))

    def _show_live(self, body: bytes) -> None:
        inventory = self._read_stock(body)
        if inventory is None:
            return
        if self._followed.takes_live(inventory.books):
            self._show_stock(inventory, self._live_pages)
        elif not self._strangers and not self._followed.has_ignored(inventory.books):
            self._strangers = inventory.books
            self._ask_catalogue()

    def _read_stock(self, body: bytes) -> Inventory | None:
        try:
            return read_inventory(body)
        except UnreadableMessage as error:
            self._watcher.failed(error)
            return None

    def _show_stock(self, inventory: Inventory, pages: StockPages) -> None:
        """What the message belongs to is shown when it is whole."""
        whole = pages.add(inventory)
        if whole is not None:
            self._history.ask(_keep_stock, whole)
            self._watcher.stock_changed(list(whole.levels), whole.full)


def _keep_stock(store: HistoryStore, inventory: Inventory) -> None:
    levels = {} if inventory.full else {level.name: level for level in store.catalogue()}
    levels |= {level.name: level for level in inventory.levels}
    store.save_catalogue(list(levels.values()))
