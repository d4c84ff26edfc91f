"""The window with one of its tabs in some state, each as a context in which it can be photographed."""

import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.client.imports.import_dialog import ImportDialog
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
from messaging.history.store.search.notice_search import NoticeQuery
from messaging.history.store.search.search_terms import Field
from messaging.phrases import Words
from tests.faults.receipts import Receipts
from tests.screenshots import shop
from tests.screenshots.patience import met, selected

RIGHT = ("oat milk, 1 l", "2.19", "24")  # a new product
PAUSED = 3  # orders that wait in the queue meanwhile

Context = AbstractAsyncContextManager[QWidget]


@asynccontextmanager
async def tab(name: str, user_window: UserWindow) -> AsyncIterator[QWidget]:
    user_window.window.show_tab(list(user_window.roles).index(name))
    await met(partial(FILLED[name], user_window), f"the page of the {name} is not filled")
    yield user_window.window


async def _client_is_filled(user_window: UserWindow) -> bool:
    counts = await answer(user_window.session.history.ask(lambda store: store.orders.counts()))
    return user_window.client.catalogue.rowCount() > 0 and user_window.client.orders.rowCount() == sum(counts.values())


async def _stock_is_there(user_window: UserWindow) -> bool:
    stock = await shop.books(user_window, lambda store: store.stock.levels())
    return user_window.warehouse.stock.rowCount() == len(stock)


async def _all_notices_are_there(user_window: UserWindow) -> bool:
    counts = await answer(user_window.session.history.ask(lambda store: store.counts()))
    return bool(user_window.notifications.view.rows.rowCount() >= counts.notices)


FILLED: dict[str, Callable[[UserWindow], Awaitable[bool]]] = {
    "client": _client_is_filled,
    "warehouse": _stock_is_there,
    "notifications": _all_notices_are_there,
}


@asynccontextmanager
async def first_start(user_window: UserWindow) -> AsyncIterator[QWidget]:
    user_window.window.show_tab(0)
    user_window.window.welcome.show()
    yield user_window.window
    user_window.window.welcome.hide()


@asynccontextmanager
async def add_to_basket(user_window: UserWindow) -> AsyncIterator[QWidget]:
    """Placed while RabbitMQ is away."""
    async with tab("client", user_window):
        user_window.client.add_to_basket("laptop", 1)
        user_window.client.add_to_basket("webcam", 2)
        user_window.client.place()
        await met(lambda: user_window.client.orders.rowCount() > 0, "no order waits")
        user_window.client.add_to_basket("office_chair", 3)
        yield user_window.window
        user_window.client.basket.clear()


