"""What the books can be asked; nothing here changes them."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, Select, Text, func, select, type_coerce

from messaging.contract.codec import Events, Inventory, encode
from messaging.contract.pages import LEAST, NoticePage, level_pages
from messaging.domain.orders import OrderStatus
from messaging.domain.stock import StockLevel
from messaging.warehouse.records import (
    BooksCounts,
    Event,
    LedgerKind,
    LedgerRow,
    OrderHistory,
    SetAsideState,
    Unpublished,
    WarehouseOrder,
)
from messaging.warehouse.store.database.cells import Cell
from messaging.warehouse.store.database.rows import chunks, event_of, fetch_orders, order_with
from messaging.warehouse.store.database.schema import (
    counters,
    events,
    order_lines,
    orders,
    products,
    set_aside,
    stock_ledger,
)
from messaging.warehouse.store.name_twins import resolved

FEW = 50  # events read at once, of up to 64 KiB each
SMALLEST_LEVEL = len(encode(StockLevel("a", 0, 0)))  # bytes

_events = select(events.c.seq, events.c.notice)
_identity = type_coerce(orders.c.identity, Cell(Text(), is_nullable=True)).label("identity")
_ledger = select(stock_ledger, _identity).outerjoin(orders, orders.c.number == stock_ledger.c.order_number)


def stock(connection: Connection, names: Collection[str] | None) -> list[StockLevel]:
    """In the order of the catalogue; with `names` those alone."""
    waiting = _waiting(connection)
    if names is None:
        rows = list(connection.execute(select(products).order_by(products.c.position)))
    else:
        some = [
            select(products).where(products.c.name.in_(chunk))
            for chunk in chunks(sorted(set(resolved(connection, names))))
        ]
        rows = sorted((row for one in some for row in connection.execute(one)), key=lambda row: int(row.position))
    return [_level(row, waiting) for row in rows]


def catalogue_page(connection: Connection, after: str, most_bytes: int) -> Inventory:
    """What is offered behind the product `after`, as much as one answer holds; all from the beginning where there is
    no such product (any more). No more is read than has room: anybody may ask, as often as he likes."""
    wanted, named = select(products).where(products.c.withdrawn == 0), resolved(connection, [after]) if after else []
    last = connection.execute(select(products).where(products.c.name.in_(named))).one_or_none()
    if last is not None:
        at_last = (products.c.position == last.position) & (products.c.name > last.name)
        wanted = wanted.where((products.c.position > last.position) | at_last)
    most = max(most_bytes, LEAST) // SMALLEST_LEVEL + 1
    rows = connection.execute(wanted.order_by(products.c.position, products.c.name).limit(most)).all()
    waiting = _waiting(connection)
    first, *others = level_pages([_level(row, waiting) for row in rows], most_bytes)
    return Inventory(first, full=last is None, more=bool(others))


def list_orders(
    connection: Connection, user_id: str | int | None, status: OrderStatus | None, limit: int, offset: int
) -> list[WarehouseOrder]:
    """Newest first."""
    wanted = select(orders)
    if user_id is not None:
        wanted = wanted.where(orders.c.user_id == str(user_id))
    if status is not None:
        wanted = wanted.where(orders.c.status == status.value)
    return fetch_orders(connection, wanted.order_by(orders.c.number.desc()).limit(limit).offset(offset))


def order(connection: Connection, identity: str) -> WarehouseOrder | None:
    found = fetch_orders(connection, order_with(identity=identity))
    return found[0] if found else None


def orders_called(connection: Connection, name: str, limit: int) -> list[WarehouseOrder]:
    """Those with this identity or id, or where there is none those whose identity, or UUID, begins so; newest first."""
    exact = select(orders).where((orders.c.identity == name) | (orders.c.order_id == name))
    if "/" in name:
        begins = select(orders).where(func.substr(orders.c.identity, 1, len(name)) == name)
    else:
        begins = order_with(order_is_number=0).where(func.substr(orders.c.order_id, 1, len(name)) == name)
    newest = orders.c.number.desc()
    return fetch_orders(connection, exact.order_by(newest).limit(limit)) or fetch_orders(
        connection, begins.order_by(newest).limit(limit)
    )


def history(connection: Connection, identity: str) -> OrderHistory | None:
    found = order(connection, identity)
    if found is None:
        return None
    told = _listed(connection, _events.where(events.c.order_number == found.number).order_by(events.c.seq))
    moved = connection.execute(_ledger.where(stock_ledger.c.order_number == found.number).order_by(stock_ledger.c.row))
    return OrderHistory(found, tuple(told), tuple(_ledger_row(row) for row in moved))


def events_of(connection: Connection, identity: str, most_bytes: int) -> Events:
    """One order's history as an answer; none where the order is not known.

    A UUID alone is answered with those of every user that has an order of it.
    """
    called = orders.c.identity == identity if "/" in identity else orders.c.order_id == identity
    numbers = select(orders.c.number).where(called)
    page = NoticePage(most_bytes)
    wanted = _events.where(events.c.order_number.in_(numbers))
    more = not all(page.add(event.notice) for event in _few_by_few(connection, wanted))
    return Events(tuple(page.notices), _last_seq(connection), more)


def events_after(connection: Connection, after: int, user_id: str | int | None, limit: int, most_bytes: int) -> Events:
    """As many as `limit`, and as one answer holds."""
    last = _last_seq(connection)  # first: what is committed meanwhile is for the next time
    wanted = _events.where(events.c.seq > after, events.c.seq <= last)
    if user_id is not None:
        wanted = wanted.where(events.c.user_id == str(user_id))
    page, upto = NoticePage(most_bytes), after
    for event in _few_by_few(connection, wanted):
        if len(page.notices) == limit or not page.add(event.notice):
            return Events(tuple(page.notices), upto, more=True)
        upto = event.seq
    return Events(tuple(page.notices), last)


def unpublished(connection: Connection, limit: int) -> list[Event]:
    """Oldest first; whatever their times say: the clock may have been put back since."""
    owed = _events.where(events.c.published_at.is_(None))
    return _listed(connection, owed.order_by(events.c.seq).limit(limit))


def owed(connection: Connection, seqs: Collection[int]) -> list[Event]:
    """Those of these events that are still not published, oldest first."""
    wanted = _events.where(events.c.published_at.is_(None)).order_by(events.c.seq)
    some = [wanted.where(events.c.seq.in_(chunk)) for chunk in chunks(sorted(seqs))]
    return [event for one in some for event in _listed(connection, one)]


_MARK = select(
    select(func.max(stock_ledger.c.row, type_=BigInteger)).scalar_subquery(),
    select(counters.c.events).scalar_subquery(),
    func.count(),
    func.sum(products.c.price, type_=BigInteger),
    func.sum(products.c.threshold, type_=BigInteger),
    func.sum(products.c.withdrawn * products.c.position, type_=BigInteger),  # another one for each product
    select(func.max(set_aside.c.row, type_=BigInteger)).scalar_subquery(),
).select_from(products)


def look(connection: Connection, limit: int) -> Unpublished:
    """Cheap enough for every second: ends of indexes and one pass over the catalogue, in one question."""
    owed: Sequence[int] = ()
    if limit:
        unpublished = select(events.c.seq).where(events.c.published_at.is_(None))
        owed = connection.scalars(unpublished.order_by(events.c.seq).limit(limit)).all()
    mark = connection.execute(_MARK).one()
    return Unpublished(tuple(owed), tuple(int(number or 0) for number in mark))


def ledger(connection: Connection, name: str | None, limit: int, offset: int) -> list[LedgerRow]:
    """Newest first."""
    wanted = _ledger.order_by(stock_ledger.c.row.desc()).limit(limit).offset(offset)
    if name is not None:
        wanted = wanted.where(stock_ledger.c.name == name)
    return [_ledger_row(row) for row in connection.execute(wanted)]


def counts(connection: Connection) -> BooksCounts:
    return BooksCounts(
        orders_by_status(connection),
        connection.scalar(select(func.count()).select_from(events).where(events.c.published_at.is_(None))) or 0,
        connection.scalar(
            select(func.count()).select_from(set_aside).where(set_aside.c.state == SetAsideState.KEPT.value)
        )
        or 0,
    )


def orders_by_status(connection: Connection) -> dict[str, int]:
    found = connection.execute(select(orders.c.status, func.count()).group_by(orders.c.status))
    return {status: count for status, count in found}


def _last_seq(connection: Connection) -> int:
    return int(connection.scalar(select(counters.c.events)) or 0)


def _level(row: Row[Any], waiting: Mapping[str, int]) -> StockLevel:
    units = waiting.get(row.name, 0)
    return StockLevel(row.name, row.price, row.on_hand, row.reserved, units, row.threshold, bool(row.withdrawn))


def _waiting(connection: Connection) -> dict[str, int]:
    """Units by product that backorders lack."""
    lacking = (
        select(order_lines.c.name, func.sum(order_lines.c.missing, type_=BigInteger))
        .join(orders, orders.c.number == order_lines.c.order_number)
        .where(orders.c.status == OrderStatus.BACKORDERED.value)
        .group_by(order_lines.c.name)
    )
    return {name: int(units) for name, units in connection.execute(lacking)}


def _few_by_few(connection: Connection, wanted: Select[Any]) -> Iterator[Event]:
    """Whoever stops early has not read all of them."""
    after = -1
    while found := _listed(connection, wanted.where(events.c.seq > after).order_by(events.c.seq).limit(FEW)):
        yield from found
        after = found[-1].seq


def _listed(connection: Connection, wanted: Select[Any]) -> list[Event]:
    return [event_of(seq, notice) for seq, notice in connection.execute(wanted)]


def _ledger_row(row: Row[Any]) -> LedgerRow:
    kind = LedgerKind(row.kind)
    return LedgerRow(row.row, row.name, row.on_hand, row.reserved, kind, row.reason, row.identity or "", row.at)
