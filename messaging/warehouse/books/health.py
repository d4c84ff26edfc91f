"""Whether the books can be used: one state for the whole warehouse, and the tries until they can again."""

from collections.abc import Callable
from enum import StrEnum
from functools import partial

from messaging.broker.event_loop import BrokerLoop
from messaging.errors import OrderDeskError, StoreUnavailable, UsageError
from messaging.phrases import NO_WORDS, phrase
from messaging.ports import LinkState, Phase
from messaging.runtime.database_thread import DatabaseThread
from messaging.warehouse.store.warehouse_store import WarehouseStore

PROBE = 1.0  # seconds between two tries
PROBE_MOST = 60.0  # seconds, where the tries succeed and the work after them fails
TRIAL = 1.0  # seconds without a failure after which the books count as usable again

OF_THE_BOOKS = (StoreUnavailable, UsageError)  # not of one message or one row


class HealthState(StrEnum):
    OPENING = "opening"
    USABLE = "usable"
    AWAY = "away"
    TRIAL = "trial"  # a try has succeeded: work is taken up, and told once some of it has gone well


class BooksHealth:
    """In the loop's thread.

    Whoever works with the books and cannot says so by `failed`: then `lost` is called, and the books are tried
    each second until they can be used, which calls `found`. Nothing is taken before the first try has succeeded.

    A full disk may take what a try writes, and no order. Each order that is given back has one delivery more,
    of which a quorum queue allows a thousand: so the pauses grow while each trial ends in a failure.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        books: DatabaseThread[WarehouseStore],
        *,
        found: Callable[[], None],
        lost: Callable[[], None],
        changed: Callable[[], None],
        other: Callable[[OrderDeskError], None],
    ) -> None:
        """`other` is told of errors that are not the books' own."""
        self._loop, self._books = loop, books
        self._found, self._lost, self._changed, self._other = found, lost, changed, other
        self._standing = HealthState.OPENING
        self._reason = NO_WORDS
        self._pause = PROBE
        self._trials = 0

    @property
    def is_usable(self) -> bool:
        """Work may be taken."""
        return self._standing in (HealthState.USABLE, HealthState.TRIAL)

    @property
    def is_known(self) -> bool:
        """They were tried at least once."""
        return self._standing is not HealthState.OPENING

    def start(self) -> None:
        self._probe()

    def over(self, link: LinkState) -> LinkState:
        """The warehouse's state, where that of its connections is `link`."""
        if link.phase not in (Phase.READY, Phase.BLOCKED) or self._standing not in (
            HealthState.AWAY,
            HealthState.TRIAL,
        ):
            return link
        reason = phrase("health.database_not_reachable_orders_wait_in", reason=self._reason)
        return LinkState(Phase.DATABASE_AWAY, reason)

    def failed(self, error: OrderDeskError) -> None:
        if not isinstance(error, OF_THE_BOOKS):
            self._other(error)
            return
        self._reason = error.words
        if self.is_usable:
            self._pause = min(self._pause * 2, PROBE_MOST) if self._standing is HealthState.TRIAL else PROBE
            self._loop.later(self._pause, self._probe)
            self._standing = HealthState.AWAY
            self._lost()
        self._changed()

    def worked(self) -> None:
        """Something was written: a trial has ended well."""
        if self._standing is HealthState.TRIAL:
            self._standing = HealthState.USABLE
            self._changed()

    def _probe(self) -> None:
        self._loop.when_done(self._books.ask(lambda store: store.probe()), self._succeeded, self._in_vain)

    def _in_vain(self, error: OrderDeskError) -> None:
        self._standing, self._reason = HealthState.AWAY, error.words
        self._loop.later(PROBE, self._probe)
        self._changed()

    def _succeeded(self, _none: None) -> None:
        if self._standing is HealthState.AWAY:
            self._trials += 1
            trial = self._trials
            self._loop.later(TRIAL, partial(self._end_trial, trial))
            self._standing = HealthState.TRIAL
        else:
            self._standing = HealthState.USABLE
        self._found()
        self._changed()

    def _end_trial(self, trial: int) -> None:
        if trial == self._trials:
            self.worked()
