"""What the page changes in the books. Each is one transaction; those it concerns are told at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop.role.session import Session
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

T = TypeVar("T")


class Terms(NamedTuple):
    """What of a product can be changed: price in minor units, and from how many free on it is low."""

    price: int
    threshold: int


class BooksChanges(QObject):
    """Signals: `written` after each change; `done(words, undo)`, `undo` a callable or None."""

    written = Signal()
    done = Signal(str, object)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session

    async def ask(self, work: Callable[[WarehouseStore], T]) -> T:
        return await answer(self._session.books.ask(work))

    async def write(self, work: Callable[[WarehouseStore], T]) -> T:
        try:
            return await self.ask(work)
        finally:
            self.written.emit()

    def _start(self, work: Callable[[WarehouseStore], T], words: Callable[[T], str], undo: Undo | None = None) -> None:
        self._session.spawn(self._do(work, words, undo))

    async def _do(
        self, work: Callable[[WarehouseStore], T], words: Callable[[T], str], undo: Undo | None = None
    ) -> None:
        self.done.emit(words(await self.write(work)), undo)

    # --- orders

    def ship(self, identities: Sequence[str]) -> None:
        said = self._counted(len(identities), self.tr("1 order shipped"), self.tr("{0} orders shipped"))
        self._start(lambda store: store.ship(identities), lambda events: said)

    def cancel(self, identities: Sequence[str], reason: str) -> None:
        said = self._counted(len(identities), self.tr("1 order cancelled"), self.tr("{0} orders cancelled"))
        self._start(
            lambda store: _each(identities, lambda one: store.cancel(one, None, reason)),
            lambda events: self._with_served(said, len(events) - len(identities)),
        )

    def take_back(self, identities: Sequence[str], reason: str) -> None:
        said = self._counted(len(identities), self.tr("1 order taken back"), self.tr("{0} orders taken back"))
        self._start(
            lambda store: _each(identities, lambda one: store.take_back(one, reason)),
            lambda events: self._with_served(said, len(events) - len(identities)),
        )

    # --- stock

    async def preview(self, name: str, units: int) -> list[Allotment]:
        return await self.ask(lambda store: store.preview_restock(name, units))

    def restock(self, name: str, units: int, reason: str) -> None:
        words = self.tr("{0} came in").format(summary([(name, units)]))
        self._session.spawn(
            self._post(words, name, LedgerKind.RESTOCK, lambda store: store.restock(name, units, reason))
        )

    def adjust(self, name: str, change: int, reason: str) -> None:
        words = self.tr("{0} adjusted by {1}").format(product(name), f"{change:+,}")
        self._session.spawn(
            self._post(words, name, LedgerKind.ADJUST, lambda store: store.adjust(name, change, reason))
        )

    async def _post(
        self, words: str, name: str, kind: LedgerKind, work: Callable[[WarehouseStore], list[Event]]
    ) -> None:
        """What waiting orders took of it cannot be taken away again: there is no way back then."""
        events, row = await self.write(lambda store: (work(store), _last_posting(store, name, kind)))
        undo = partial(self.undo_posting, row) if row is not None and not events else None
        said = self._with_served(words, len(events))
        self.done.emit(self.tr("{0}: it cannot be undone now").format(said) if events else said, undo)

    def undo_posting(self, row: int) -> None:
        words = self.tr("Posting undone; the ledger shows both")
        self._start(lambda store: store.undo_posting(row), lambda events: self._with_served(words, len(events)))

    # --- products

    def save_product(self, wish: ProductWish) -> None:
        row = wish.row
        if wish.before is None:
            words = self.tr("{0} is in the catalogue now").format(product(row.name))
            undo = partial(self.offer, row.name, False)
            self._start(lambda store: store.add_product(row, wish.threshold, wish.reason), lambda _: words, undo)
            return
        self._change_product(
            row.name, Terms(row.price, wish.threshold), Terms(wish.before.price, wish.before.threshold)
        )

    def _change_product(self, name: str, terms: Terms, before: Terms) -> None:
        words = self.tr("{0} costs {1} now, and is low from {2} free on")
        low = number(terms.threshold) if terms.threshold else self.tr("a tenth")
        said = words.format(product(name), money(terms.price), low)
        back = partial(self._change_product, name, before, terms)
        self._start(lambda store: store.change_product(name, terms.price, terms.threshold), lambda _: said, back)

    def offer(self, name: str, is_offered: bool) -> None:
        words = (
            self.tr("{0} is offered again") if is_offered else self.tr("{0} is withdrawn: no new order of it is taken")
        )
        said = words.format(product(name))
        self._start(partial(_offer, name, is_offered), lambda _: said, partial(self.offer, name, not is_offered))

    # --- the catalogue as a file

    async def read_file(self, path: Path) -> CatalogueFile:
        return await self.ask(lambda _: _read_catalogue(path))

    async def import_rows(self, file: CatalogueFile) -> Imported:
        return await self.write(lambda store: store.import_catalogue(file.rows))

    def export_file(self, path: Path) -> None:
        words = self.tr("{0} products written to {1}")
        self._start(lambda store: _write_catalogue(path, store), lambda n: words.format(number(n), path.name))

    # --- what was set aside

    def drop(self, rows: Sequence[int]) -> None:
        said = self._counted(len(rows), self.tr("1 message dropped"), self.tr("{0} messages dropped"))
        self._start(lambda store: store.drop(rows), lambda _: said, partial(self.bring_back, rows))

    def drop_corrected(self, row: int, by: str, identity: str) -> None:
        """For good: brought back and sent again it would be a second order beside the corrected one."""
        said = self.tr("The corrected order was sent; the message set aside is dropped")
        self._start(lambda store: store.take_over(row, by, identity), lambda _: said)

    def bring_back(self, rows: Sequence[int]) -> None:
        said = self._counted(len(rows), self.tr("1 message brought back"), self.tr("{0} messages brought back"))
        self._start(lambda store: store.undo_drop(rows), lambda _: said)

    # --- words

    def _counted(self, count: int, one: str, many: str) -> str:
        return one if count == 1 else many.format(number(count))

    def _with_served(self, words: str, served: int) -> str:
        if served <= 0:
            return words
        more = self._counted(served, self.tr("1 waiting order served"), self.tr("{0} waiting orders served"))
        return f"{words}; {more}"


def _each(identities: Sequence[str], work: Callable[[str], list[Event]]) -> list[Event]:
    """All that can be done are; then the first error says what could not."""
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


def _offer(name: str, is_offered: bool, store: WarehouseStore) -> None:
    if is_offered:
        store.offer_again([name])
    else:
        store.withdraw([name])


def _last_posting(store: WarehouseStore, name: str, kind: LedgerKind) -> int | None:
    """Right after it was made, by the same thread: what waiting orders took of it stands above it.

    None where very many took: then the ledger's page can undo it.
    """
    return next((row.row for row in store.ledger(name) if row.kind is kind), None)


def _read_catalogue(path: Path) -> CatalogueFile:
    from messaging.warehouse.catalogue_csv import read_catalogue_csv  # noqa: PLC0415  # in the books' thread

    return read_catalogue_csv(path)


def _write_catalogue(path: Path, store: WarehouseStore) -> int:
    from messaging.warehouse.catalogue_csv import write_catalogue_csv  # noqa: PLC0415  # in the books' thread

    return write_catalogue_csv(path, store.stock())
