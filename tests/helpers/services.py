"""The three roles as real services in threads, with everything they tell written down."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from messaging.broker.external import ExternalBroker
from messaging.client.service import ClientService, Traffic
from messaging.domain.stock import StockLevel
from messaging.errors import OrderDeskError
from messaging.history.history import History
from messaging.history.records import PlacedOrder, StoredNotice
from messaging.notifications.service import NotificationsService
from messaging.ports import Broker, LinkState, Phase
from messaging.runtime.database_thread import DatabaseThread
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import Settings
from messaging.telemetry.metrics import Metrics
from messaging.warehouse.records import Decided
from messaging.warehouse.service import WarehouseService
from messaging.warehouse.store.warehouse_store import WarehouseStore

T = TypeVar("T")


class Told:
    """A watcher of any desk: keeps what it is told, and lets a test wait for a condition on it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.states: list[LinkState] = []
        self.orders: dict[str, PlacedOrder] = {}
        self.notices: list[StoredNotice] = []
        self.done: list[Decided] = []
        self.levels: dict[str, StockLevel] = {}
        self.errors: list[OrderDeskError] = []
        self.traffic = Traffic(0, 0)

    def until(self, condition: Callable[["Told"], bool], seconds: float = 30.0) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: condition(self), seconds), f"waited in vain; told so far: {self}"

    @property
    def is_ready(self) -> bool:
        return bool(self.states) and self.states[-1].phase is Phase.READY

    def says_away(self, named: str) -> bool:
        """The state is that the database cannot be used, and its reason names it."""
        state = self.states[-1] if self.states else LinkState(Phase.CLOSED)
        return state.phase is Phase.DATABASE_AWAY and named in state.reason

    def link_changed(self, state: LinkState) -> None:
        self._note(lambda: self.states.append(state))

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        self._note(lambda: self.orders.update({order.identity: order for order in orders}))

    def notices_arrived(self, notices: list[StoredNotice]) -> None:
        self._note(lambda: self.notices.extend(notices))

    def decided(self, decided: list[tuple[Decided, float]]) -> None:
        self._note(lambda: self.done.extend(one for one, _ in decided))

    def stock_changed(self, levels: list[StockLevel], full: bool = False) -> None:
        kept = {} if full else self.levels
        self._note(lambda: setattr(self, "levels", kept | {level.name: level for level in levels}))

    def traffic_changed(self, traffic: Traffic) -> None:
        self._note(lambda: setattr(self, "traffic", traffic))

    def failed(self, error: OrderDeskError) -> None:
        self._note(lambda: self.errors.append(error))

    def _note(self, change: Callable[[], object]) -> None:
        with self._changed:
            change()
            self._changed.notify_all()

    def __str__(self) -> str:
        states = {order.state.value for order in self.orders.values()}
        return f"{self.states[-1:]} orders {states} notices {len(self.notices)} done {len(self.done)} {self.errors}"


@contextmanager
def in_thread(run: Callable[[], None], stop: Callable[[], None]) -> Iterator[threading.Event]:
    """The event says that it ended, be it by itself."""
    errors: list[BaseException] = []
    ended = threading.Event()

    def guarded() -> None:
        try:
            run()
        except BaseException as error:  # noqa: BLE001  # raised again in the test
            errors.append(error)
        ended.set()

    thread = threading.Thread(target=guarded)
    thread.start()
    try:
        yield ended
    finally:
        stop()
        thread.join(10)
    assert not thread.is_alive(), "the desk did not stop"
    if errors:
        raise errors[0]


class Shop:
    """A broker, one folder, and whoever works there."""

    def __init__(self, folder: Path, url: str, **options: object) -> None:
        self.folder, self.url = folder, url
        self.broker: Broker = ExternalBroker((url,))
        self.settings = Settings(data_dir=str(folder), **options)  # type: ignore[arg-type]
        self.history_kind = History

    def profile(self, name: str = "alice", user_id: str = "") -> Profile:
        return Profile(name, user_id or str(uuid4()), "#336699")

    @contextmanager
    def books(self) -> Iterator[DatabaseThread[WarehouseStore]]:
        books = DatabaseThread("books", lambda: WarehouseStore(self.settings.database_url).open())
        try:
            yield books
        finally:
            books.close()

    def look(self, work: Callable[[WarehouseStore], T]) -> T:
        with self.books() as books:
            return books.ask(work).result()

    @contextmanager
    def warehouse(
        self, metrics: Metrics | None = None, *, take_over: bool = False
    ) -> Iterator[tuple[WarehouseService, Told]]:
        told = Told()
        with self.books() as books:
            desk = WarehouseService(books, self.broker, self.settings, told, metrics=metrics, take_over=take_over)
            with in_thread(desk.run, desk.stop):
                yield desk, told

    @contextmanager
    def client(
        self, profile: Profile, broker: Broker | None = None, *, metrics: Metrics | None = None
    ) -> Iterator[tuple[ClientService, Told]]:
        with self.history(profile) as history:
            told = Told()
            desk = ClientService(profile, history, broker or self.broker, self.settings, told, metrics=metrics)
            with in_thread(desk.run, desk.stop):
                yield desk, told

    @contextmanager
    def listener(
        self, profile: Profile, everyone: bool = False, *, metrics: Metrics | None = None
    ) -> Iterator[tuple[NotificationsService, Told]]:
        with self.history(profile) as history:
            told = Told()
            desk = NotificationsService(
                profile, history, self.broker, self.settings, told, everyone=everyone, metrics=metrics
            )
            with in_thread(desk.run, desk.stop):
                yield desk, told

    @contextmanager
    def history(self, profile: Profile) -> Iterator[History]:
        history = self.history_kind(self.settings.folder.history(profile.user_id), profile.user_id)
        try:
            yield history
        finally:
            history.close()
