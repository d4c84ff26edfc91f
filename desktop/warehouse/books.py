"""Reads from the books what the page shows: all at once, and only after something has changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.role.session import Session
from desktop.role.worker import answer
from messaging.domain.orders import OrderStatus
from messaging.domain.stock import StockLevel
from messaging.warehouse.records import BooksCounts, LedgerRow, SetAside, SetAsideState, WarehouseOrder

if TYPE_CHECKING:  # it loads SQLAlchemy, which must not hold up the window
    from messaging.warehouse.store.warehouse_store import WarehouseStore

MOST = 500  # rows of a list; the commands list more
MOST_SET_ASIDE = 200  # rows; each comes with the bytes of its message
POLL = 1000  # milliseconds between two questions to the books while the page is visible

Mark = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the lists show: the ledger of one product, messages set aside in one state; None shows all."""

    product: str | None = None
    state: SetAsideState | None = SetAsideState.KEPT


@dataclass(frozen=True, slots=True)
class BooksSnapshot:
    """Rows of the books. Of orders to ship and waiting ones the oldest, oldest first; of the other lists the newest."""

    stock: list[StockLevel]
    to_ship: list[WarehouseOrder]
    waiting: list[WarehouseOrder]
    shipped: list[WarehouseOrder]
    set_aside: list[SetAside]
    ledger: list[LedgerRow]
    counts: BooksCounts


def read_if_changed(store: WarehouseStore, wanted: Wanted, since: Mark) -> tuple[Mark, BooksSnapshot | None]:
    """Read where the mark differs from `since`. The mark is read first: a later commit shows at the next poll."""
    mark = store.events.poll(0).mark
    return mark, None if mark == since else read_snapshot(store, wanted)


def read_snapshot(store: WarehouseStore, wanted: Wanted) -> BooksSnapshot:
    counts = store.counts()
    return BooksSnapshot(
        stock=store.stock.levels(),
        to_ship=_oldest(store, OrderStatus.PROCESSED, counts),
        waiting=_oldest(store, OrderStatus.BACKORDERED, counts),
        shipped=store.orders.page(status=OrderStatus.SHIPPED, limit=MOST),
        set_aside=store.set_aside.page(wanted.state, limit=MOST_SET_ASIDE),
        ledger=store.stock.ledger(wanted.product, limit=MOST),
        counts=counts,
    )


def _oldest(store: WarehouseStore, status: OrderStatus, counts: BooksCounts) -> list[WarehouseOrder]:
    newer = max(0, counts.orders.get(status, 0) - MOST)
    return store.orders.page(status=status, limit=MOST, offset=newer)[::-1]


class BooksWatch(QObject):
    """Signal `changed(BooksSnapshot)`. It polls once a second between `start` and `stop`, and when it is called."""

    changed = Signal(object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._wanted = Wanted()
        self._mark: Mark = ()
        self._is_polling = self._must_poll = False
        self._clock = QTimer(self, interval=POLL)
        self._clock.timeout.connect(self.poll)

    def start(self) -> None:
        self.poll()
        self._clock.start()

    def stop(self) -> None:
        self._clock.stop()

    def show_product(self, name: str | None) -> None:
        self._want(replace(self._wanted, product=name))

    def show_state(self, state: SetAsideState | None) -> None:
        self._want(replace(self._wanted, state=state))

    def poll(self) -> None:
        """Read the books where their mark has changed."""
        if not self._is_polling:
            self._is_polling = True
            self._session.spawn(self._poll())

    def read(self) -> None:
        """Read the books, also where their mark does not show the change."""
        self._mark = ()
        self._must_poll = self._is_polling
        self.poll()

    def _want(self, wanted: Wanted) -> None:
        if wanted != self._wanted:
            self._wanted = wanted
            self.read()

    async def _poll(self) -> None:
        wanted, since = self._wanted, self._mark
        try:
            mark, found = await answer(self._session.books.ask(read_if_changed, wanted, since))
        finally:
            self._is_polling = False
        if self._must_poll:
            self._must_poll = False
            self.poll()
            return
        # On PostgreSQL a lower ledger row may be committed after a higher one: after a change it reads twice.
        self._mark = mark if found is None or since == (-1, *mark) else (-1, *mark)
        if found is not None:
            self.changed.emit(found)
