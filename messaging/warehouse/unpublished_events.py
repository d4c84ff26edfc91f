"""Polls the books each second for what other processes have written into them."""

import time
from collections.abc import Callable

from messaging.broker.event_loop import BrokerLoop
from messaging.errors import OrderDeskError
from messaging.runtime.database_thread import DatabaseThread
from messaging.warehouse.records import Unpublished
from messaging.warehouse.relay import PAGE, Relay
from messaging.warehouse.store.warehouse_store import WarehouseStore

POLL = 1.0  # seconds between two polls
LEFT_BEHIND = 2.0  # seconds; a warehouse that lives marks its events within one, also under load


class UnpublishedEvents:
    """Publishes events that a command or a dead warehouse left behind, and notices stock that others moved.

    An event counts as left behind once it was seen owed for some time by this process's clock: the clocks of
    several machines differ, and a warehouse beside this one publishes its own within that time. Where it is slow
    after all the event goes out twice with one id, once from each at most: who publishes it marks it.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        books: DatabaseThread[WarehouseStore],
        relay: Relay,
        stock_changed: Callable[[], None],
        failed: Callable[[OrderDeskError], None],
    ) -> None:
        self._loop, self._books, self._relay = loop, books, relay
        self._stock_changed, self._failed = stock_changed, failed
        self._owed_since: dict[int, float] = {}  # by seq, monotonic
        self._mark: tuple[int, ...] = ()
        self._poll_once_more = False

    def start(self) -> None:
        self._loop.later(POLL, self._poll)

    def _poll(self) -> None:
        self._loop.when_done(self._books.ask(_unpublished), self._compare, self._cannot_poll)

    def _compare(self, found: Unpublished) -> None:
        present = time.monotonic()
        others = [seq for seq in found.owed if not self._relay.is_publishing(seq)]
        self._owed_since = {seq: self._owed_since.get(seq, present) for seq in others}
        self._relay.publish_left_behind([s for s, since in self._owed_since.items() if present - since >= LEFT_BEHIND])
        self._compare_stock(found.mark)
        self.start()

    def _compare_stock(self, mark: tuple[int, ...]) -> None:
        """On PostgreSQL a lower ledger row may be committed after a higher one: it shows at the next poll."""
        changed = mark != self._mark
        if changed or self._poll_once_more:
            self._stock_changed()
        self._mark, self._poll_once_more = mark, changed

    def _cannot_poll(self, error: OrderDeskError) -> None:
        self._failed(error)
        self.start()


def _unpublished(store: WarehouseStore) -> Unpublished:
    return store.events.poll(PAGE)
