"""Keeps the table of my orders and the history together: what is shown, what came, what is still open."""

from array import array
from collections.abc import Iterable
from itertools import takewhile

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.client.orders.orders_model import OrdersModel
from desktop.client.orders.orders_pane import OrdersPane
from desktop.role.row_export import ExportKind, RowExport
from desktop.role.search import Searches
from desktop.role.session import Session
from desktop.role.tasks import spawning
from desktop.role.worker import answer
from messaging.history.export import ORDER_HEADER, Export
from messaging.history.records import OWED, OrderState, PlacedOrder
from messaging.history.store.search.order_search import OrderQuery, OrderSort
from messaging.history.store.search.row_numbers import RowNumbers

UNANSWERED = OWED | {OrderState.ACCEPTED}
AGAIN = 250  # milliseconds until it is counted, or found, anew after news

ORDERS: ExportKind[PlacedOrder] = ExportKind(
    ORDER_HEADER, lambda store, numbers: store.orders.at(numbers), lambda order: order.number, Export.add_orders
)


class MyOrders(QObject):
    """Signal `counted(int)`: how many orders the warehouse has not answered yet."""

    counted = Signal(int)

    def __init__(self, session: Session, model: OrdersModel, pane: OrdersPane) -> None:
        super().__init__(pane)
        self._session, self._model, self._pane = session, model, pane
        self._query = OrderQuery()
        self._searches = Searches(lambda: session.history)
        self._placed: set[int] = set()  # here, while this is filtered or sorted: shown whatever is asked for
        self._is_stopped = False
        self.row_export = RowExport(pane.view, session.history.ask, ORDERS)
        self._count_soon, self._find_soon = _timer(self), _timer(self)
        self._count_soon.timeout.connect(spawning(session.spawn, self._count))
        self._find_soon.timeout.connect(spawning(session.spawn, self.find))
        model.wanted.connect(spawning(session.spawn, self._bring))
        pane.query_changed.connect(spawning(session.spawn, self.find))
        pane.view.copy_asked.connect(spawning(session.spawn, self.row_export.copy))

    async def find(self) -> None:
        """Show what the filters ask for; a newer question ends an older."""
        query = self._pane.query()
        if _what(query) != _what(self._query):
            self._placed.clear()
        self._query = query
        found = await self._searches.begin().ask(lambda store: store.orders.find(query))
        if found is None:
            return
        newest_first, before = query.sort is OrderSort.NEWEST, self._model.places
        came = takewhile(lambda number: not found or number > found[0], before) if before.newest_first else ()
        came_meanwhile = sorted(came) if query.is_all and newest_first else []
        self._model.show(self._with_placed(found), newest_first)
        self._model.put_numbers_on_top(came_meanwhile)
        self._pane.search.lead_to_table()
        self._later(self._count_soon)

    def placed(self, order: PlacedOrder) -> None:
        """By this window's user: on top at once, and there until something else is filtered."""
        self.news([order])
        if self._is_whole or order.number in self._placed:
            return
        self._placed.add(order.number)
        if not self._model.places.newest_first or self._model.find(order.number) is None:
            self._model.put_on_top([order])

    def news(self, orders: Iterable[PlacedOrder]) -> None:
        """Of my orders."""
        latest = {order.number: order for order in orders}
        self._model.change(latest.values())
        if self._is_whole:
            top = self._model.places[0] if len(self._model.places) else 0
            self._model.put_on_top([latest[number] for number in sorted(latest) if number > top])
        if any(not self._is_whole or self._model.find(number) is None for number in latest):
            self._later(self._find_soon)  # they may belong to what is shown, or not any more
        self._later(self._count_soon)

    @property
    def _is_whole(self) -> bool:
        return self._query.is_all and self._model.places.newest_first

    def _with_placed(self, found: RowNumbers) -> RowNumbers:
        if not self._placed:
            return found
        if self._query.sort is OrderSort.NEWEST:
            return array("q", sorted({*found, *self._placed}, reverse=True))
        return array("q", [*sorted(self._placed, reverse=True), *(one for one in found if one not in self._placed)])

    def start(self) -> None:
        self._is_stopped = False

    def stop(self) -> None:
        """Nothing may ask a history that is being closed, nor what is answered meanwhile lead to a question."""
        self._is_stopped = True
        for timer in (self._count_soon, self._find_soon):
            timer.stop()

    def _later(self, timer: QTimer) -> None:
        """Not later because more has come: it may go on for long."""
        if not (self._is_stopped or timer.isActive()):
            timer.start()

    async def _bring(self, numbers: list[int]) -> None:
        self._model.put(await answer(self._session.history.ask(lambda store: store.orders.at(numbers))))

    async def _count(self) -> None:
        counts = await answer(self._session.history.ask(lambda store: store.orders.counts()))
        self.counted.emit(sum(count for state, count in counts.items() if state in UNANSWERED))


def _timer(parent: QObject) -> QTimer:
    return QTimer(parent, singleShot=True, interval=AGAIN)


def _what(query: OrderQuery) -> tuple[object, ...]:
    """Two hours ago is another moment whenever it is asked."""
    return query.words, query.states, bool(query.since), bool(query.until)
