"""Stock that moves without an order: deliveries, corrections, the catalogue. Each posting is in the ledger."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, func, select

from messaging.domain import backorders
from messaging.errors import UsageError, WrongMove
from messaging.files.amounts import MOST_STOCK
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.texts import normal_name
from messaging.warehouse.records import Allotment, CatalogueRow, Event, Imported, LedgerKind
from messaging.warehouse.store.changes import order_lifecycle
from messaging.warehouse.store.changes.older_names import resolved
from messaging.warehouse.store.changes.products import add, no_such_product, reprice
from messaging.warehouse.store.changes.unit_of_work import Level, Move, UnitOfWork
from messaging.warehouse.store.database.schema import products, stock_ledger

BY_HAND = frozenset({LedgerKind.RESTOCK, LedgerKind.ADJUST, LedgerKind.IMPORT, LedgerKind.UNDO})


def restock(connection: Connection, name: str, quantity: int, reason: str) -> list[Event]:
    """Post a delivery of so many units; it serves the orders that wait, oldest first. Gives their events."""
    _check_delivery(quantity)
    return _post(connection, name, quantity, LedgerKind.RESTOCK, Words(reason))


def adjust(connection: Connection, name: str, delta: int, reason: str) -> list[Event]:
    """Correct what is on hand by `delta` units. Raises WrongMove where less than the reserved units would remain."""
    if not 1 <= abs(delta) <= MOST_STOCK:
        raise UsageError(phrase("stock_postings.a_correction_is_1_to_units", most_stock=MOST_STOCK, delta=delta))
    return _post(connection, name, delta, LedgerKind.ADJUST, Words(reason))


def undo(connection: Connection, row: int) -> list[Event]:
    """Undo this row of the ledger by a counter-posting. Raises WrongMove where it is not by hand, or undone already."""
    found = connection.execute(select(stock_ledger).where(stock_ledger.c.row == row)).one_or_none()
    if found is None or found.kind not in BY_HAND:
        raise WrongMove(phrase("stock_postings.number_of_the_ledger_is_not", row=row))
    reason = phrase("stock_postings.undo_of_number", row=row)
    books = UnitOfWork(connection)
    done = stock_ledger.c.kind == LedgerKind.UNDO.value, stock_ledger.c.reason == reason
    if connection.scalar(select(func.count()).select_from(stock_ledger).where(*done)):
        raise WrongMove(phrase("stock_postings.number_of_the_ledger_is_undone", row=row))
    return _apply(books, found.name, -found.on_hand, LedgerKind.UNDO, reason)


def preview_restock(connection: Connection, name: str, quantity: int) -> list[Allotment]:
    """Which orders would get how many units from a delivery; changes nothing."""
    _check_delivery(quantity)
    (name,) = resolved(connection, [name])
    level = _levels(connection)
    if name not in level:
        raise no_such_product(name)
    free = {product: one.free for product, one in level.items()}
    free[name] += quantity
    served = backorders.serve(order_lifecycle.waiting_for(connection, [name]), free)
    return [Allotment(order, backorders.gained(order, lines), backorders.complete(lines)) for order, lines in served]


def import_catalogue(connection: Connection, rows: Sequence[CatalogueRow], kind: LedgerKind) -> Imported:
    """New products, new prices, and stock as counted; the same rows again change nothing.

    What was withdrawn stays so: a file written before must not bring it back unseen.
    """
    books = UnitOfWork(connection)
    prices = {row.name: row.price for row in connection.execute(select(products.c.name, products.c.price))}
    wanted = _as_in_books(rows, prices)
    errors = {name: _below_reserved(row, books.levels[name]) for name, row in wanted.items() if name in prices}
    good = [row for row in wanted.values() if not errors.get(row.name)]
    added = [row for row in good if row.name not in prices]
    repriced = [row for row in good if row.name in prices and prices[row.name] != row.price]
    add(books, added)
    reprice(connection, repriced)
    moved = [row for row in good if row.stock != books.levels[row.name].on_hand]
    books.post([Move(row.name, row.stock - books.levels[row.name].on_hand, 0, kind) for row in moved])
    events = order_lifecycle.serve_waiting(books, {row.name for row in moved})
    changed = {row.name for row in repriced} | ({row.name for row in moved} - {row.name for row in added})
    unchanged = len(good) - len(added) - len(changed)
    withdrawn = tuple(row.name for row in good if books.levels[row.name].withdrawn)
    return Imported(len(added), len(changed), unchanged, tuple(filter(None, errors.values())), tuple(events), withdrawn)


def _as_in_books(rows: Sequence[CatalogueRow], names: Iterable[str]) -> dict[str, CatalogueRow]:
    """By name. Old books may hold names that are not normal: a row is of that product, and adds no second product."""
    in_books = {normal_name(name): name for name in names} | {name: name for name in names}
    found = (replace(row, name=in_books.get(row.name, row.name)) for row in rows)
    return {row.name: row for row in found}


def _check_delivery(quantity: int) -> None:
    if not 1 <= quantity <= MOST_STOCK:
        raise UsageError(phrase("stock_postings.a_delivery_is_1_to_units", most_stock=MOST_STOCK, quantity=quantity))


def _post(connection: Connection, name: str, delta: int, kind: LedgerKind, reason: Words) -> list[Event]:
    (name,) = resolved(connection, [name])
    return _apply(UnitOfWork(connection), name, delta, kind, reason)


def _apply(books: UnitOfWork, name: str, delta: int, kind: LedgerKind, reason: Words) -> list[Event]:
    level = books.levels.get(name)
    if level is None:
        raise no_such_product(name)
    if level.on_hand + delta < level.reserved:
        raise WrongMove(
            phrase(
                "stock_postings.on_hand_and_of_them_reserved",
                name=name,
                on_hand=level.on_hand,
                reserved=level.reserved,
                delta=delta,
            )
        )
    if level.on_hand + delta > MOST_STOCK:
        raise WrongMove(phrase("stock_postings.more_than_units_cannot_be_on", name=name, most_stock=MOST_STOCK))
    books.post([Move(name, delta, 0, kind, reason)])
    return order_lifecycle.serve_waiting(books, [name]) if delta > 0 else []


def _below_reserved(row: CatalogueRow, level: Level) -> Words:
    if row.stock >= level.reserved:
        return NO_WORDS
    return phrase(
        "stock_postings.stock_is_below_the_reserved_for", name=row.name, stock=row.stock, reserved=level.reserved
    )


def _levels(connection: Connection) -> dict[str, Level]:
    found = connection.execute(select(products.c.name, products.c.on_hand, products.c.reserved))
    return {name: Level(on_hand, reserved) for name, on_hand, reserved in found}
