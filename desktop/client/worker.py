"""The client's thread: turns the service's callbacks into batched signals, and calls into futures."""

from __future__ import annotations

from concurrent.futures import Future
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desktop.role.batches import Batches
from desktop.role.session import Session
from desktop.role.worker import RoleWorker
from messaging.domain.orders import Order
from messaging.domain.stock import StockLevel
from messaging.errors import OrderDeskError
from messaging.history.records import PlacedMany, PlacedOrder
from messaging.ports import LinkState

if TYPE_CHECKING:  # it loads pika, which must not hold up the window
    from messaging.broker.queue_depths import Depths
    from messaging.client.service import ClientService, Traffic


class ClientWorker(RoleWorker["ClientService"]):
    """One more signal: `traffic_changed(Traffic)`; `stock` brings batches. The page follows the history itself.

    An item of `stock` is one piece of news: the levels, and whether they are the whole catalogue.
    """

    traffic_changed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.stock: Batches[tuple[list[StockLevel], bool]] = Batches(self)

    def build(self) -> ClientService:
        from messaging.client.service import ClientService  # noqa: PLC0415  # loads pika, in this thread

        s = self._session
        return ClientService(s.profile, s.history, s.broker, s.settings, _Watcher(self), metrics=s.metrics)

    def place(self, order: Order, total: int | None) -> Future[PlacedOrder]:
        """Done once the order is on disk."""
        return self.call(lambda service: service.place(order, total=total))

    def place_many(self, orders: list[tuple[str, Order]], totals: list[int | None]) -> Future[PlacedMany]:
        """Labelled orders in one commit."""
        return self.call(lambda service: service.place_many(orders, totals))

    def queues(self) -> Future[Depths | None]:
        """How RabbitMQ's named queues stand; None while there is no connection."""
        return self.call(lambda service: service.queues())

    def cancel(self, identity: str) -> Future[PlacedOrder]:
        """Done once the wish is on disk; the answer comes as a notice."""
        return self.call(lambda service: service.cancel(identity))


class _Watcher:
    """Called in the service's threads."""

    def __init__(self, worker: ClientWorker) -> None:
        self._worker = worker

    def link_changed(self, state: LinkState) -> None:
        self._worker.link_changed.emit(state)

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        """The page follows the history itself."""

    def stock_changed(self, levels: list[StockLevel], full: bool) -> None:
        self._worker.stock.add([(levels, full)])

    def traffic_changed(self, traffic: Traffic) -> None:
        self._worker.traffic_changed.emit(traffic)

    def failed(self, error: OrderDeskError) -> None:
        self._worker.failed.emit(error)
