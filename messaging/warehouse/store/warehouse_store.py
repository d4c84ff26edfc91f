"""The warehouse's books behind one door. Every call is one transaction; all calls come from one thread.

Many processes and machines may work on the same books. Where the database is locked, full, read-only or gone,
every call raises StoreUnavailable, has changed nothing, and may be made again.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TypeVar

from sqlalchemy import Connection, bindparam, update

from messaging.contract.codec import MAX_BYTES, Events, Inventory
from messaging.domain.orders import OrderStatus, now
from messaging.domain.stock import StockLevel
from messaging.errors import StoreDamaged, StoreUnavailable
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.runtime.upgrading import Told, nobody
from messaging.texts import printable
from messaging.warehouse.catalogue_csv import seed_catalogue
from messaging.warehouse.inbound import reading
from messaging.warehouse.inbound.reading import InboundMessage
from messaging.warehouse.records import (
    Allotment,
    Audit,
    BooksCounts,
    CatalogueRow,
    Decided,
    Event,
    Imported,
    Incoming,
    LedgerKind,
    LedgerRow,
    OrderHistory,
    SetAside,
    SetAsideState,
    Unpublished,
    Verdict,
    WarehouseOrder,
)
from messaging.warehouse.store import (
    books_identity,
    cleaning,
    order_lifecycle,
    products,
    queries,
    set_aside,
    stock_postings,
)
from messaging.warehouse.store.audit import audit
from messaging.warehouse.store.books_identity import BooksIdentity
from messaging.warehouse.store.damage import OF_A_VALUE, in_words, odd_cell, whole
from messaging.warehouse.store.database import migrate
from messaging.warehouse.store.database.bulk import Bulk
from messaging.warehouse.store.database.engine import Database
from messaging.warehouse.store.database.rows import runs
from messaging.warehouse.store.database.schema import HEAD, events
from messaging.warehouse.store.decide_batch import BatchDecision

LOG = logging.getLogger(__name__)
T = TypeVar("T")

_published = Bulk(
    update(events)
    .where(events.c.seq.between(bindparam("first"), bindparam("last")), events.c.published_at.is_(None))
    .values(published_at=bindparam("when")),
    "when",
    "first",
    "last",
)


class WarehouseStore:
    """Opens by itself at the first call; a wrong URL is a UsageError at once."""

    def __init__(self, url: str, told: Told = nobody) -> None:
        """`told` what is under way while older books are opened."""
        self._database = Database(url)
        self._told = told
        self._is_open = False

    def open(self) -> "WarehouseStore":
        """Migrate where needed; new books get the seed's catalogue."""
        if not self._is_open:
            whole(self._database, self._upgrade)
            self._is_open = True
        return self

    def probe(self) -> None:
        """Take the locks that orders need and write a page, without a change: raises as the others do."""
        self._write(migrate.rehearse)

    def close(self) -> None:
        self._database.close()
        self._is_open = False

    # Whose books these are

    def identity(self) -> BooksIdentity:
        return self._read(books_identity.read)

    def renew_identity(self, replaced: str) -> BooksIdentity:
        """From now on other books, which take the place of those with these ids."""
        return self._write(lambda connection: books_identity.renew(connection, replaced))

    # What comes from the queues

    def decide(self, batch: Sequence[Incoming]) -> list[Decided]:
        """An outcome for each message, in the order of the batch, on disk when this returns.

        A batch that fails for what is in it is decided one by one; a message that still fails is set aside.
        """
        messages = [reading.read(incoming) for incoming in batch]
        if len(messages) == 1:
            return [self._decide_one(messages[0])]
        try:
            return self._decide(messages)
        except OF_A_VALUE as error:
            LOG.warning("a batch of %d failed and is settled one by one: %r", len(batch), error)
            return [self._decide_one(reading.read(incoming)) for incoming in batch]

    def collect_dead_letters(self, dead: Sequence[Incoming]) -> int:
        """Keep what other consumers dead-lettered, and tell its senders; returns how many were new. Our own refusals
        are known.

        One that the database cannot hold as it is is kept as its bytes alone.
        """
        try:
            return self._take(lambda connection: set_aside.collect(connection, dead))
        except OF_A_VALUE as error:
            LOG.warning("%d dead letters are collected one by one: %r", len(dead), error)
            return sum(self._collect_one(incoming) for incoming in dead)

    def keep_unreadable(self, incoming: Incoming, reason: Words) -> None:
        """Of a queue from which nothing is dead-lettered: whoever has kept it acknowledges it."""
        self._keep(lambda connection: set_aside.keep(connection, [InboundMessage(incoming, None, reason)]))

    # What goes out

    def unpublished(self, limit: int) -> list[Event]:
        """Events that no warehouse has marked as published, oldest first."""
        return self._read(lambda connection: queries.unpublished(connection, limit))

    def owed(self, seqs: Collection[int]) -> list[Event]:
        """Those of these events that are still not published."""
        return self._read(lambda connection: queries.owed(connection, seqs))

    def look(self, limit: int) -> Unpublished:
        return self._read(lambda connection: queries.look(connection, limit))

    def mark_published(self, seqs: Collection[int]) -> None:
        if seqs:
            self._write(lambda connection: _mark(connection, seqs))

    # The life of an order

    def cancel(self, identity: str, user: str | int | None = None, reason: str = "") -> list[Event]:
        """`user` None: the warehouse cancels. Raises WrongMove, as all of these do."""
        return self._write(lambda connection: order_lifecycle.cancel(connection, identity, user, printable(reason)))

    def ship(self, identities: Sequence[str]) -> list[Event]:
        """All of them or none."""
        return self._write(lambda connection: order_lifecycle.ship(connection, identities))

    def take_back(self, identity: str, reason: str = "") -> list[Event]:
        return self._write(lambda connection: order_lifecycle.take_back(connection, identity, printable(reason)))

    # Stock

    def restock(self, name: str, quantity: int, reason: str = "") -> list[Event]:
        """The events are those of waiting orders that it served, oldest first."""
        return self._write(lambda connection: stock_postings.restock(connection, name, quantity, printable(reason)))

    def preview_restock(self, name: str, quantity: int) -> list[Allotment]:
        return self._read(lambda connection: stock_postings.preview_restock(connection, name, quantity))

    def adjust(self, name: str, delta: int, reason: str) -> list[Event]:
        return self._write(lambda connection: stock_postings.adjust(connection, name, delta, printable(reason)))

    def undo_posting(self, row: int) -> list[Event]:
        """Undo a posting by hand through a counter-posting."""
        return self._write(lambda connection: stock_postings.undo(connection, row))

    def import_catalogue(self, rows: Iterable[CatalogueRow]) -> Imported:
        found = tuple(rows)
        return self._write(lambda c: stock_postings.import_catalogue(c, found, LedgerKind.IMPORT))

    # Products

    def add_product(self, row: CatalogueRow, threshold: int = 0, reason: str = "") -> None:
        """`reason` is that of its first stock."""
        self._write(lambda connection: products.enter(connection, row, threshold, printable(reason)))

    def change_product(self, name: str, price: int, threshold: int) -> None:
        self._write(lambda connection: products.change(connection, name, price, threshold))

    def withdraw(self, names: Collection[str]) -> None:
        """No new order of them is taken; those in the books go on, and so do their ledger and stock."""
        self._write(lambda connection: products.offer(connection, names, is_offered=False))

    def offer_again(self, names: Collection[str]) -> None:
        self._write(lambda connection: products.offer(connection, names, is_offered=True))

    def stock(self, names: Collection[str] | None = None) -> list[StockLevel]:
        return self._read(lambda connection: queries.stock(connection, names))

    def catalogue_page(self, after: str = "", most_bytes: int = MAX_BYTES) -> Inventory:
        return self._read(lambda connection: queries.catalogue_page(connection, after, most_bytes))

    def ledger(self, name: str | None = None, limit: int = 1000, offset: int = 0) -> list[LedgerRow]:
        return self._read(lambda connection: queries.ledger(connection, name, limit, offset))

    # Questions

    def orders(
        self,
        user_id: str | int | None = None,
        status: OrderStatus | None = None,
        limit: int = 1000,
        offset: int = 0,
    ) -> list[WarehouseOrder]:
        """Newest first."""
        return self._read(lambda connection: queries.list_orders(connection, user_id, status, limit, offset))

    def order(self, identity: str) -> WarehouseOrder | None:
        return self._read(lambda connection: queries.order(connection, identity))

    def orders_called(self, name: str, limit: int = 3) -> list[WarehouseOrder]:
        """By identity, by id, or by a beginning of one of them; newest first."""
        return self._read(lambda connection: queries.orders_called(connection, name, limit))

    def history(self, identity: str) -> OrderHistory | None:
        return self._read(lambda connection: queries.history(connection, identity))

    def events_of(self, identity: str, most_bytes: int = MAX_BYTES) -> Events:
        return self._read(lambda connection: queries.events_of(connection, identity, most_bytes))

    def events_after(
        self, seq: int, user_id: str | int | None = None, limit: int = 500, most_bytes: int = MAX_BYTES
    ) -> Events:
        return self._read(lambda connection: queries.events_after(connection, seq, user_id, limit, most_bytes))

    def counts(self) -> BooksCounts:
        return self._read(queries.counts)

    def audit(self) -> Audit:
        return self._read(audit.audit)

    # What is set aside

    def set_aside(
        self,
        state: SetAsideState | None = SetAsideState.KEPT,
        limit: int = 1000,
        offset: int = 0,
        *,
        bodies: bool = True,
    ) -> list[SetAside]:
        """Newest first; None: whatever its state. Without `bodies` none is read."""
        return self._read(lambda connection: set_aside.listed(connection, state, limit, offset, bodies))

    def set_aside_one(self, row: int) -> SetAside | None:
        return self._read(lambda connection: set_aside.one(connection, row))

    def drop(self, rows: Sequence[int]) -> list[SetAside]:
        return self._write(lambda connection: set_aside.move(connection, rows, SetAsideState.DROPPED))

    def undo_drop(self, rows: Sequence[int]) -> list[SetAside]:
        return self._write(lambda connection: set_aside.move(connection, rows, SetAsideState.KEPT))

    def take_over(self, row: int, by: str, identity: str) -> list[SetAside]:
        """Drop a message whose content was sent as the order `identity`, and note by whom."""
        return self._write(lambda connection: set_aside.take_over(connection, row, by, identity))

    def clean(self, days: int) -> int:
        """Free what was dropped or taken more than so many days ago, and early cancels whose order does not come;
        returns how many rows."""
        return self._write(lambda connection: cleaning.clean(connection, days))

    def begin_replay(self, rows: Sequence[int], vouched: bool = False) -> list[SetAside]:
        """Mark them as sent again, before they are: an unmarked one would be refused. Whoever is killed between
        the two leaves them as replayed, and they may be sent once more. Raises WrongMove for a loop, and where
        `vouched` for what RabbitMQ did not vouch for when it came first."""
        return self._write(lambda connection: set_aside.begin_replay(connection, rows, vouched))

    def replay_refused(self, rows: Sequence[int]) -> None:
        """RabbitMQ did not take them."""
        self._write(lambda connection: set_aside.replay_refused(connection, rows))

    def mark_replayed(self, rows: Sequence[int]) -> list[SetAside]:
        """Before they are sent again to their queue, with the row in the header REPLAY_HEADER."""
        return self._write(lambda connection: set_aside.move(connection, rows, SetAsideState.REPLAYED))

    def _upgrade(self) -> None:
        if self._database.read(migrate.version) != HEAD:
            self._database.write(lambda connection: migrate.upgrade(connection, _first_stock, self._told))

    def _decide(self, messages: Sequence[InboundMessage]) -> list[Decided]:
        return self._take(lambda connection: BatchDecision(connection, messages).run()) if messages else []

    def _decide_one(self, message: InboundMessage) -> Decided:
        try:
            return self._decide([message])[0]
        except OF_A_VALUE as error:
            LOG.exception("a message could not be settled and is set aside")
            message.reason = self._why(error)
        told = self._keep(lambda connection: set_aside.keep(connection, [message]))
        return Decided(Verdict.REFUSE, tuple(told.values()), reason=message.reason)

    def _why(self, error: Exception) -> Words:
        """The books are looked through only where not the message's own text has failed."""
        odd = NO_WORDS if isinstance(error, UnicodeError) else odd_cell(self._database)
        what = printable(" ".join(str(error).split())[:300])
        return (
            in_words(odd)
            if odd
            else phrase("warehouse_store.the_warehouse_failed_on_it", name=type(error).__name__, what=what)
        )

    def _collect_one(self, incoming: Incoming) -> int:
        try:
            return self._take(lambda connection: set_aside.collect(connection, [incoming]))
        except OF_A_VALUE:
            LOG.exception("a dead letter could not be kept whole")
            bare = Incoming(incoming.body, incoming.queue)
            return self._keep(lambda connection: set_aside.collect(connection, [bare]))

    def _read(self, work: Callable[[Connection], T]) -> T:
        return whole(self._database, lambda: self.open()._database.read(work))

    def _write(self, work: Callable[[Connection], T]) -> T:
        return whole(self._database, lambda: self._take(work))

    def _take(self, work: Callable[[Connection], T]) -> T:
        """Write what comes from the queues: an odd value is of one message, whose it is shows when it is alone."""
        return self.open()._database.write(work)

    def _keep(self, work: Callable[[Connection], T]) -> T:
        """Where what came cannot even be kept, the books cannot be used."""
        try:
            return self._write(work)
        except StoreDamaged as error:
            raise StoreUnavailable(error.words) from error


def _first_stock(connection: Connection) -> None:
    stock_postings.import_catalogue(connection, seed_catalogue(), LedgerKind.OPENING)


def _mark(connection: Connection, seqs: Collection[int]) -> None:
    when = now()
    _published(connection, [(when, first, last) for first, last in runs(seqs)])
