"""The thread of the warehouse service; turns its callbacks into batched signals."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

from desktop.role.batches import Batches
from desktop.role.session import Session
from desktop.role.worker import RoleWorker
from messaging.domain.stock import StockLevel
from messaging.errors import OrderDeskError
from messaging.ports import LinkState
from messaging.runtime.settings import Settings
from messaging.warehouse.records import Decided, SetAside

if TYPE_CHECKING:  # it loads pika and SQLAlchemy, which must not hold up the window
    from messaging.broker.queue_depths import Depths
    from messaging.warehouse.service import WarehouseService


class WarehouseWorker(RoleWorker["WarehouseService"]):
    """`decided` brings decided messages, each with the seconds from its arrival; `stock` the levels that changed."""

    def __init__(self, session: Session, settings: Settings) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self.decided: Batches[tuple[Decided, float]] = Batches(self)
        self.stock: Batches[StockLevel] = Batches(self)

    def build(self) -> WarehouseService:
        from messaging.warehouse.service import WarehouseService  # noqa: PLC0415  # loads pika, in this thread

        session = self._session
        return WarehouseService(session.books, session.broker, self._settings, _Watcher(self), metrics=session.metrics)

    def pause(self) -> None:
        self.post(lambda service: service.pause())

    def resume(self) -> None:
        self.post(lambda service: service.resume())

    def step(self) -> Future[bool]:
        """Decide one order while the service is paused; False where none waits."""
        return self.call(lambda service: service.step())

    def waiting(self) -> Future[Depths | None]:
        """Messages and consumers of the order queue, by its name; None while there is no connection."""
        return self.call(lambda service: service.waiting())

    def take_over(self) -> Future[bool]:
        """Serve these books in place of those that another warehouse serves; False where there are none."""
        return self.call(lambda service: service.take_over())

    def publish_events(self) -> None:
        self.post(lambda service: service.publish_events())

    def replay(self, rows: Sequence[int]) -> Future[list[SetAside]]:
        """Send these messages again; the future is done once RabbitMQ has confirmed them."""
        return self.call(lambda service: service.replay(rows))


class _Watcher:
    """Called in the service's threads."""

    def __init__(self, worker: WarehouseWorker) -> None:
        self._worker = worker

    def link_changed(self, state: LinkState) -> None:
        self._worker.link_changed.emit(state)

    def decided(self, decided: list[tuple[Decided, float]]) -> None:
        self._worker.decided.add(decided)

    def stock_changed(self, levels: list[StockLevel]) -> None:
        self._worker.stock.add(levels)

    def failed(self, error: OrderDeskError) -> None:
        self._worker.failed.emit(error)
