"""Changes the books: each change is one transaction, after which its events are published at once."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.role.session import Session
from desktop.role.tasks import spawning
from desktop.role.worker import answer
from desktop.tables.lines_table import summary
from desktop.text.formats import money, number, product
from desktop.warehouse.stock.product_form import ProductWish
from desktop.widgets.done_bar import Undo
from messaging.errors import OrderDeskError
from messaging.warehouse.records import Allotment, Event, Imported, LedgerKind

if TYPE_CHECKING:  # it loads SQLAlchemy, which must not hold up the window
    from messaging.warehouse.catalogue_csv import CatalogueFile
    from messaging.warehouse.store.warehouse_store import WarehouseStore

P = ParamSpec("P")
T = TypeVar("T")


class Terms(NamedTuple):
    """What of a product can be changed: price in minor units, and from how many free on it is low."""

    price: int
    threshold: int


class BooksChanges(QObject):
    """Signals: `written` after each change, also one that failed; `done(words, undo)`, `undo` a callable or None.

    Each coroutine raises OrderDeskError where the change is not possible.
    """

    written = Signal()
    done = Signal(str, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    async def write(self, work: Callable[Concatenate[WarehouseStore, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run `work(store, *args)` in the books' thread; gives its result."""
        try:
            return await answer(self._session.books.ask(work, *args, **kwargs))
        finally:
            self.written.emit()

    # --- orders

    async def ship(self, identities: Sequence[str]) -> None:
        await self.write(lambda store: store.orders.ship(identities))
        self._show_done(self._counted(len(identities), self.tr("1 order shipped"), self.tr("{0} orders shipped")))

    async def cancel(self, identities: Sequence[str], reason: str) -> None:
        events = await self.write(_cancel, identities, reason)
        words = self._counted(len(identities), self.tr("1 order cancelled"), self.tr("{0} orders cancelled"))
        self._show_done(self._with_served(words, len(events) - len(identities)))

    async def take_back(self, identities: Sequence[str], reason: str) -> None:
        events = await self.write(_take_back, identities, reason)
        words = self._counted(len(identities), self.tr("1 order taken back"), self.tr("{0} orders taken back"))
        self._show_done(self._with_served(words, len(events) - len(identities)))

    # --- stock

    async def preview(self, name: str, units: int) -> list[Allotment]:
        """Which waiting orders a delivery of so many units would serve, in that order; changes nothing."""
        return await answer(self._session.books.ask(lambda store: store.stock.preview_restock(name, units)))

    async def restock(self, name: str, units: int, reason: str) -> None:
        events, row = await self.write(_restock, name, units, reason)
        self._show_posted(self.tr("{0} came in").format(summary([(name, units)])), events, row)

    async def adjust(self, name: str, change: int, reason: str) -> None:
        events, row = await self.write(_adjust, name, change, reason)
        self._show_posted(self.tr("{0} adjusted by {1}").format(product(name), f"{change:+,}"), events, row)

    def _show_posted(self, words: str, events: Sequence[Event], row: int | None) -> None:
        """A posting that served waiting orders cannot be undone: what they got is theirs."""
        words = self._with_served(words, len(events))
        if events:
            self._show_done(self.tr("{0}: it cannot be undone now").format(words))
        else:
            self._show_done(words, None if row is None else self._undo_by(self.undo_posting, row))

    async def undo_posting(self, row: int) -> None:
        events = await self.write(lambda store: store.stock.undo_posting(row))
        self._show_done(self._with_served(self.tr("Posting undone; the ledger shows both"), len(events)))

    # --- products

    async def save_product(self, wish: ProductWish) -> None:
        row, before = wish.row, wish.before
        if before is not None:
            terms = Terms(row.price, wish.threshold)
            await self._change_product(row.name, terms, Terms(before.price, before.threshold))
            return
        await self.write(lambda store: store.stock.add_product(row, wish.threshold, wish.reason))
        words = self.tr("{0} is in the catalogue now").format(product(row.name))
        self._show_done(words, self._undo_by(self.offer, row.name, False))

    async def _change_product(self, name: str, terms: Terms, before: Terms) -> None:
        await self.write(lambda store: store.stock.change_product(name, terms.price, terms.threshold))
        words = self.tr("{0} costs {1} now, and is low from {2} free on")
        low = number(terms.threshold) if terms.threshold else self.tr("a tenth")
        undo = self._undo_by(self._change_product, name, before, terms)
        self._show_done(words.format(product(name), money(terms.price), low), undo)

    async def offer(self, name: str, is_offered: bool) -> None:
        await self.write(lambda store: store.stock.offer_again([name]) if is_offered else store.stock.withdraw([name]))
        words = (
            self.tr("{0} is offered again") if is_offered else self.tr("{0} is withdrawn: no new order of it is taken")
        )
        self._show_done(words.format(product(name)), self._undo_by(self.offer, name, not is_offered))

    # --- the catalogue as a file

    async def read_file(self, path: Path) -> CatalogueFile:
        return await answer(self._session.books.ask(_read_catalogue, path))

    async def import_rows(self, file: CatalogueFile) -> Imported:
        return await self.write(lambda store: store.stock.import_catalogue(file.rows))

    async def export_file(self, path: Path) -> None:
        count = await self.write(_write_catalogue, path)
        self._show_done(self.tr("{0} products written to {1}").format(number(count), path.name))

    # --- messages set aside

    async def drop(self, rows: Sequence[int]) -> None:
        await self.write(lambda store: store.set_aside.drop(rows))
        words = self._counted(len(rows), self.tr("1 message dropped"), self.tr("{0} messages dropped"))
        self._show_done(words, self._undo_by(self.bring_back, rows))

    async def drop_corrected(self, row: int, by: str, identity: str) -> None:
        """For good: brought back and sent again it would be a second order beside the corrected one."""
        await self.write(lambda store: store.set_aside.take_over(row, by, identity))
        self._show_done(self.tr("The corrected order was sent; the message set aside is dropped"))

    async def bring_back(self, rows: Sequence[int]) -> None:
        await self.write(lambda store: store.set_aside.undo_drop(rows))
        self._show_done(
            self._counted(len(rows), self.tr("1 message brought back"), self.tr("{0} messages brought back"))
        )

    # --- what was done, in words

    def _show_done(self, words: str, undo: Undo | None = None) -> None:
        self.done.emit(words, undo)

    def _undo_by(self, change: Callable[..., Coroutine[Any, Any, None]], *arguments: object) -> Undo:
        return spawning(self._session.spawn, change, *arguments)

    def _counted(self, count: int, one: str, many: str) -> str:
        return one if count == 1 else many.format(number(count))

    def _with_served(self, words: str, served: int) -> str:
        if served <= 0:
            return words
        more = self._counted(served, self.tr("1 waiting order served"), self.tr("{0} waiting orders served"))
        return f"{words}; {more}"


