"""Has the books cleaned at the start and once a day; in the loop's thread."""

from collections.abc import Callable

from messaging.broker.event_loop import BrokerLoop
from messaging.errors import OrderDeskError
from messaging.runtime.database_thread import DatabaseThread
from messaging.warehouse.store.warehouse_store import WarehouseStore

DAY = 86_400.0  # seconds
AGAIN = 60.0  # seconds, where the database cannot be used


class Cleaner:
    def __init__(
        self,
        loop: BrokerLoop,
        books: DatabaseThread[WarehouseStore],
        failed: Callable[[OrderDeskError], None],
        days: int,
    ) -> None:
        """`days` for which dropped messages are kept."""
        self._loop, self._books, self._failed, self._days = loop, books, failed, days

    def start(self) -> None:
        cleaned = self._books.ask(lambda store: store.clean(self._days))
        self._loop.when_done(cleaned, self._cleaned, self._again)

    def _cleaned(self, _rows: int) -> None:
        self._later(DAY)

    def _again(self, error: OrderDeskError) -> None:
        self._failed(error)
        self._later(AGAIN)

    def _later(self, seconds: float) -> None:
        self._loop.later(seconds, self.start)
