"""The window with one of its tabs in some state, each as a context in which it can be photographed."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget

from desktop.filtering.keys import key
from desktop.filtering.pieces import piece_text
from desktop.role.worker import answer
from desktop.style.states import of_state
from desktop.text.formats import number
from desktop.warehouse.stock.posting_form import Posting
from desktop.window.user_window import UserWindow
from messaging.domain.orders import OrderStatus
from messaging.domain.stock import StockLevel
from messaging.errors import StoreUnavailable
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.notice_search import NoticeQuery
from messaging.history.store.search_terms import Field
from messaging.phrases import phrase
from tests.faults.receipts import Receipts
from tests.screenshots import shop
from tests.screenshots.patience import met, selected

RIGHT = ("oat milk, 1 l", "2.19", "24")  # a new product
PAUSED = 3  # orders that wait in the queue meanwhile

Context = AbstractAsyncContextManager[QWidget]


@asynccontextmanager
async def tab(name: str, station: UserWindow) -> AsyncIterator[QWidget]:
    station.window.show_tab(list(station.roles).index(name))
    await met(partial(FILLED[name], station), f"the page of the {name} is not filled")
    yield station.window


async def _client_is_filled(station: UserWindow) -> bool:
    counts = await answer(station.session.history.ask(lambda store: store.orders.counts()))
    return station.client.catalogue.rowCount() > 0 and station.client.orders.rowCount() == sum(counts.values())


async def _stock_is_there(station: UserWindow) -> bool:
    stock = await shop.books(station, lambda store: store.stock())
    return station.warehouse.stock.rowCount() == len(stock)


async def _all_notices_are_there(station: UserWindow) -> bool:
    counts = await answer(station.session.history.ask(lambda store: store.counts()))
    return bool(station.notifications.view.rows.rowCount() >= counts.notices)


FILLED: dict[str, Callable[[UserWindow], Awaitable[bool]]] = {
    "client": _client_is_filled,
    "warehouse": _stock_is_there,
    "notifications": _all_notices_are_there,
}


@asynccontextmanager
async def first_start(station: UserWindow) -> AsyncIterator[QWidget]:
    station.window.show_tab(0)
    station.window.welcome.show()
    yield station.window
    station.window.welcome.hide()


@asynccontextmanager
async def add_to_basket(station: UserWindow) -> AsyncIterator[QWidget]:
    """Placed while RabbitMQ is away."""
    async with tab("client", station):
        station.client.add_to_basket("laptop", 1)
        station.client.add_to_basket("webcam", 2)
        station.client.place()
        await met(lambda: station.client.orders.rowCount() > 0, "no order waits")
        station.client.add_to_basket("office_chair", 3)
        yield station.window
        station.client.basket.clear()


@asynccontextmanager
async def broken(station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", station):
        station.window.show_log()
        try:
            raise StoreUnavailable(
                phrase("The database warehouse.sqlite is locked by another program; close what holds it.")
            ) from OSError("database is locked")
        except StoreUnavailable as error:
            station.problems.report(error)
        await met(station.problems.problems, "no problem is shown")
        yield station.window
        station.problems.dismiss(station.problems.problems()[0])
        station.window.toggle_log()


# --- the client at work


@asynccontextmanager
async def client_details(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("client", station):
        client = station.client
        for level in list(client.catalogue.rows())[:4]:
            client.add_to_basket(level.name, 2)
        await selected(client.orders_pane.view, 3)
        await met(client.orders_pane.details.isVisible, "no details")
        yield station.window
        client.orders_pane.details.closed.emit()
        client.basket.clear()


@asynccontextmanager
async def client_import(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("client", station):
        opened: list[QDialog] = []
        station.client.importing.opened.connect(opened.append)
        with tempfile.TemporaryDirectory() as folder:
            await station.client.importing.show(shop.wrong_orders(goods, Path(folder)))
        yield opened[0]
        opened[0].close()


# --- the warehouse at work


@asynccontextmanager
async def page(name: str, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", station):
        warehouse = station.warehouse
        shown = getattr(warehouse, name)
        warehouse.pages.setCurrentWidget(shown)
        await met(shown.view.rows.rowCount, f"the page {name} is empty")
        yield station.window
        warehouse.pages.setCurrentWidget(warehouse.feed)


def on_page(name: str, rows: int = 0) -> Callable[[Receipts, UserWindow], Context]:
    """One of the warehouse's pages, with some rows selected."""

    @asynccontextmanager
    async def scene(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
        async with page(name, station) as window:
            view = getattr(station.warehouse, name).view
            if rows:
                await selected(view, *range(rows))
            yield window
            view.clearSelection()

    return scene


def set_aside(side: int, row: int = 0) -> Callable[[Receipts, UserWindow], Context]:
    """A message set aside, in one of the ways in which it is shown."""

    @asynccontextmanager
    async def scene(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
        async with page("set_aside", station) as window:
            pane = station.warehouse.set_aside
            await selected(pane.view, row)
            await met(pane.details.isVisible, "no details")
            pane.details.pages.setCurrentIndex(side)
            yield window
            pane.details.pages.setCurrentIndex(0)
            pane.view.clearSelection()
            pane.view.setCurrentIndex(pane.view.rows.index(-1, 0))

    return scene


def posting(kind: Posting) -> Callable[[Receipts, UserWindow], Context]:
    @asynccontextmanager
    async def scene(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
        async with page("waiting", station) as window:
            pane, stock = station.warehouse.stock_pane, station.warehouse.stock
            await selected(pane.view, _most_wanted(stock.rows()))
            pane._open(kind)
            if kind is Posting.RESTOCK:
                await met(pane.form.preview.isVisible, "no preview")
            yield window
            pane.form.hide()
            pane.view.clearSelection()

    return scene


def product_form(name: str, price: str, first: str = "24") -> Callable[[Receipts, UserWindow], Context]:
    @asynccontextmanager
    async def scene(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
        async with tab("warehouse", station) as window:
            pane = station.warehouse.stock_pane
            pane.new_action.trigger()
            form = pane.product_form
            form.name.setText(name)
            form.price.setText(price)
            form.stock.lineEdit().setText(first)
            if (name, price, first) != RIGHT:
                form.save_button.click()
            yield window
            form.hide()

    return scene


@asynccontextmanager
async def edit_product(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", station) as window:
        pane = station.warehouse.stock_pane
        await selected(pane.view, 2)
        pane.edit_button.click()
        yield window
        pane.product_form.hide()
        pane.view.clearSelection()


@asynccontextmanager
async def withdrawn(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", station) as window:
        pane = station.warehouse.stock_pane
        names = [row.name for row in station.warehouse.stock.rows()[:3]]
        await shop.books(station, lambda store: store.withdraw(names))
        station.warehouse._written()
        await met(pane.withdrawn_action.isEnabled, "nothing is withdrawn")
        pane.withdrawn_action.trigger()
        await selected(pane.view, 0)
        yield window
        pane.withdrawn_button.click()
        await shop.books(station, lambda store: store.offer_again(names))
        station.warehouse._written()


def _most_wanted(levels: tuple[StockLevel, ...]) -> int:
    return max(range(len(levels)), key=lambda n: levels[n].waiting)


@asynccontextmanager
async def stock_import(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", station) as window:
        card = station.warehouse.stock_pane.card
        with tempfile.TemporaryDirectory() as folder:
            station.warehouse.stock_pane.import_wanted.emit(shop.wrong_catalogue(Path(folder)))
            await met(card.isVisible, "no card")
        yield window
        card.hide()


@asynccontextmanager
async def stock_search(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", station) as window:
        pane = station.warehouse.stock_pane
        pane.search.setText(QCoreApplication.translate("StockModel", "Low"))
        await met(lambda: 0 < pane.view.rows.rowCount() < station.warehouse.stock.rowCount(), "nothing is low")
        yield window
        pane.search.clear()


@asynccontextmanager
async def paused(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    """Orders wait in RabbitMQ meanwhile."""
    async with tab("warehouse", station) as window:
        warehouse = station.warehouse
        warehouse.toolbar.pause_button.click()
        for _ in range(PAUSED):
            station.client.add_to_basket("laptop", 1)
            station.client.place()
        await met(lambda: warehouse.toolbar.queue.text() == number(PAUSED), "the queue is not counted")
        yield window
        warehouse.toolbar.pause_button.click()


@asynccontextmanager
async def shipped_bar(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with page("ledger", station) as window:
        level = station.warehouse.stock.row(0)
        await station.warehouse.changes.restock(level.name, 6, "delivery note 4712")
        await met(station.warehouse.done.isVisible, "nothing done")
        await selected(station.warehouse.ledger.view, 0)
        yield window
        station.warehouse.done.hide()
        station.warehouse.ledger.view.clearSelection()


# --- the notifications at work


@asynccontextmanager
async def notice_details(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", station) as window:
        notifications = station.notifications
        told = await answer(station.session.history.ask(_shipped))
        await met(lambda: notifications.notices.find(told) is not None, "no order was told as shipped")
        await selected(notifications.view, notifications.notices.find(told) or 0)
        await met(notifications.details.isVisible, "no details")
        await met(lambda: notifications.details.timeline.rowCount() > 1, "its history is not shown")
        yield window
        notifications.open_notice.close()


def _shipped(store: HistoryStore) -> int:
    """The newest notice of an order that was sent off, of which more was heard before; -1 where there is none."""
    found = store.notices.find(NoticeQuery(states=(OrderStatus.SHIPPED,)))
    return found[0] if len(found) else -1


@asynccontextmanager
async def notices_filtered(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", station) as window:
        filters = station.notifications.toolbar.filters
        rows, whole = station.notifications.notices, station.notifications.notices.rowCount()
        filters.state.setCurrentIndex(filters.state.findText(of_state(OrderStatus.REJECTED).word))
        await met(lambda: 0 < rows.rowCount() < whole, "nothing is filtered")
        yield window
        filters.clear()


@asynccontextmanager
async def notices_typed(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    """With something that is not understood."""
    async with tab("notifications", station) as window:
        search = station.notifications.toolbar.search
        search.setText("-state:shipped since:tomorrow")
        await met(search.note.isVisible, "nothing is piece_text")
        yield window
        search.clear()


@asynccontextmanager
async def views(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", station):
        views = station.notifications.views
        views.save("Milk, not shipped", "milk -state:shipped")
        await met(lambda: views.saved, "no view is saved")
        button = station.notifications.toolbar.filters.views
        button.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))
        yield button.menu()
        button.menu().close()
        views.remove("Milk, not shipped")


@asynccontextmanager
async def view_named(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", station):
        filters = station.notifications.toolbar.filters
        filters.search.setText("milk -state:shipped")
        filters.views.ask_to_save()
        yield filters.views.dialog
        filters.views.dialog.reject()
        filters.search.clear()


@asynccontextmanager
async def completed(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", station):
        search = station.notifications.toolbar.search
        search.setFocus()
        QTest.keyClicks(search, "state:")
        await met(search.completion.popup.isVisible, "nothing is offered")
        yield search.completion.popup
        search.completion.popup.hide()
        search.clear()


@asynccontextmanager
async def orders_typed(goods: Receipts, station: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("client", station) as window:
        search, whole = station.client.orders_pane.search, station.client.orders.rowCount()
        wanted = (of_state(OrderStatus.REJECTED), of_state(OrderStatus.RETURNED))
        search.setText(piece_text(key(Field.STATE), *(state.typed for state in wanted)))
        await met(lambda: 0 < station.client.orders.rowCount() < whole, "nothing is filtered")
        yield window
        search.clear()


SHOP: dict[str, Callable[[Receipts, UserWindow], Context]] = {
    "client-details": client_details,
    "client-import": client_import,
    "warehouse-to-ship": on_page("to_ship", rows=4),
    "warehouse-waiting": on_page("waiting"),
    "warehouse-shipped": on_page("shipped", rows=1),
    "warehouse-ledger": on_page("ledger"),
    "warehouse-ledger-done": shipped_bar,
    "warehouse-set-aside": on_page("set_aside"),
    "warehouse-set-aside-text": set_aside(0),
    "warehouse-set-aside-bytes": set_aside(1, 1),
    "warehouse-set-aside-headers": set_aside(2),
    "warehouse-set-aside-form": set_aside(3, 3),
    "warehouse-restock": posting(Posting.RESTOCK),
    "warehouse-adjust": posting(Posting.ADJUST),
    "warehouse-new-product": product_form(*RIGHT),
    "warehouse-new-product-wrong": product_form("laptop", "2.19"),
    "warehouse-new-product-price": product_form("oat milk, 1 l", "1.250"),
    "warehouse-new-product-stock": product_form("oat milk, 1 l", "2.19", "2.5"),
    "warehouse-edit-product": edit_product,
    "warehouse-withdrawn": withdrawn,
    "warehouse-import": stock_import,
    "warehouse-search": stock_search,
    "warehouse-paused": paused,
    "notifications-details": notice_details,
    "notifications-filtered": notices_filtered,
    "notifications-typed": notices_typed,
    "notifications-views": views,
    "notifications-view-named": view_named,
    "notifications-completed": completed,
    "client-typed": orders_typed,
}