# In the books' thread:


def _cancel(store: WarehouseStore, identities: Sequence[str], reason: str) -> list[Event]:
    return _each(identities, lambda identity: store.orders.cancel(identity, None, reason))


def _take_back(store: WarehouseStore, identities: Sequence[str], reason: str) -> list[Event]:
    return _each(identities, lambda identity: store.orders.take_back(identity, reason))


def _each(identities: Sequence[str], work: Callable[[str], list[Event]]) -> list[Event]:
    """Change every order that can be changed; then raise the first error, if there was one."""
    events: list[Event] = []
    errors: list[OrderDeskError] = []
    for identity in identities:
        try:
            events += work(identity)
        except OrderDeskError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return events


def _restock(store: WarehouseStore, name: str, units: int, reason: str) -> tuple[list[Event], int | None]:
    return store.stock.restock(name, units, reason), _last_posting(store, name, LedgerKind.RESTOCK)


def _adjust(store: WarehouseStore, name: str, change: int, reason: str) -> tuple[list[Event], int | None]:
    return store.stock.adjust(name, change, reason), _last_posting(store, name, LedgerKind.ADJUST)


def _last_posting(store: WarehouseStore, name: str, kind: LedgerKind) -> int | None:
    """The ledger row of a posting just made; the rows of the orders that it served stand above it.

    None where it served very many: then the ledger's page can undo it.
    """
    return next((row.row for row in store.stock.ledger(name) if row.kind is kind), None)


def _read_catalogue(_store: WarehouseStore, path: Path) -> CatalogueFile:
    from messaging.warehouse.catalogue_csv import read_catalogue_csv  # noqa: PLC0415  # in the books' thread

    return read_catalogue_csv(path)


def _write_catalogue(store: WarehouseStore, path: Path) -> int:
    from messaging.warehouse.catalogue_csv import write_catalogue_csv  # noqa: PLC0415  # in the books' thread

    return write_catalogue_csv(path, store.stock.levels())
