"""The page of the client: choose products, place orders, follow what becomes of them."""

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from desktop.client.basket.basket import Basket
from desktop.client.basket.basket_editor import BasketEditor
from desktop.client.basket.basket_pane import BasketPane
from desktop.client.basket.draft import BasketDraft
from desktop.client.catalogue.catalogue_model import CatalogueModel, shipped_prices
from desktop.client.catalogue.catalogue_pane import CataloguePane
from desktop.client.imports.importing import Importing, dropped_file
from desktop.client.orders.filter_subject import ORDERS, built_in
from desktop.client.orders.my_orders import MyOrders
from desktop.client.orders.offers import Lines, Offers
from desktop.client.orders.orders_model import OrdersModel
from desktop.client.orders.orders_pane import OrdersPane
from desktop.client.worker import ClientWorker
from desktop.filtering.views import SavedViews
from desktop.role.export_button import ExportButton
from desktop.role.history_feed import HistoryFeed
from desktop.role.session import Session
from desktop.role.tab import RoleTab
from desktop.role.worker import answer
from desktop.widgets.done_bar import DoneBar
from desktop.widgets.layouts import column, splitter
from messaging.domain.orders import OnShortage, Order, new_order
from messaging.domain.stock import StockLevel, total_of
from messaging.errors import WrongOrder
from messaging.history.records import PlacedOrder
from messaging.history.store.history_store import HistoryStore


