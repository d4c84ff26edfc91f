"""The page of the warehouse: run the service, watch it, and change the books."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop.role.session import Session
from desktop.role.tab import RoleTab
from desktop.role.worker import answer
from desktop.scanning.scanner import Scanner, unknown_words
from desktop.text.formats import number
from desktop.warehouse.books import BooksSnapshot, BooksWatch
from desktop.warehouse.changes import BooksChanges
from desktop.warehouse.orders import pick_list
from desktop.warehouse.orders.orders_lists import CANCEL, SHIP, TAKE_BACK
from desktop.warehouse.pages import Pages
from desktop.warehouse.set_aside.corrected_order import send_order
from desktop.warehouse.set_aside.operators import operator_of
from desktop.warehouse.set_aside.sending import Sender
from desktop.warehouse.stock.posting_form import Posted, Posting
from desktop.warehouse.stock.stock_model import StockModel
from desktop.warehouse.stock.stock_pane import StockPane
from desktop.warehouse.toolbar import WarehouseToolbar
from desktop.warehouse.user_names import UserNames
from desktop.warehouse.worker import WarehouseWorker
from desktop.widgets.done_bar import DoneBar
from desktop.widgets.layouts import column, splitter
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import Order, OrderStatus
from messaging.domain.stock import StockLevel
from messaging.errors import BrokerUnavailable, UsageError
from messaging.warehouse.records import Decided, WarehouseOrder

if TYPE_CHECKING:  # it loads what the window does not need
    from messaging.warehouse.catalogue_csv import CatalogueFile

STOCK_WIDTH = 460  # logical pixels: room for the longest name of the shipped catalogue and four figures
SECOND = 1000  # milliseconds


class WarehouseTab(RoleTab[WarehouseWorker]):
    icon = "warehouse"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = self.tr("Warehouse")
        self._is_counting = False
        self.is_paused = False  # while it runs
        self.names = UserNames(session, self)
        self.books, self.changes = BooksWatch(session, self), BooksChanges(session, self)
        self.sending = Sender(lambda: self.worker, self)
        self.stock = StockModel(self)
        self.toolbar = WarehouseToolbar(session.settings.consumers)
        self.stock_pane = StockPane(self.stock)
        self.pages = pages = Pages(partial(operator_of, session), session.settings.keep_dropped)
        self.feed, self.set_aside, self.ledger = pages.feed, pages.set_aside, pages.ledger
        self.to_ship, self.waiting, self.shipped = pages.to_ship, pages.waiting, pages.shipped
        self.scanner = Scanner(self, self.stock.products_named)
        self.done = DoneBar()
        self._lay_out()
        self._connect_role()
        self._connect_books()
        self._connect_forms()

    # --- the role

    def make_worker(self) -> WarehouseWorker:
        self.is_paused = False
        self.toolbar.consumers.is_right()
        settings = replace(self.session.settings, consumers=self.toolbar.consumers.value())
        worker = WarehouseWorker(self.session, settings)
        worker.decided.arrived.connect(self._show_decided)
        worker.stock.arrived.connect(self._show_stock)
        return worker

    def other_keys(self) -> list[tuple[str, str]]:
        return self.stock_pane.menu_keys()

    def focus_first(self) -> None:
        self.toolbar.start_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def begin_search(self) -> None:
        """Search in the page that is shown; where it has no search, in the stock."""
        searched = getattr(self.pages.currentWidget(), "search", self.stock_pane.search)
        searched.setFocus(Qt.FocusReason.ShortcutFocusReason)
        searched.selectAll()

    def pause(self, is_wanted: bool) -> None:
        if self.worker is not None:
            (self.worker.pause if is_wanted else self.worker.resume)()
            self.is_paused = is_wanted
            self.toolbar.show_paused(is_wanted)

    async def step(self) -> None:
        if self.worker is not None and not await answer(self.worker.step()):
            self.done.show_done(self.tr("No order waits in the queue: nothing to step to"))

    async def take_over(self) -> None:
        """Serve these books in place of those that another warehouse serves, or that clients still follow."""
        if self.worker is None:
            return
        if await answer(self.worker.take_over()):
            self.done.show_done(self.tr("RabbitMQ is served with these books now"))
        else:
            self.done.show_done(self.tr("Clients are told to follow these books already"))

    def _show_decided(self, batch: list[tuple[Decided, float]]) -> None:
        self.feed.show_decided(batch)
        self.toolbar.count(batch)
        self.names.meet(str(decided.order.user_id) for decided, _ in batch if decided.order)

    def _show_stock(self, levels: list[StockLevel]) -> None:
        latest = {level.name: level for level in levels}
        self.stock.update_rows(latest.values())

    def _tick(self) -> None:
        """Refresh the figures; called once a second while the page is visible."""
        self.toolbar.tick()
        if self.worker is not None and not self._is_counting:
            self._is_counting = True
            self.session.spawn(self._count_queue(self.worker))

    async def _count_queue(self, worker: WarehouseWorker) -> None:
        try:
            depths = await answer(worker.waiting())
        except BrokerUnavailable:
            depths = None  # the warehouse was stopped meanwhile
        finally:
            self._is_counting = False
        self.is_paused = False  # while it runs
        orders = depths.get(NEW_ORDERS_QUEUE.name) if depths and worker is self.worker else None
        self.toolbar.show_queue(orders.ready if orders else None)

    # --- what the books hold

    def _show(self, snapshot: BooksSnapshot) -> None:
        self.stock.synchronise(snapshot.stock)
        self.names.meet(self.pages.show_books(snapshot, self.names.known))
        self.toolbar.show_waiting(snapshot.counts.orders.get(OrderStatus.BACKORDERED, 0))
        self.count_changed.emit(snapshot.counts.orders.get(OrderStatus.PROCESSED, 0))

    def _show_names(self) -> None:
        self.pages.show_names(self.names.known)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.books.start()
        self._seconds.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.books.stop()
        self._seconds.stop()

    # --- changing the books

    def _written(self) -> None:
        """Publish the events of the change, and read the books again."""
        if self.worker is not None:
            self.worker.publish_events()
        self.books.read()

    async def _act(self, name: str, identities: list[str], reason: str) -> None:
        if name == SHIP:
            await self.changes.ship(identities)
        elif name == CANCEL:
            await self.changes.cancel(identities, reason)
        elif name == TAKE_BACK:
            await self.changes.take_back(identities, reason)

    async def _post(self, posted: Posted) -> None:
        if posted.kind is Posting.RESTOCK:
            await self.changes.restock(posted.name, posted.units, posted.reason)
        else:
            await self.changes.adjust(posted.name, posted.units, posted.reason)

    async def _preview(self, name: str, units: int) -> None:
        allotted = await self.changes.preview(name, units)
        self.stock_pane.form.show_preview(name, units, allotted, self.names.known)

    async def _open_import(self, path: Path) -> None:
        self.stock_pane.card.open_for(path, await self.changes.read_file(path))

    async def _import(self, file: "CatalogueFile") -> None:
        self.stock_pane.card.show_result(await self.changes.import_rows(file))

    async def _send_corrected(self, row: int, order: Order) -> None:
        await answer(send_order(self.session, order))
        self.set_aside.begin()
        await self.changes.drop_corrected(row, operator_of(self.session).name, order.identity)

    def _print(self, orders: list[WarehouseOrder]) -> None:
        pick_list.print_on_paper(self, orders, self.names.known)

    def _choose_pdf(self, orders: list[WarehouseOrder]) -> None:
        dialog = pick_list.choose_pdf(self)
        dialog.fileSelected.connect(partial(self._save_pdf, orders))

    def _save_pdf(self, orders: list[WarehouseOrder], name: str) -> None:
        try:
            pick_list.write_pdf(Path(name), orders, self.names.known)
        except UsageError as error:
            self.session.report(error)
        else:
            self.done.show_done(self.tr("Pick list of {0} orders written to {1}").format(number(len(orders)), name))

    # --- putting together

    def _lay_out(self) -> None:
        right = QWidget()
        column(right, self.pages, self.done).setStretch(0, 1)
        parts = splitter(Qt.Orientation.Horizontal, self.stock_pane, right, shares=(1, 2))
        parts.setSizes([STOCK_WIDTH, 5 * STOCK_WIDTH // 3])
        column(self, self.toolbar, parts, margins=(12, 8, 12, 8)).setStretch(1, 1)

    def _connect_role(self) -> None:
        self._seconds = QTimer(self, interval=SECOND)
        self._seconds.timeout.connect(self._tick)
        self.use_toolbar(self.toolbar)
        self.running_changed.connect(self.feed.show_running)
        self.feed.empty.acted.connect(self.start)
        self.toolbar.pause_asked.connect(self.pause)
        self.toolbar.step_asked.connect(self.spawning(self.step))
        self.toolbar.take_over_asked.connect(self.spawning(self.take_over))

    def _connect_books(self) -> None:
        self.books.changed.connect(self._show)
        self.names.changed.connect(self._show_names)
        self.changes.written.connect(self._written)
        self.changes.done.connect(self.done.show_done)
        for pane in self.pages.lists:
            pane.acted.connect(self.spawning(self._act))
        self.to_ship.print_asked.connect(self._print)
        self.to_ship.pdf_asked.connect(self._choose_pdf)
        self.set_aside.state_wanted.connect(self.books.show_state)
        self.set_aside.drop_asked.connect(self.spawning(self.changes.drop))
        self.set_aside.bring_back_asked.connect(self.spawning(self.changes.bring_back))
        self.set_aside.send_asked.connect(self.spawning(self.sending.send))
        self.sending.progressed.connect(self.done.show_progress)
        self.sending.finished.connect(self._sent)
        self.set_aside.details.form.send_asked.connect(self.spawning(self._send_corrected))
        self.ledger.product_wanted.connect(self._show_ledger_of)
        self.ledger.undo_asked.connect(self.spawning(self.changes.undo_posting))

    def _connect_forms(self) -> None:
        pane = self.stock_pane
        self.scanner.scanned.connect(pane.lead_to)
        self.scanner.unknown.connect(self._show_unknown)
        pane.product_chosen.connect(self.ledger.show_product)
        pane.form.posted.connect(self.spawning(self._post))
        pane.form.preview_wanted.connect(self.spawning(self._preview))
        pane.product_form.saved.connect(self.spawning(self.changes.save_product))
        pane.offer_wanted.connect(self.spawning(self.changes.offer))
        pane.import_wanted.connect(self.spawning(self._open_import))
        pane.export_wanted.connect(self.spawning(self.changes.export_file))
        pane.card.confirmed.connect(self.spawning(self._import))

    def _show_unknown(self, code: str, names: tuple[str, ...]) -> None:
        self.stock_pane.unknown.show_text(unknown_words(code, names))

    def _show_ledger_of(self, name: str) -> None:
        self.books.show_product(name or None)

    def _sent(self, words: str) -> None:
        self.done.show_done(words)
        self.books.read()
