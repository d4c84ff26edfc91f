"""The pages beside the stock: the feed, three lists of orders, messages set aside, and the ledger."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtWidgets import QTabWidget, QWidget

from desktop.text.formats import number, plain_tip
from desktop.warehouse.books import BooksSnapshot
from desktop.warehouse.feed import FeedPane
from desktop.warehouse.orders.orders_list import OrdersList
from desktop.warehouse.orders.orders_lists import Shipped, ToShip, Waiting
from desktop.warehouse.set_aside.operators import Operator
from desktop.warehouse.set_aside.set_aside_pane import SetAsidePane
from desktop.warehouse.stock.ledger_pane import LedgerPane
from desktop.widgets.layouts import set_title
from messaging.domain.orders import OrderStatus
from messaging.warehouse.records import WarehouseOrder

CLOSE_TABS = "QTabBar::tab { padding: 9px 8px 7px 8px; margin-right: 1px; }"  # six of them fit into a narrow window


class Pages(QTabWidget):
    def __init__(self, operator: Callable[[], Operator], keep_dropped: int, parent: QWidget | None = None) -> None:
        """`operator` who corrects orders, asked each time; `keep_dropped` days that dropped messages are kept."""
        super().__init__(parent)
        self.feed = FeedPane()
        self.to_ship, self.waiting, self.shipped = ToShip(), Waiting(), Shipped()
        self.set_aside, self.ledger = SetAsidePane(operator, keep_dropped), LedgerPane()
        self.lists: tuple[OrdersList, ...] = (self.to_ship, self.waiting, self.shipped)
        self._titles: dict[QWidget, str] = {}
        self.setDocumentMode(True)
        self.tabBar().setDrawBase(False)
        self.tabBar().setStyleSheet(CLOSE_TABS)
        self.tabBar().setAccessibleName(self.tr("What the warehouse does"))
        self._add(self.feed, self.tr("Incoming"), self.tr("Orders as they come, with what was decided"))
        self._add(self.to_ship, self.tr("To ship"), self.tr("Orders whose stock is reserved"))
        self._add(self.waiting, self.tr("Waiting"), self.tr("Orders that wait for stock"))
        self._add(self.shipped, self.tr("Shipped"), self.tr("Orders that have left; take back what is returned"))
        self._add(self.set_aside, self.tr("Set aside"), self.tr("Messages that could not be taken"))
        self._add(self.ledger, self.tr("Ledger"), self.tr("Every movement of stock"))

    def _add(self, page: QWidget, title: str, tip: str) -> None:
        page.setContentsMargins(0, 5, 0, 0)
        self._titles[page] = title
        self.setTabToolTip(self.addTab(page, title), plain_tip(tip))

    def show_books(self, snapshot: BooksSnapshot, names: Mapping[str, str]) -> set[str]:
        """Show the snapshot, with `names` of users by their ids; gives the ids of the users whose orders are shown."""
        shown = (snapshot.to_ship, snapshot.waiting, snapshot.shipped)
        for pane, orders in zip(self.lists, shown, strict=True):
            pane.show_orders(orders, names)
        self.set_aside.show_rows(snapshot.set_aside)
        self.ledger.show_rows(snapshot.ledger)
        counted = snapshot.counts.orders
        self._show_count(self.to_ship, counted.get(OrderStatus.PROCESSED, 0))
        self._show_count(self.waiting, counted.get(OrderStatus.BACKORDERED, 0))
        self._show_count(self.set_aside, snapshot.counts.set_aside)
        return set(_users(*shown))

    def show_names(self, names: Mapping[str, str]) -> None:
        for pane in self.lists:
            pane.show_names(names)
        self.feed.show_names(names)

    def _show_count(self, page: QWidget, count: int) -> None:
        """Count in the title all rows of the books: the list may show only a part."""
        title = self._titles[page]
        set_title(self, self.indexOf(page), f"{title} ({number(count)})" if count else title)


def _users(*lists: Iterable[WarehouseOrder]) -> Iterable[str]:
    return (str(order.user_id) for orders in lists for order in orders)
