"""The warehouse's books: a small front over parts. Every call is one transaction; all calls come from one thread.

Many processes and machines may work on the same books. Where the database is locked, full, read-only or gone,
every call raises StoreUnavailable, has changed nothing, and may be made again.
"""

import logging
from collections.abc import Sequence

from messaging.phrases import NO_WORDS, Words, phrase
from messaging.runtime.upgrading import Told, nobody
from messaging.texts import printable
from messaging.warehouse.inbound import reading
from messaging.warehouse.inbound.reading import InboundMessage
from messaging.warehouse.records import Audit, BooksCounts, Decided, Incoming, Verdict
from messaging.warehouse.store import books_identity
from messaging.warehouse.store.audit import audit
from messaging.warehouse.store.books_identity import BooksIdentity
from messaging.warehouse.store.changes import cleaning, set_aside_rows
from messaging.warehouse.store.changes.decide_batch import BatchDecision
from messaging.warehouse.store.counts import counts
from messaging.warehouse.store.damage import OF_A_VALUE, in_words, odd_cell
from messaging.warehouse.store.database import migrate
from messaging.warehouse.store.events import EventsPart
from messaging.warehouse.store.orders import OrdersPart
from messaging.warehouse.store.set_aside import SetAsidePart
from messaging.warehouse.store.stock import StockPart
from messaging.warehouse.store.transactions import Transactions

LOG = logging.getLogger(__name__)


class WarehouseStore:
    """Opens by itself at the first call; a wrong URL is a UsageError at once."""

    def __init__(self, url: str, told: Told = nobody) -> None:
        """`told` is called with a text while older books are brought to this version."""
        self._transactions = Transactions(url, told)
        self.orders = OrdersPart(self._transactions)
        self.stock = StockPart(self._transactions)
        self.set_aside = SetAsidePart(self._transactions)
        self.events = EventsPart(self._transactions)

    def open(self) -> "WarehouseStore":
        """Migrate where needed; new books get the seed's catalogue."""
        self._transactions.open()
        return self

    def probe(self) -> None:
        """Take the locks that orders need and write a page, without a change: raises as the others do."""
        self._transactions.write(migrate.rehearse)

    def close(self) -> None:
        self._transactions.close()

    def identity(self) -> BooksIdentity:
        """Which books these are."""
        return self._transactions.read(books_identity.read)

    def renew_identity(self, replaced: str) -> BooksIdentity:
        """From now on other books, which take the place of those with these ids, with blanks between."""
        return self._transactions.write(lambda connection: books_identity.renew(connection, replaced))

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
            LOG.warning("a batch of %d failed and is decided one by one: %r", len(batch), error)
            return [self._decide_one(reading.read(incoming)) for incoming in batch]

    def counts(self) -> BooksCounts:
        return self._transactions.read(counts)

    def audit(self) -> Audit:
        return self._transactions.read(audit.audit)

    def clean(self, days: int) -> int:
        """Free messages that were dropped or taken more than so many days ago, and early cancels whose order does not
        come; gives how many rows."""
        return self._transactions.write(lambda connection: cleaning.clean(connection, days))

    def _decide(self, messages: Sequence[InboundMessage]) -> list[Decided]:
        if not messages:
            return []
        return self._transactions.write_incoming(lambda connection: BatchDecision(connection, messages).run())

    def _decide_one(self, message: InboundMessage) -> Decided:
        try:
            return self._decide([message])[0]
        except OF_A_VALUE as error:
            LOG.exception("a message could not be decided and is set aside")
            message.reason = self._why(error)
        notices = self._transactions.write_set_aside(lambda connection: set_aside_rows.add(connection, [message]))
        return Decided(Verdict.REFUSE, tuple(notices.values()), reason=message.reason)

    def _why(self, error: Exception) -> Words:
        """The books are searched for a damaged cell only where not the message's own text has failed."""
        odd = NO_WORDS if isinstance(error, UnicodeError) else odd_cell(self._transactions.database)
        what = printable(" ".join(str(error).split())[:300])
        if odd:
            return in_words(odd)
        return phrase("warehouse_store.the_warehouse_failed_on_it", name=type(error).__name__, what=what)
