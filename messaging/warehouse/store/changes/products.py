"""Adds, reprices and withdraws products. No stock moves here but the first of a new product."""

from collections.abc import Collection, Iterable

from msgspec.structs import replace
from sqlalchemy import BigInteger, Connection, bindparam, func, insert, select, update

from messaging.domain.orders import checked_line
from messaging.errors import UsageError, WrongMove
from messaging.files.amounts import MOST_PRICE, MOST_STOCK, decimal_text
from messaging.phrases import Words, phrase
from messaging.warehouse.records import CatalogueRow, LedgerKind
from messaging.warehouse.store.changes.older_names import by_normal_name, resolved
from messaging.warehouse.store.changes.unit_of_work import Level, Move, UnitOfWork
from messaging.warehouse.store.database.schema import products

_new = insert(products)
_reprice = update(products).where(products.c.name == bindparam("product")).values(price=bindparam("to"))


def enter(connection: Connection, row: CatalogueRow, threshold: int, reason: str) -> None:
    """Add a product; its first stock is a posting like any other.

    Raises WrongMove where the books have it, withdrawn or not, and UsageError for a value out of range.
    """
    row = replace(row, name=checked_line(row.name, 1).name)
    _check(row.price, threshold)
    if not 0 <= row.stock <= MOST_STOCK:
        raise UsageError(phrase("products.a_stock_is_0_to_units", most_stock=MOST_STOCK, stock=row.stock))
    books = UnitOfWork(connection)
    there = row.name if row.name in books.levels else by_normal_name([row.name], books.levels).get(row.name)
    if there is not None:
        raise WrongMove(_there_already(row.name, books.levels[there]))
    add(books, [row], threshold)
    if row.stock:
        books.post([Move(row.name, row.stock, 0, LedgerKind.RESTOCK, Words(reason))])


def change(connection: Connection, name: str, price: int, threshold: int) -> None:
    """`price` in cents, `threshold` in units. Orders keep the total they were placed at."""
    _check(price, threshold)
    (name,) = resolved(connection, [name])
    wanted = update(products).where(products.c.name == name).values(price=price, threshold=threshold)
    if connection.execute(wanted).rowcount != 1:
        raise no_such_product(name)


def offer(connection: Connection, names: Collection[str], is_offered: bool) -> None:
    """Offer or withdraw all of these products or, where one is unknown, none.

    Orders in the books are not touched: those that wait go on waiting, and reserved units are shipped.
    """
    names = resolved(connection, names)
    known = UnitOfWork(connection, names).levels
    for name in names:
        if name not in known:
            raise no_such_product(name)
    wanted = update(products).where(products.c.name.in_(names)).values(withdrawn=int(not is_offered))
    connection.execute(wanted)


def add(books: UnitOfWork, rows: Iterable[CatalogueRow], threshold: int = 0) -> None:
    """Append new products to the catalogue, without stock."""
    last = books.connection.scalar(select(func.coalesce(func.max(products.c.position, type_=BigInteger), 0))) or 0
    new = [
        {"name": row.name, "position": last + nth, "price": row.price, "threshold": threshold}
        for nth, row in enumerate(rows, start=1)
    ]
    if new:
        books.connection.execute(_new.values(on_hand=0, reserved=0, withdrawn=0), new)
    books.levels.update({str(row["name"]): Level(0, 0) for row in new})


def reprice(connection: Connection, rows: Iterable[CatalogueRow]) -> None:
    found = [{"product": row.name, "to": row.price} for row in rows]
    if found:
        connection.execute(_reprice, found)


def no_such_product(name: str) -> WrongMove:
    return WrongMove(phrase("products.there_is_no_product_in_the", name=name[:120]))


def _there_already(name: str, level: Level) -> Words:
    if level.withdrawn:
        return phrase("products.is_withdrawn_offer_it_again", name=name)
    return phrase("products.is_in_the_catalogue_already", name=name)


def _check(price: int, threshold: int) -> None:
    if not 0 <= price <= MOST_PRICE:
        raise UsageError(
            phrase("products.a_price_is_0_00_to", most_price=decimal_text(MOST_PRICE), price=decimal_text(price))
        )
    if not 0 <= threshold <= MOST_STOCK:
        raise UsageError(phrase("products.a_threshold_is_0_to_units", most_stock=MOST_STOCK, threshold=threshold))