@asynccontextmanager
async def broken(user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", user_window):
        user_window.window.show_log()
        try:
            raise StoreUnavailable(
                Words("The database warehouse.sqlite is locked by another program; close what holds it.")
            ) from OSError("database is locked")
        except StoreUnavailable as error:
            user_window.problems.report(error)
        await met(user_window.problems.problems, "no problem is shown")
        yield user_window.window
        user_window.problems.dismiss(user_window.problems.problems()[0])
        user_window.window.toggle_log()


# --- the client at work


@asynccontextmanager
async def client_details(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("client", user_window):
        client = user_window.client
        for level in list(client.catalogue.rows())[:4]:
            client.add_to_basket(level.name, 2)
        await selected(client.orders_pane.view, 3)
        await met(client.orders_pane.details.isVisible, "no details")
        yield user_window.window
        client.orders_pane.details.closed.emit()
        client.basket.clear()


@asynccontextmanager
async def client_import(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("client", user_window):
        with tempfile.TemporaryDirectory() as folder:
            await user_window.client.importing.show(shop.wrong_orders(goods, Path(folder)))
        dialog = user_window.client.findChildren(ImportDialog)[-1]
        yield dialog
        dialog.close()


# --- the warehouse at work


@asynccontextmanager
async def page(name: str, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", user_window):
        warehouse = user_window.warehouse
        shown = getattr(warehouse, name)
        warehouse.pages.setCurrentWidget(shown)
        await met(shown.view.rows.rowCount, f"the page {name} is empty")
        yield user_window.window
        warehouse.pages.setCurrentWidget(warehouse.feed)


def on_page(name: str, rows: int = 0) -> Callable[[Receipts, UserWindow], Context]:
    """One of the warehouse's pages, with some rows selected."""

    @asynccontextmanager
    async def scene(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
        async with page(name, user_window) as window:
            view = getattr(user_window.warehouse, name).view
            if rows:
                await selected(view, *range(rows))
            yield window
            view.clearSelection()

    return scene


def set_aside(side: int, row: int = 0) -> Callable[[Receipts, UserWindow], Context]:
    """A message set aside, in one of the ways in which it is shown."""

    @asynccontextmanager
    async def scene(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
        async with page("set_aside", user_window) as window:
            pane = user_window.warehouse.set_aside
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
    async def scene(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
        async with page("waiting", user_window) as window:
            pane, stock = user_window.warehouse.stock_pane, user_window.warehouse.stock
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
    async def scene(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
        async with tab("warehouse", user_window) as window:
            pane = user_window.warehouse.stock_pane
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
async def edit_product(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", user_window) as window:
        pane = user_window.warehouse.stock_pane
        await selected(pane.view, 2)
        pane.edit_button.click()
        yield window
        pane.product_form.hide()
        pane.view.clearSelection()


@asynccontextmanager
async def withdrawn(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", user_window) as window:
        pane = user_window.warehouse.stock_pane
        names = [row.name for row in user_window.warehouse.stock.rows()[:3]]
        await shop.books(user_window, lambda store: store.stock.withdraw(names))
        user_window.warehouse._written()
        await met(pane.withdrawn_action.isEnabled, "nothing is withdrawn")
        pane.withdrawn_action.trigger()
        await selected(pane.view, 0)
        yield window
        pane.withdrawn_button.click()
        await shop.books(user_window, lambda store: store.stock.offer_again(names))
        user_window.warehouse._written()


def _most_wanted(levels: tuple[StockLevel, ...]) -> int:
    return max(range(len(levels)), key=lambda n: levels[n].waiting)


@asynccontextmanager
async def stock_import(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", user_window) as window:
        card = user_window.warehouse.stock_pane.card
        with tempfile.TemporaryDirectory() as folder:
            user_window.warehouse.stock_pane.import_wanted.emit(shop.wrong_catalogue(Path(folder)))
            await met(card.isVisible, "no card")
        yield window
        card.hide()


@asynccontextmanager
async def stock_search(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("warehouse", user_window) as window:
        pane = user_window.warehouse.stock_pane
        pane.search.setText(QCoreApplication.translate("StockModel", "Low"))
        await met(lambda: 0 < pane.view.rows.rowCount() < user_window.warehouse.stock.rowCount(), "nothing is low")
        yield window
        pane.search.clear()


@asynccontextmanager
async def paused(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    """Orders wait in RabbitMQ meanwhile."""
    async with tab("warehouse", user_window) as window:
        warehouse = user_window.warehouse
        warehouse.toolbar.pause_button.click()
        for _ in range(PAUSED):
            user_window.client.add_to_basket("laptop", 1)
            user_window.client.place()
        await met(lambda: warehouse.toolbar.queue.value.text() == number(PAUSED), "the queue is not counted")
        yield window
        warehouse.toolbar.pause_button.click()


@asynccontextmanager
async def shipped_bar(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with page("ledger", user_window) as window:
        level = user_window.warehouse.stock.row(0)
        await user_window.warehouse.changes.restock(level.name, 6, "delivery note 4712")
        await met(user_window.warehouse.done.isVisible, "nothing done")
        await selected(user_window.warehouse.ledger.view, 0)
        yield window
        user_window.warehouse.done.hide()
        user_window.warehouse.ledger.view.clearSelection()


# --- the notifications at work


@asynccontextmanager
async def notice_details(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", user_window) as window:
        notifications = user_window.notifications
        told = await answer(user_window.session.history.ask(_shipped))
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
async def notices_filtered(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", user_window) as window:
        filters = user_window.notifications.toolbar.filters
        rows, whole = user_window.notifications.notices, user_window.notifications.notices.rowCount()
        filters.state.setCurrentIndex(filters.state.findText(of_state(OrderStatus.REJECTED).word))
        await met(lambda: 0 < rows.rowCount() < whole, "nothing is filtered")
        yield window
        filters.clear()


@asynccontextmanager
async def notices_typed(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    """With something that is not understood."""
    async with tab("notifications", user_window) as window:
        search = user_window.notifications.toolbar.search
        search.setText("-state:shipped since:tomorrow")
        await met(search.note.isVisible, "nothing is piece_text")
        yield window
        search.clear()


@asynccontextmanager
async def views(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", user_window):
        views = user_window.notifications.views
        views.save("Milk, not shipped", "milk -state:shipped")
        await met(lambda: views.saved, "no view is saved")
        button = user_window.notifications.toolbar.filters.views
        button.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))
        yield button.menu()
        button.menu().close()
        views.remove("Milk, not shipped")


@asynccontextmanager
async def view_named(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", user_window):
        filters = user_window.notifications.toolbar.filters
        filters.search.setText("milk -state:shipped")
        filters.views.ask_to_save()
        yield filters.views.dialog
        filters.views.dialog.reject()
        filters.search.clear()


@asynccontextmanager
async def completed(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("notifications", user_window):
        search = user_window.notifications.toolbar.search
        search.setFocus()
        QTest.keyClicks(search, "state:")
        await met(search.completion.popup.isVisible, "nothing is offered")
        yield search.completion.popup
        search.completion.popup.hide()
        search.clear()


@asynccontextmanager
async def orders_typed(goods: Receipts, user_window: UserWindow) -> AsyncIterator[QWidget]:
    async with tab("client", user_window) as window:
        search, whole = user_window.client.orders_pane.search, user_window.client.orders.rowCount()
        wanted = (of_state(OrderStatus.REJECTED), of_state(OrderStatus.RETURNED))
        search.setText(piece_text(key(Field.STATE), *(state.typed for state in wanted)))
        await met(lambda: 0 < user_window.client.orders.rowCount() < whole, "nothing is filtered")
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
