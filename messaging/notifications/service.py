"""Notifications without a window: listens to one user's notices, or as an operator to everybody's."""

from typing import Protocol

from messaging.broker.connection import Connection
from messaging.broker.connection_pair import ConnectionPair
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.rpc_client import RpcClient
from messaging.errors import OrderDeskError
from messaging.history.followed_books import FollowedBooks
from messaging.history.history import History
from messaging.history.records import PlacedOrder, StoredNotice
from messaging.history.subscription import Subscription
from messaging.ports import Broker, LinkState
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import Settings
from messaging.telemetry.metrics import Metrics


class NotificationsWatcher(Protocol):
    """Called in the service's threads; must return at once."""

    def link_changed(self, state: LinkState) -> None: ...

    def notices_arrived(self, notices: list[StoredNotice]) -> None: ...

    def failed(self, error: OrderDeskError) -> None: ...


class NotificationsService:
    """`run()` serves in the calling thread until `stop()`, which any thread may call."""

    def __init__(
        self,
        profile: Profile,
        history: History,
        broker: Broker,
        settings: Settings,
        watcher: NotificationsWatcher,
        *,
        everyone: bool = False,
        metrics: Metrics | None = None,
    ) -> None:
        self._history, self._watcher = history, watcher
        self._loop = BrokerLoop()
        self._rpc_client = RpcClient(self._loop)
        user_id = None if everyone else profile.user_id
        self._followed = FollowedBooks(self._loop, history, watcher.failed)
        self._subscription = Subscription(
            self._loop,
            self._rpc_client,
            history,
            user_id,
            watcher.failed,
            followed=self._followed,
            metrics=metrics or Metrics(),
        )
        self._connections = ConnectionPair(self._loop, broker, settings, f"{profile.name} notifications")
        self._connections.add("out", self._out_ready, self._rpc_client.detach)
        self._connections.add("in", self._in_ready, self._subscription.disconnected)

    def run(self) -> None:
        self._history.subscribe(self)
        self._loop.when_done(self._history.poll(), self._opened, self._start_without)
        try:
            self._loop.run()
        finally:
            self._subscription.end()
            self._history.unsubscribe(self)

    def stop(self) -> None:
        self._loop.stop()

    def _start(self) -> None:
        """Connect once the history is open: whoever is ready misses nothing that another window keeps."""
        self._connections.start(self._watcher.link_changed)
        self._subscription.start()

    def _opened(self, _none: None) -> None:
        self._start()

    def _start_without(self, error: OrderDeskError) -> None:
        """It can be mended while this listens: what comes is held until it can be kept."""
        self._watcher.failed(error)
        self._start()

    def notices_arrived(self, notices: list[StoredNotice]) -> None:
        self._watcher.notices_arrived(notices)

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        """My orders are the client's to show."""

    def _out_ready(self, connection: Connection) -> None:
        self._followed.connected(connection.broker_name)
        connection.open_channel(lambda channel: self._rpc_client.attach(channel, self._subscription.catch_up))

    def _in_ready(self, connection: Connection) -> None:
        self._followed.connected(connection.broker_name)
        self._subscription.connected(connection)
