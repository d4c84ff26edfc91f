"""The part of the store about events: what goes out, and what a client is answered about the past."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Select, bindparam, func, select, update

from messaging.contract.codec import MAX_BYTES, Events
from messaging.contract.pages import NoticePage
from messaging.domain.orders import now
from messaging.warehouse.records import Event, Unpublished
from messaging.warehouse.store.database.bulk import Bulk
from messaging.warehouse.store.database.rows import chunks, event_of, runs
from messaging.warehouse.store.database.schema import counters, events, orders, products, set_aside, stock_ledger
from messaging.warehouse.store.transactions import StorePart, reads, writes

FEW = 50  # events read at once, of up to 64 KiB each

EVENTS = select(events.c.seq, events.c.notice)
_MARK = select(
    select(func.max(stock_ledger.c.row, type_=BigInteger)).scalar_subquery(),
    select(counters.c.events).scalar_subquery(),
    func.count(),
    func.sum(products.c.price, type_=BigInteger),
    func.sum(products.c.threshold, type_=BigInteger),
    func.sum(products.c.withdrawn * products.c.position, type_=BigInteger),  # another one for each product
    select(func.max(set_aside.c.row, type_=BigInteger)).scalar_subquery(),
).select_from(products)
_published = Bulk(
    update(events)
    .where(events.c.seq.between(bindparam("first"), bindparam("last")), events.c.published_at.is_(None))
    .values(published_at=bindparam("when")),
    "when",
    "first",
    "last",
)


class EventsPart(StorePart):
    @reads
    def unpublished(self, connection: Connection, limit: int) -> list[Event]:
        """Events that no warehouse has marked as published, oldest first by `seq`: the clock may have been put back."""
        owed = EVENTS.where(events.c.published_at.is_(None))
        return read_events(connection, owed.order_by(events.c.seq).limit(limit))

    @reads
    def still_unpublished(self, connection: Connection, seqs: Collection[int]) -> list[Event]:
        """Those of these events that are still not published, oldest first."""
        wanted = EVENTS.where(events.c.published_at.is_(None)).order_by(events.c.seq)
        some = [wanted.where(events.c.seq.in_(chunk)) for chunk in chunks(sorted(seqs))]
        return [event for one in some for event in read_events(connection, one)]

    @reads
    def poll(self, connection: Connection, limit: int) -> Unpublished:
        """What is unpublished (`limit` events at most) and a mark that moves with every change.

        Cheap enough for every second: ends of indexes and one pass over the catalogue, in one question.
        """
        owed: Sequence[int] = ()
        if limit:
            unpublished = select(events.c.seq).where(events.c.published_at.is_(None))
            owed = connection.scalars(unpublished.order_by(events.c.seq).limit(limit)).all()
        mark = connection.execute(_MARK).one()
        return Unpublished(tuple(owed), tuple(int(number or 0) for number in mark))

    def mark_published(self, seqs: Collection[int]) -> None:
        if seqs:
            self._mark_published(runs(seqs))

    @reads
    def of_order(self, connection: Connection, identity: str, most_bytes: int = MAX_BYTES) -> Events:
        """One order's history as an answer; none where the order is not known.

        A UUID alone is answered with those of every user that has an order of it.
        """
        called = orders.c.identity == identity if "/" in identity else orders.c.order_id == identity
        numbers = select(orders.c.number).where(called)
        page = NoticePage(most_bytes)
        wanted = EVENTS.where(events.c.order_number.in_(numbers))
        more = not all(page.add(event.notice) for event in _few_by_few(connection, wanted))
        return Events(tuple(page.notices), _last_seq(connection), more)

    @reads
    def after(
        self,
        connection: Connection,
        seq: int,
        user_id: str | int | None = None,
        limit: int = 500,
        most_bytes: int = MAX_BYTES,
    ) -> Events:
        """Notices of the events after `seq`: as many as `limit`, and as one answer holds."""
        last = _last_seq(connection)  # first: what is committed meanwhile is for the next time
        wanted = EVENTS.where(events.c.seq > seq, events.c.seq <= last)
        if user_id is not None:
            wanted = wanted.where(events.c.user_id == str(user_id))
        page, upto = NoticePage(most_bytes), seq
        for event in _few_by_few(connection, wanted):
            if len(page.notices) == limit or not page.add(event.notice):
                return Events(tuple(page.notices), upto, more=True)
            upto = event.seq
        return Events(tuple(page.notices), last)

    @writes
    def _mark_published(self, connection: Connection, seqs: Sequence[tuple[int, int]]) -> None:
        """`seqs`: the first and the last of each run."""
        when = now()
        _published(connection, [(when, first, last) for first, last in seqs])


def read_events(connection: Connection, wanted: Select[Any]) -> list[Event]:
    """Events that a select of the columns of `EVENTS` finds, in its order."""
    return [event_of(seq, notice) for seq, notice in connection.execute(wanted)]


def _few_by_few(connection: Connection, wanted: Select[Any]) -> Iterator[Event]:
    """Whoever stops early has not read all of them."""
    after = -1
    while found := read_events(connection, wanted.where(events.c.seq > after).order_by(events.c.seq).limit(FEW)):
        yield from found
        after = found[-1].seq


def _last_seq(connection: Connection) -> int:
    return int(connection.scalar(select(counters.c.events)) or 0)
