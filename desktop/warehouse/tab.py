"""The warehouse's page: run it, watch it, serve what it holds."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QPushButton, QTabWidget, QWidget

from desktop.shared.panes import column, splitter
from desktop.shared.session import Session
from desktop.shared.tab import RoleTab
from desktop.shared.tables import Table
from desktop.shared.texts import number, plain
from desktop.shared.worker import answer
from desktop.warehouse import orders_list
from desktop.warehouse.books import Snapshot, read_snapshot, read_users
from desktop.warehouse.feed import FeedPane
from desktop.warehouse.ledger_pane import LedgerPane
from desktop.warehouse.set_aside_pane import SetAsidePane
from desktop.warehouse.stock_model import StockModel
from desktop.warehouse.stock_pane import StockPane
from desktop.warehouse.strip import Strip
from desktop.warehouse.worker import WarehouseWorker
from messaging.orders import OrderStatus
from messaging.ports import LinkState
from messaging.stock import StockLevel
from messaging.warehouse.records import Counts, Settled

if TYPE_CHECKING:  # it loads SQLAlchemy, which must not hold up the window
    from messaging.warehouse.store import WarehouseStore

STOCK_WIDTH = 440  # logical pixels: the seed's longest name and four figures
LOOK = 1000  # milliseconds between two looks into the books while the page is seen


class WarehouseTab(RoleTab):
    icon = "warehouse"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = self.tr("Warehouse")
        self._worker: WarehouseWorker | None = None
        self._users: dict[str, str] = {}
        self._strangers: set[str] = {""}  # whose names are to be looked up
        self._is_looking = False
        self.stock = StockModel(self)
        self.strip = Strip(session.settings.consumers)
        self.stock_pane = StockPane(self.stock)
        self.feed = FeedPane()
        self.to_ship, self.waiting = orders_list.to_ship(self.tr), orders_list.waiting(self.tr)
        self.set_aside, self.ledger = SetAsidePane(), LedgerPane()
        self._lay_out()
        self._connect()

    # --- what tests and the demo take hold of

    @property
    def start_button(self) -> QPushButton:
        return self.strip.start_button

    @property
    def feed_view(self) -> Table:
        return self.feed.table

    @property
    def stock_view(self) -> Table:
        return self.stock_pane.view

    # --- the role

    @property
    def running(self) -> bool:
        return self._worker is not None

    def start(self) -> None:
        if self._worker is not None:
            return
        settings = replace(self.session.settings, consumers=self.strip.consumers.value())
        self._worker = worker = WarehouseWorker(self.session, settings)
        worker.link_changed.connect(self._show_link)
        worker.failed.connect(self.session.report)
        worker.settled.arrived.connect(self._show_settled)
        worker.stock.arrived.connect(self._show_stock)
        self._show_running(True)
        worker.start()

    async def stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()
            await worker.stopped()
            self._show_running(False)

    def focus_first(self) -> None:
        self.start_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def pause(self, is_wanted: bool) -> None:
        if self._worker is not None:
            (self._worker.pause if is_wanted else self._worker.resume)()
            self.strip.show_paused(is_wanted)

    def _show_running(self, is_running: bool) -> None:
        self.strip.show_running(is_running)
        self.feed.show_running(is_running)
        self.running_changed.emit(is_running)

    def _show_link(self, state: LinkState) -> None:
        self.strip.show_link(state)
        self.link_changed.emit(state)

    def _show_settled(self, batch: list[tuple[Settled, float]]) -> None:
        self._strangers |= {str(settled.order.user_id) for settled, _ in batch if settled.order}
        self.feed.add(self.feed.model.rows_of(batch, self._users))
        self.strip.count(settled for settled, _ in batch)

    def _show_stock(self, levels: list[StockLevel]) -> None:
        latest = {level.name: level for level in levels}
        self.stock.update_rows(latest.values())

    # --- what the books hold

    def look(self) -> None:
        """Read the books and show them, unless that is under way."""
        if not self._is_looking:
            self._is_looking = True
            self.session.spawn(self._look())

    async def _look(self) -> None:
        try:
            if self._strangers - self._users.keys():
                await self._look_who()
            self._show(await answer(self.session.books.ask(read_snapshot)))
        finally:
            self._is_looking = False

    async def _look_who(self) -> None:
        """Names are read when somebody not known yet has ordered, once for each."""
        settings = self.session.settings
        found = await answer(self.session.books.ask(lambda _: read_users(settings)))
        self._users = {user: found.get(user, plain(user)) for user in self._strangers} | found

    def _show(self, snapshot: Snapshot) -> None:
        self._strangers |= {str(order.user_id) for order in (*snapshot.to_ship, *snapshot.waiting)}
        self.stock.synchronise(snapshot.stock)
        for pane, orders in ((self.to_ship, snapshot.to_ship), (self.waiting, snapshot.waiting)):
            pane.model.names = self._users
            pane.model.synchronise(sorted(orders, key=lambda order: order.number))
        self.set_aside.model.synchronise(snapshot.set_aside)
        self.ledger.model.synchronise(snapshot.ledger)
        self.strip.refresh()
        self._tell_counts(snapshot.counts)

    def _tell_counts(self, counts: Counts) -> None:
        """The lists show the newest; the figures count all."""
        to_ship = counts.orders.get(OrderStatus.PROCESSED, 0)
        waiting = counts.orders.get(OrderStatus.BACKORDERED, 0)
        for page, count in ((self.to_ship, to_ship), (self.waiting, waiting), (self.set_aside, counts.set_aside)):
            title = self._titles[page]
            self.pages.setTabText(self.pages.indexOf(page), f"{title} ({number(count)})" if count else title)
        self.strip.show_waiting(waiting)
        self.count_changed.emit(to_ship)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()
        self._looks.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._looks.stop()

    # --- changing the books

    def change(self, work: "Callable[[WarehouseStore], Any]") -> None:
        """Do it in the books, tell those it concerns, and look again."""
        self.session.spawn(self._change(work))

    async def _change(self, work: "Callable[[WarehouseStore], Any]") -> None:
        done: Future[Any] = self.session.books.ask(work)
        await answer(done)
        if self._worker is not None:
            self._worker.publish_events()
        self.look()

    def _restock(self, name: str, units: int, reason: str) -> None:
        self.change(lambda store: store.restock(name, units, reason))

    def _adjust(self, name: str, change: int, reason: str) -> None:
        self.change(lambda store: store.adjust(name, change, reason))

    def _ship(self, identities: list[str]) -> None:
        self.change(lambda store: store.ship(identities))

    def _cancel(self, identities: list[str]) -> None:
        for identity in identities:
            self.change(partial(_cancel, identity))

    # --- putting together

    def _lay_out(self) -> None:
        self._titles: dict[QWidget, str] = {
            self.feed: self.tr("Orders as they come"),
            self.to_ship: self.tr("To ship"),
            self.waiting: self.tr("Waiting for stock"),
            self.set_aside: self.tr("Set aside"),
            self.ledger: self.tr("Ledger"),
        }
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.tabBar().setDrawBase(False)
        self.pages.tabBar().setAccessibleName(self.tr("What the warehouse does"))
        for page, title in self._titles.items():
            page.setContentsMargins(0, 5, 0, 0)
            self.pages.addTab(page, title)
        parts = splitter(Qt.Orientation.Horizontal, self.stock_pane, self.pages, shares=(0, 1))
        parts.setSizes([STOCK_WIDTH, 2 * STOCK_WIDTH])
        layout = column(self, self.strip, parts, margins=(12, 10, 12, 8))
        layout.setStretch(1, 1)

    def _connect(self) -> None:
        self._looks = QTimer(self, interval=LOOK)
        self._looks.timeout.connect(self.look)
        self.strip.start_asked.connect(self.start)
        self.feed.empty.acted.connect(self.start)
        self.strip.stop_asked.connect(lambda: self.session.spawn(self.stop()))
        self.strip.pause_asked.connect(self.pause)
        self.stock_pane.restock_asked.connect(self._restock)
        self.stock_pane.adjust_asked.connect(self._adjust)
        self.to_ship.acted.connect(self._ship)
        self.waiting.acted.connect(self._cancel)


def _cancel(identity: str, store: "WarehouseStore") -> object:
    return store.cancel(identity)
