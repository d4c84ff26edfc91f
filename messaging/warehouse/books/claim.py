"""Whether these books may be served at this broker: asked of the broker's own record before anything is taken."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from enum import StrEnum
from functools import partial

import msgspec

from messaging.broker.connection import Channel, Connection
from messaging.broker.error_messages import NOT_FOUND
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.retained_message import RetainedMessage
from messaging.contract.codec import all_at
from messaging.contract.topology import BOOKS_RECORD_QUEUE
from messaging.errors import BooksRefused, BrokerRefused, OrderDeskError
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.ports import LinkState, Phase
from messaging.runtime.database_thread import DatabaseThread
from messaging.warehouse.books.broker_record import BooksRecord, newest, objection, written
from messaging.warehouse.store.books_identity import NO_IDENTITY, BooksIdentity
from messaging.warehouse.store.warehouse_store import WarehouseStore

POLL = 5.0  # seconds between two polls whether the books have grown; the record then says so
SELDOM = 30.0  # seconds after which it is looked at although they have not: others may have taken over
SURE = 0.1  # seconds after which a record that is not there is looked for once more: another may hold it
TRIES = 10  # of these, for books that have served before; new ones look once more, and then again after VERIFY
VERIFY = 1.0  # seconds after a first record: two may have begun at once
AGAIN = 60.0  # seconds between two tries where RabbitMQ does not let us look

UNSEEN = phrase("claim.whether_others_serve_this_rabbitmq_with", name=BOOKS_RECORD_QUEUE.name)
MISSING = phrase("claim.whether_others_serve_this_rabbitmq_with_other", name=BOOKS_RECORD_QUEUE.name)


class ClaimState(StrEnum):
    LOOKING = "looking"
    SERVING = "serving"
    UNSEEN = "unseen"  # this account may not look: it serves
    REFUSED = "refused"


class BooksClaim:
    """Takes the record, compares, puts back one that is true now: as a lock, and as a mark. In the loop's thread.

    `changed` is called when the standing has: the record of others is left as it is until `take_over` is called.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        books: DatabaseThread[WarehouseStore],
        *,
        changed: Callable[[], None],
        failed: Callable[[OrderDeskError], None],
        take_over: bool = False,
    ) -> None:
        self._loop, self._books, self._changed, self._failed = loop, books, changed, failed
        self.identity = NO_IDENTITY
        self._standing, self._reason = ClaimState.LOOKING, NO_WORDS
        self._is_tried = False
        self._may_take_over = take_over
        self._asked: list[Future[bool]] = []
        self._connection: Connection | None = None
        self._broker = ""
        self._record: RetainedMessage | None = None
        self._written, self._looked_at = NO_IDENTITY, 0.0
        self._busy = self._is_wanted = False
        self._tries = 0
        self._writes = 0  # as often as the record was written, by whomever
        self._loop.post(self._poll_later)

    @property
    def may_serve(self) -> bool:
        return self._standing in (ClaimState.SERVING, ClaimState.UNSEEN)

    @property
    def is_known(self) -> bool:
        """At least it was tried since there is a connection."""
        return self._is_tried

    @property
    def is_idle(self) -> bool:
        return not self._busy

    def attach(self, connection: Connection) -> None:
        self._connection, self._broker = connection, connection.broker_name
        self._open(connection)

    def detach(self) -> None:
        """Nothing new is taken before the next connection has been asked."""
        self._connection = self._record = None
        self._standing, self._is_tried = ClaimState.LOOKING, False
        self._busy = self._is_wanted = False

    def over(self, link: LinkState) -> LinkState:
        """The warehouse's state, where that of its connections is `link`."""
        is_there = link.phase in (Phase.READY, Phase.BLOCKED)
        return LinkState(Phase.OTHER_BOOKS, self._reason) if is_there and self._standing is ClaimState.REFUSED else link

    def take_over(self, done: "Future[bool]") -> None:
        """False where nothing stands against these books and all here have been told to follow them, or RabbitMQ is not
        there."""
        if self._standing is not ClaimState.REFUSED and not (self.may_serve and self._is_news(self.identity)):
            done.set_result(False)
            return
        self._may_take_over = True
        self._asked.append(done)
        if self._standing is ClaimState.UNSEEN:
            self._read_unseen()
        else:
            self._take()

    def end(self) -> None:
        """Write down how far the books have come."""
        if self._standing is ClaimState.SERVING:
            self._take()

    def _open(self, connection: Connection) -> None:
        if connection is self._connection:
            connection.open_channel_aside(self._opened, self._refused)

    def _opened(self, channel: Channel) -> None:
        self._record = RetainedMessage(channel, BOOKS_RECORD_QUEUE.name)
        self._take()

    def _refused(self, code: int) -> None:
        """Serve: whoever gave this account its rights knew of one warehouse alone."""
        connection, self._record, self._busy = self._connection, None, False
        if connection is None:
            return
        self._loop.later(AGAIN, partial(self._open, connection))
        if self._standing is not ClaimState.UNSEEN:
            self._failed(BrokerRefused(MISSING if code == NOT_FOUND else UNSEEN))
            self._read_unseen()

    def _read_unseen(self) -> None:
        known = self._books.ask(lambda store: store.identity())
        self._loop.when_done(known, self._serve_unseen, self._failed)

    def _serve_unseen(self, mine: BooksIdentity) -> None:
        if self._may_take_over and self._is_news(mine):
            renewed = self._books.ask(lambda store: store.renew_identity(self._replaced(None)))
            self._loop.when_done(renewed, self._serve_unseen, self._failed)
            return
        self._may_take_over = False
        self._stand(ClaimState.UNSEEN, mine)

    def _poll_later(self) -> None:
        self._loop.later(POLL, self._poll)

    def _poll(self) -> None:
        self._poll_later()
        if time.monotonic() - self._looked_at > SELDOM:
            self._take()
        elif self._standing is ClaimState.SERVING:
            known = self._books.ask(lambda store: store.identity())
            self._loop.when_done(known, self._take_if_grown, self._failed)

    def _take_if_grown(self, mine: BooksIdentity) -> None:
        if mine != self._written:
            self._take()

    def _take(self) -> None:
        self._is_wanted = self._busy
        if self._record is not None and not self._busy:
            self._busy, self._looked_at = True, time.monotonic()
            self._record.take(self._taken)

    def _taken(self, bodies: list[bytes]) -> None:
        record, found = self._record, newest(bodies)
        if record is None:
            return
        known = self._books.ask(lambda store: store.identity())
        self._loop.when_done(known, partial(self._compare, record, found), partial(self._cannot, record, found))

    def _compare(self, record: RetainedMessage, found: BooksRecord | None, mine: BooksIdentity) -> None:
        if record is not self._record:
            return  # another connection is asked anew
        if found is None and self._tries < (TRIES if mine.seq or mine.replaces or self._may_take_over else 1):
            self._tries, self._busy = self._tries + 1, False
            self._loop.later(SURE, self._take)
            return
        self._tries = 0
        why = objection(found, mine)
        if self._may_take_over and (why or self._is_news(mine)):
            renewed = self._books.ask(lambda store: store.renew_identity(self._replaced(found)))
            self._loop.when_done(renewed, partial(self._serve, record, found), partial(self._cannot, record, found))
        elif why and found is not None:
            self._put(record, found)
            reason = _remedied(why)
            if reason != self._reason:
                self._failed(BooksRefused(reason))
            self._reason = reason
            self._stand(ClaimState.REFUSED, self.identity)
        else:
            self._serve(record, found, mine)

    def _is_news(self, mine: BooksIdentity) -> bool:
        """Whoever followed others at this broker, of which no record is left, was not told to follow these."""
        return all_at(self._broker) not in mine.replaces.split()

    def _replaced(self, found: BooksRecord | None) -> str:
        recorded = (found.books, found.replaces) if found else ()
        return " ".join(filter(None, (all_at(self._broker), *recorded)))

    def _serve(self, record: RetainedMessage, found: BooksRecord | None, mine: BooksIdentity) -> None:
        """RabbitMQ's confirm is not waited for: in an alarm it would not come before the queue has been emptied."""
        self._may_take_over = self._may_take_over and found is None  # a record may still come to light
        self._reason = NO_WORDS
        self._written = mine
        if record is self._record:
            self._writes = max(self._writes, found.writes if found else 0) + 1
            self._put(record, written(mine, self._writes))
            if found is None:
                self._loop.later(VERIFY, self._take)
            self._stand(ClaimState.SERVING, mine)

    def _cannot(self, record: RetainedMessage, found: BooksRecord | None, error: OrderDeskError) -> None:
        """The books cannot be read now: others must not take the record for lost meanwhile."""
        self._failed(error)
        if record is self._record:
            if found is not None:
                self._put(record, found)
            else:
                self._busy = False
            self._is_tried = True
            self._loop.later(VERIFY, self._take)
            self._changed()

    def _put(self, record: RetainedMessage, content: BooksRecord) -> None:
        record.put(msgspec.json.encode(content), self._is_put)

    def _is_put(self) -> None:
        self._busy = False
        if self._is_wanted:
            self._take()

    def _stand(self, standing: ClaimState, mine: BooksIdentity) -> None:
        is_new = standing is not self._standing or not self._is_tried or mine.id != self.identity.id
        self._standing, self._is_tried, self.identity = standing, True, mine
        asked, self._asked = self._asked, []
        for done in asked:
            done.set_result(self.may_serve)
        if is_new:
            self._changed()


def _remedied(why: Words) -> Words:
    return phrase("claim.to_serve_it_with_these_books", why=why)
