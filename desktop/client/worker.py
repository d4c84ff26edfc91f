"""The thread of the client service; turns its callbacks into signals, and calls into futures."""

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
    """Signal `traffic_changed(Traffic)`. `stock` brings levels, each time with whether they are the whole catalogue.

    News of orders does not come from here: the page receives it from the history.
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
        """The future is done once the order is on disk."""
        return self.call(lambda service: service.place(order, total=total))

    def place_many(self, orders: list[tuple[str, Order]], totals: list[int | None]) -> Future[PlacedMany]:
        """Place orders, each with its name in the file, in one commit; `totals` in minor units."""
        return self.call(lambda service: service.place_many(orders, totals))

    def queues(self) -> Future[Depths | None]:
        """Messages and consumers of each named queue; None while there is no connection."""
        return self.call(lambda service: service.queues())

    def cancel(self, identity: str) -> Future[PlacedOrder]:
        """The future is done once the command is on disk; the warehouse's answer comes as a notice."""
        return self.call(lambda service: service.cancel(identity))


class _Watcher:
    """Called in the threads of the service."""

    def __init__(self, worker: ClientWorker) -> None:
        self._worker = worker

    def link_changed(self, state: LinkState) -> None:
        self._worker.link_changed.emit(state)

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        """Nothing to do: the page receives them from the history."""

    def stock_changed(self, levels: list[StockLevel], full: bool) -> None:
        self._worker.stock.add([(levels, full)])

    def traffic_changed(self, traffic: Traffic) -> None:
        self._worker.traffic_changed.emit(traffic)

    def failed(self, error: OrderDeskError) -> None:
        self._worker.failed.emit(error)