class ClientTab(RoleTab[ClientWorker]):
    icon = "shopping-cart"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = self.tr("Client")
        self._last_placed = 0  # number of the newest order that this window has placed
        self.basket = Basket(self)
        self.catalogue, self.orders = CatalogueModel(self), OrdersModel(self)
        self.catalogue_pane = CataloguePane(self.catalogue)
        self.editor = BasketEditor(self.basket, self.catalogue, self.catalogue_pane, session.report, self)
        self._draft = BasketDraft(session, self.basket)
        self.basket_pane = BasketPane(self.basket, self.catalogue)
        self.views = SavedViews(session, "orders", ORDERS, built_in(), self)
        self.orders_pane = OrdersPane(self.orders, self.catalogue.free, self.views)
        self.offers = Offers(self.basket_pane, self.catalogue.free)
        self.my_orders = MyOrders(session, self.orders, self.orders_pane)
        self.done = DoneBar()
        self.exporting = ExportButton(
            self.orders_pane.export_button,
            self.my_orders.row_export,
            self.done,
            session.spawn,
            title=self.tr("Export orders"),
            name="orders",
        )
        self.importing = Importing(session, self, self.catalogue.prices, self.started_worker)
        self.feed = HistoryFeed(self)
        self._lay_out()
        self.setAcceptDrops(True)
        self._connect()
        self.feed.follow(session.history)
        session.spawn(self._load())

    # --- the role

    def make_worker(self) -> ClientWorker:
        worker = ClientWorker(self.session)
        worker.traffic_changed.connect(self.traffic_changed)
        worker.stock.arrived.connect(self._show_stock)
        return worker

    def start(self) -> None:
        self.my_orders.start()
        super().start()

    async def stop(self) -> None:
        await super().stop()
        self.my_orders.stop()
        await self._draft.finish()

    def focus_first(self) -> None:
        self.catalogue_pane.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.catalogue_pane.search.selectAll()

    def other_keys(self) -> list[tuple[str, str]]:
        return [
            (self.tr("Choose among the products found"), "\N{UPWARDS ARROW} \N{DOWNWARDS ARROW}"),
            (self.tr("Put the chosen product into the basket"), self.tr("Enter")),
            (self.tr("Three of it"), self.tr("3, Space, its name")),
            (self.tr("One more of the last product"), "+"),
            (self.tr("One less of it"), "\N{MINUS SIGN}"),
            (self.tr("Take the chosen line out of the basket"), self.tr("Del")),
        ]

    # --- the basket

    def add_to_basket(self, name: str, quantity: int = 1) -> None:
        self.editor.add(name, quantity)

    def repeat(self, lines: Iterable[tuple[str, int]]) -> None:
        for name, quantity in lines:
            self.add_to_basket(name, quantity)
        self.focus_first()

    def _clear_basket(self) -> None:
        lines, on_shortage = self.basket.lines(), self.basket.on_shortage
        self.basket.clear()
        self.done.show_done(self.tr("The basket was cleared"), partial(self._undo_clear, lines, on_shortage))

    def _undo_clear(self, lines: Lines, on_shortage: OnShortage) -> None:
        """Put the cleared lines back, before those that were added since."""
        self.basket.replace((*lines, *self.basket.lines()), on_shortage)

    # --- placing and following

    def place(self) -> None:
        """Place the basket and empty it at once: a second click finds nothing to place."""
        try:
            order = self.basket.order(self.session.profile.user_id)
        except WrongOrder as error:
            self.session.report(error)
            return
        worker = self.started_worker()
        total = self.basket.total(self.catalogue.prices())
        self._draft.begin_placing()
        self.basket.clear()
        self.catalogue_pane.search.clear()  # the next order begins with the whole catalogue
        self.focus_first()
        self.session.spawn(self._place(worker, order, total))

    async def _place(self, worker: ClientWorker, order: Order, total: int | None) -> None:
        """Place the order; where it could not be written to disk, its lines come back into the basket."""
        try:
            placed = await answer(worker.place(order, total))
            self._draft.end_placing()
        except Exception:
            self._draft.end_placing()
            lines = [(line.name, line.quantity) for line in order.lines]
            self.basket.replace((*self.basket.lines(), *lines), order.on_shortage)
            raise
        self._show_placed(placed)
        await self._draft.save()  # with what was added meanwhile

    async def _cancel(self, order: PlacedOrder) -> None:
        self.show_orders([await answer(self.started_worker().cancel(order.identity))])

    def place_lines(self, lines: Lines) -> None:
        """Place these lines at once, without the basket, and select the new order."""
        order = new_order(self.session.profile.user_id, lines, OnShortage.REJECT)
        total = total_of(lines, self.catalogue.prices())
        self.session.spawn(self._place_beside(self.started_worker(), order, total))

    async def _place_beside(self, worker: ClientWorker, order: Order, total: int | None) -> None:
        placed = await answer(worker.place(order, total))
        self._show_placed(placed)
        self.show_order(placed.identity)

    def _show_placed(self, placed: PlacedOrder) -> None:
        self._last_placed = max(self._last_placed, placed.number)
        self.my_orders.placed(placed)
        self._follow_last([placed])

    def show_orders(self, orders: Iterable[PlacedOrder]) -> None:
        """Show news of the user's orders, in the order in which the history has them."""
        news = list(orders)
        self.my_orders.news(news)
        self._follow_last(news)

    def _follow_last(self, orders: Iterable[PlacedOrder]) -> None:
        for order in orders:
            if order.number == self._last_placed:
                self.offers.follow(self.orders.get(order.number) or order)  # its news may have come first

    def show_order(self, identity: str) -> None:
        """Clear the filters and select this order of the user."""
        self.orders_pane.clear_filters()
        self.session.spawn(self._lead_to(identity))

    async def _lead_to(self, identity: str) -> None:
        await self.my_orders.find()
        order = await answer(self.session.history.ask(lambda store: store.orders.one(identity)))
        index = self.orders.find(order.number) if order else None
        if index is not None:
            self.orders_pane.view.select(index)
            self.orders_pane.view.setFocus()

    def _show_stock(self, news: Iterable[tuple[list[StockLevel], bool]]) -> None:
        for levels, full in news:
            self.catalogue.apply(levels, full)

    async def _show_details(self, order: PlacedOrder) -> None:
        notices = await answer(self.session.history.ask(lambda store: store.notices.of_order(order.identity)))
        self.orders_pane.show_details(order, notices)

    # --- a file dropped on the page

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event.mimeData()) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Show the orders of a dropped CSV file before they are placed."""
        path = dropped_file(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.session.spawn(self.importing.show(path))

    # --- loading

    async def _load(self) -> None:
        """Show what the history holds; where it holds no stock, the shipped catalogue."""
        self.views.read()
        levels = await answer(self.session.history.ask(HistoryStore.catalogue))
        if not self.catalogue.rowCount():
            self.catalogue.apply(levels, full=True)
        if not self.catalogue.rowCount():
            self.catalogue.show_prices(shipped_prices())
        await self.my_orders.find()
        await self._draft.load()

    # --- putting together

    def _lay_out(self) -> None:
        top = splitter(Qt.Orientation.Horizontal, self.catalogue_pane, self.basket_pane, shares=(5, 5))
        whole = splitter(Qt.Orientation.Vertical, top, self.orders_pane, shares=(55, 45))
        column(self, whole, self.done, margins=(12, 12, 12, 8)).setStretch(0, 1)

    def _connect(self) -> None:
        self.basket_pane.wanted.connect(self.editor.set_quantity)
        self.basket_pane.place_asked.connect(self.place)
        self.basket_pane.dropped.connect(self.add_to_basket)
        self.basket_pane.clear_asked.connect(self._clear_basket)
        self.orders_pane.import_asked.connect(self.importing.ask_for_file)
        self.my_orders.counted.connect(self.count_changed)
        self.feed.orders.arrived.connect(self.show_orders)
        self.orders_pane.opened.connect(self.spawning(self._show_details))
        for asking in (self.orders_pane.details, self.orders_pane.menu):
            asking.cancel_asked.connect(self.spawning(self._cancel))
        for source in (self.orders_pane.details, self.orders_pane.menu, self.offers):
            source.repeat_asked.connect(self.repeat)
            source.order_asked.connect(self.place_lines)
        self._refresh_prices = QTimer(self, singleShot=True, interval=0)  # once for many rows that change together
        for refresh in (self.basket_pane.refresh, self.orders_pane.details.refresh, self.offers.refresh):
            self._refresh_prices.timeout.connect(refresh)
        for changed in (self.catalogue.dataChanged, self.catalogue.rowsInserted, self.catalogue.modelReset):
            changed.connect(self._refresh_prices.start)
