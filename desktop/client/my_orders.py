"""Keeps the table of my orders and the history together: what is shown, what came, what is still open."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.orders_model import OrdersModel
from desktop.client.orders_pane import OrdersPane
from desktop.shared.session import Session
from desktop.shared.taking import Kind, Taking
from desktop.shared.worker import answer
from messaging.history.export import ORDER_HEADER, Export
from messaging.history.my_orders import OrderQuery, OrderSort
from messaging.history.records import OWED, OrderState, PlacedOrder
from messaging.history.store import HistoryStore

UNDER_WAY = OWED | {OrderState.ACCEPTED}
AGAIN = 250  # milliseconds until it is counted, or found, anew after news


def in_order(store: HistoryStore, numbers: Sequence[int]) -> list[PlacedOrder]:
    found = {order.number: order for order in store.orders_at(numbers)}
    return [found[number] for number in numbers if number in found]


ORDERS: Kind[PlacedOrder] = Kind(ORDER_HEADER, in_order, Export.add_orders)


class MyOrders(QObject):
    """Signal `counted(int)`: how many orders the warehouse has not answered yet."""

    counted = Signal(int)

    def __init__(self, session: Session, model: OrdersModel, pane: OrdersPane) -> None:
        super().__init__(pane)
        self._session, self._model, self._pane = session, model, pane
        self._query = OrderQuery()
        self._asked = 0
        self._newest = 0
        self._is_stopped = False
        self.taking = Taking(pane.view, session.history.ask, ORDERS)
        self._count_soon, self._find_soon = _timer(self), _timer(self)
        self._count_soon.timeout.connect(lambda: session.spawn(self._count()))
        self._find_soon.timeout.connect(lambda: session.spawn(self.find()))
        model.wanted.connect(lambda numbers: session.spawn(self._bring(numbers)))
        pane.query_changed.connect(lambda: session.spawn(self.find()))
        pane.view.copy_asked.connect(lambda numbers: session.spawn(self.taking.copy(numbers)))

    async def find(self) -> None:
        """Show what the filters ask for; a newer question ends an older."""
        self._query = query = self._pane.query()
        self._asked += 1
        asked = self._asked
        found = await answer(
            self._session.history.ask(lambda store: store.find_orders(query) if asked == self._asked else None)
        )
        if found is None or asked != self._asked:
            return
        newest_first = query.sort is OrderSort.NEWEST
        came = [number for number in self._model.places if not found or number > found[0]] if newest_first else []
        self._model.show(found, newest_first)
        if query.is_all and newest_first:  # placed while it was looked up
            self._model.put_numbers_on_top(sorted(came))
        if found and query.is_all:
            self._newest = max(self._newest, *found[:1], *found[-1:])
        self._later(self._count_soon)

    def news(self, orders: Iterable[PlacedOrder]) -> None:
        """Of my orders, in the order in which the history has them."""
        latest = {order.number: order for order in orders}
        self._model.change(latest.values())
        new = [latest[number] for number in sorted(latest) if number > self._newest]
        if new:
            self._newest = new[-1].number
        if self._query.is_all and self._model.places.newest_first:
            self._model.put_on_top(new)
        elif latest:
            self._later(self._find_soon)  # they may belong to what is shown, or not any more
        self._later(self._count_soon)

    def start(self) -> None:
        self._is_stopped = False

    def stop(self) -> None:
        """Nothing may ask a history that is being closed, nor what is answered meanwhile lead to a question."""
        self._is_stopped = True
        for timer in (self._count_soon, self._find_soon):
            timer.stop()

    def _later(self, timer: QTimer) -> None:
        if not self._is_stopped:
            timer.start()

    async def _bring(self, numbers: list[int]) -> None:
        self._model.put(await answer(self._session.history.ask(lambda store: store.orders_at(numbers))))

    async def _count(self) -> None:
        counts = await answer(self._session.history.ask(lambda store: store.order_counts()))
        self.counted.emit(sum(count for state, count in counts.items() if state in UNDER_WAY))


def _timer(parent: QObject) -> QTimer:
    return QTimer(parent, singleShot=True, interval=AGAIN)
