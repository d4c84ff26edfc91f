"""My orders, newest first, and beside them the one that is chosen."""

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.client.order_details import OrderDetails
from desktop.client.orders_model import PLACED, REASON, WHAT, OrdersModel
from desktop.shared.empty import EmptyState
from desktop.shared.panes import column, heading, heading_row, muted, search_field, splitter
from desktop.shared.tables import Table, TableWithEmptyState
from desktop.shared.texts import number
from messaging.history.records import KeptNotice, PlacedOrder

CLOCK = 10_000  # milliseconds after which "3 min" is looked at again


class OrdersPane(QWidget):
    """Signal `opened(PlacedOrder)`: its history is wanted, see `show_details`."""

    opened = Signal(object)

    def __init__(self, model: OrdersModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.search = search_field(self.tr("Find in my orders"), "ordersSearch")
        self.search.setFixedWidth(240)
        self.view = Table(model, self.tr("My orders"))
        self.details = OrderDetails()
        self._count = muted()
        self._set_up_view()
        self._lay_out()
        self.search.textChanged.connect(self._find)
        self.details.closed.connect(self._close_details)
        model.dataChanged.connect(self._follow)
        self._clock = QTimer(self, interval=CLOCK)
        self._clock.timeout.connect(lambda: model.refresh(PLACED) if self.isVisible() else None)
        self._clock.start()

    def _set_up_view(self) -> None:
        self.view.setObjectName("ordersView")
        self.view.set_widths(4, 8, 20, 10, 21, 40, stretch=WHAT)
        self.view.current_changed.connect(self._open)
        for changed in (self.view.rows.rowsInserted, self.view.rows.rowsRemoved, self.view.rows.modelReset):
            changed.connect(lambda *_: self._count.setText(number(self._model.rowCount())))

    def _lay_out(self) -> None:
        self._empty = EmptyState("clipboard-list", "")
        self._find("")
        self.details.hide()
        parts = splitter(
            Qt.Orientation.Horizontal, TableWithEmptyState(self.view, self._empty), self.details, shares=(6, 4)
        )
        layout = column(self, heading_row(heading(self.tr("My orders")), self._count, 1, self.search), parts)
        layout.setStretch(1, 1)

    def _find(self, text: str) -> None:
        nothing = self.tr("No order matches") if text else self.tr("No orders yet")
        words = self.tr("Try other words.") if text else self.tr("What you place appears here, and what becomes of it.")
        self._empty.set_title(nothing)
        self._empty.set_words(words)
        self.view.rows.search(text)

    def _open(self, order: PlacedOrder | None) -> None:
        if order is not None:
            self.opened.emit(order)

    def _show_pane(self, is_open: bool) -> None:
        """The reason stands in the details, too: the table gives its room to what was ordered."""
        self.details.setVisible(is_open)
        self.view.setColumnHidden(REASON, is_open)

    def _close_details(self) -> None:
        self._show_pane(False)
        self.view.clearSelection()
        self.view.setFocus()

    def show_details(self, order: PlacedOrder, notices: Iterable[KeptNotice]) -> None:
        """Nothing happens where another order has been chosen meanwhile."""
        chosen = self.view.current_row()
        if chosen is not None and chosen.identity == order.identity:
            now = self._model.get(order.identity) or order
            self.details.show_order(now, notices)
            self._show_pane(True)
            if now != order:  # it changed while its history was read
                self.opened.emit(now)

    def _follow(self) -> None:
        """The order that is open may have changed: its history is wanted anew."""
        open_one = self.details.order if self.details.isVisible() else None
        now = self._model.get(open_one.identity) if open_one else None
        if now is not None and now != open_one:
            self.opened.emit(now)
