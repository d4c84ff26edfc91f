"""The part of the store about stock: levels, ledger, deliveries and corrections, and the catalogue."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import BigInteger, Connection, Row, func, select

from messaging.contract.codec import MAX_BYTES, Inventory, encode
from messaging.contract.pages import LEAST, level_pages
from messaging.domain.orders import OrderStatus
from messaging.domain.stock import StockLevel
from messaging.texts import printable
from messaging.warehouse.records import Allotment, CatalogueRow, Event, Imported, LedgerKind, LedgerRow
from messaging.warehouse.store.changes import products as catalogue
from messaging.warehouse.store.changes import stock_postings
from messaging.warehouse.store.changes.older_names import resolved
from messaging.warehouse.store.database.rows import chunks
from messaging.warehouse.store.database.schema import order_lines, orders, products, stock_ledger
from messaging.warehouse.store.ledger_rows import LEDGER, ledger_row
from messaging.warehouse.store.transactions import StorePart, reads, writes

SMALLEST_LEVEL = len(encode(StockLevel("a", 0, 0)))  # bytes


class StockPart(StorePart):
    @reads
    def levels(self, connection: Connection, names: Collection[str] | None = None) -> list[StockLevel]:
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

    @reads
    def catalogue_page(self, connection: Connection, after: str = "", most_bytes: int = MAX_BYTES) -> Inventory:
        """The products on offer that follow `after`, as many as fit in `most_bytes`; from the first one where there is
        no such product (any more). No more rows are read than fit: anybody may ask, as often as he likes."""
        wanted, named = (
            select(products).where(products.c.withdrawn == 0),
            resolved(connection, [after]) if after else [],
        )
        last = connection.execute(select(products).where(products.c.name.in_(named))).one_or_none()
        if last is not None:
            at_last = (products.c.position == last.position) & (products.c.name > last.name)
            wanted = wanted.where((products.c.position > last.position) | at_last)
        most = max(most_bytes, LEAST) // SMALLEST_LEVEL + 1
        rows = connection.execute(wanted.order_by(products.c.position, products.c.name).limit(most)).all()
        waiting = _waiting(connection)
        first, *others = level_pages([_level(row, waiting) for row in rows], most_bytes)
        return Inventory(first, full=last is None, more=bool(others))

    @reads
    def ledger(
        self, connection: Connection, name: str | None = None, limit: int = 1000, offset: int = 0
    ) -> list[LedgerRow]:
        """Newest first; of one product where it is named."""
        wanted = LEDGER.order_by(stock_ledger.c.row.desc()).limit(limit).offset(offset)
        if name is not None:
            wanted = wanted.where(stock_ledger.c.name == name)
        return [ledger_row(row) for row in connection.execute(wanted)]

    @writes
    def restock(self, connection: Connection, name: str, quantity: int, reason: str = "") -> list[Event]:
        """Post a delivery of so many units; the events are those of orders that it served, oldest first."""
        return stock_postings.restock(connection, name, quantity, printable(reason))

    @reads
    def preview_restock(self, connection: Connection, name: str, quantity: int) -> list[Allotment]:
        """Which orders would get what from such a delivery."""
        return stock_postings.preview_restock(connection, name, quantity)

    @writes
    def adjust(self, connection: Connection, name: str, delta: int, reason: str) -> list[Event]:
        """Correct what is on hand by `delta` units, up or down; gives events as `restock` does."""
        return stock_postings.adjust(connection, name, delta, printable(reason))

    @writes
    def undo_posting(self, connection: Connection, row: int) -> list[Event]:
        """Undo a posting by hand, this row of the ledger, through a counter-posting."""
        return stock_postings.undo(connection, row)

    def import_catalogue(self, rows: Iterable[CatalogueRow]) -> Imported:
        return self._import(tuple(rows))

    @writes
    def add_product(self, connection: Connection, row: CatalogueRow, threshold: int = 0, reason: str = "") -> None:
        """`reason` is that of its first stock; `threshold` in units."""
        catalogue.enter(connection, row, threshold, printable(reason))

    @writes
    def change_product(self, connection: Connection, name: str, price: int, threshold: int) -> None:
        """`price` in cents, `threshold` in units."""
        catalogue.change(connection, name, price, threshold)

    @writes
    def withdraw(self, connection: Connection, names: Collection[str]) -> None:
        """No new order of them is taken; those in the books go on, and so do their ledger and stock."""
        catalogue.offer(connection, names, is_offered=False)

    @writes
    def offer_again(self, connection: Connection, names: Collection[str]) -> None:
        catalogue.offer(connection, names, is_offered=True)

    @writes
    def _import(self, connection: Connection, rows: tuple[CatalogueRow, ...]) -> Imported:
        return stock_postings.import_catalogue(connection, rows, LedgerKind.IMPORT)


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
