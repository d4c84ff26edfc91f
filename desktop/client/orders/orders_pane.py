"""The user's orders, newest first, and beside them the details of the selected one."""

from collections.abc import Callable, Iterable, Mapping

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.client.orders.filter_subject import ORDERS, STILL_OPEN, is_open
from desktop.client.orders.order_details import OrderDetails
from desktop.client.orders.order_menu import OrderMenu
from desktop.client.orders.orders_model import PLACED, REASON, SORTS, TOTAL, WHAT, OrdersModel
from desktop.filtering.field import FilterField
from desktop.filtering.keys import key
from desktop.filtering.pieces import piece_text
from desktop.filtering.views import SavedViews
from desktop.filtering.views_button import ViewsButton
from desktop.style.icons import icon
from desktop.style.states import of_state
from desktop.tables.paged_table import ColumnsMenu, PagedTable
from desktop.tables.table import TableWithEmptyState
from desktop.text.formats import number
from desktop.widgets.buttons import button, give_keys
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.labels import heading, muted
from desktop.widgets.layouts import column, heading_row, splitter
from desktop.widgets.number_field import calm
from messaging.history.records import OrderState, PlacedOrder, StoredNotice
from messaging.history.store.search.order_search import OrderQuery, OrderSort
from messaging.history.store.search.search_terms import Field

LEAST_OF_WHAT = 16  # characters; where there is room for less, other columns are hidden
CLOCK = 10_000  # milliseconds after which times like "3 min" are drawn again
TYPING = 60  # milliseconds without a key until it searches


class OrdersPane(QWidget):
    """Signals: `opened(PlacedOrder)`, to be answered with `show_details`; `query_changed`; `import_asked`."""

    opened = Signal(object)
    query_changed = Signal()
    import_asked = Signal()

    def __init__(
        self,
        model: OrdersModel,
        free: Callable[[], Mapping[str, int]],
        views: SavedViews,
        parent: QWidget | None = None,
    ) -> None:
        """`free` gives the free units by product, as far as they are known."""
        super().__init__(parent)
        self._model = model
        self._sort = OrderSort.NEWEST
        self._is_open = False  # the details
        self.view = PagedTable(model, self.tr("My orders"))
        self.details = OrderDetails(free)
        self.menu = OrderMenu(self.view, free)
        self._count = muted()
        self._make_filters(views)
        self._make_buttons()
        self._set_up_view()
        self._lay_out()
        self.details.closed.connect(self._close_details)
        model.dataChanged.connect(self._follow)
        model.modelReset.connect(self._close_filtered_out)
        model.sort_asked.connect(self._sort_by)
        self._clock = QTimer(self, interval=CLOCK)
        self._clock.timeout.connect(self._refresh_times)
        self._clock.start()

    def _make_filters(self, views: SavedViews) -> None:
        self.search = FilterField(self.tr("Find in my orders"), "ordersSearch", ORDERS, TYPING)
        self.search.table = self.view
        self.search.setMinimumWidth(140)
        self.search.setMaximumWidth(280)
        self.state = calm(QComboBox())
        self.state.setAccessibleName(self.tr("State of the order"))
        self.state.view().setAccessibleName(self.tr("State of the order"))
        self.state.addItem(self.tr("Any state"), ())
        self.state.addItem(self.tr("Open"), tuple(state.value for state in STILL_OPEN))
        for state in OrderState:
            self.state.addItem(icon(of_state(state).icon, of_state(state).tone), of_state(state).word, (state.value,))
        self.search.asked.connect(self._ask)
        self.state.currentIndexChanged.connect(self._ask)
        self.views = ViewsButton(views, self.text)
        views.chosen.connect(self.show_view)

    def _make_buttons(self) -> None:
        self.import_button = button(
            self.tr("Import"), "upload", "quiet", self.tr("Place many orders from a CSV file; you see them first")
        )
        self.export_button = button(
            self.tr("Export"), "download", "quiet", self.tr("Write what is shown to a CSV or JSON file")
        )
        give_keys(self.import_button, "Ctrl+O")
        give_keys(self.export_button, "Ctrl+S")
        self.import_button.clicked.connect(self.import_asked)

    def _set_up_view(self) -> None:
        self.view.setObjectName("ordersView")
        self.view.set_widths(7, 8, 20, 10, 21, 40, stretch=WHAT)
        self.view.give_up(LEAST_OF_WHAT, PLACED, TOTAL)
        self.view.on_current(self._open)
        self._columns = ColumnsMenu(self.view)
        for changed in (self._model.rowsInserted, self._model.rowsRemoved, self._model.modelReset):
            changed.connect(self._show_count)

    def _lay_out(self) -> None:
        self._empty = EmptyState("clipboard-list", "", action=self.tr("Show all orders"))
        self._empty.acted.connect(self.clear_filters)
        self._show_why_empty()
        self.details.hide()
        parts = splitter(
            Qt.Orientation.Horizontal, TableWithEmptyState(self.view, self._empty), self.details, shares=(6, 4)
        )
        above = heading_row(
            heading(self.tr("My orders")),
            self._count,
            1,
            self.import_button,
            self.export_button,
            self.state,
            self.search,
            self.views,
        )
        column(self, above, self.search.note, parts).setStretch(2, 1)

    # --- what is shown

    def _show_count(self) -> None:
        self._count.setText(number(self._model.rowCount()))

    def _refresh_times(self) -> None:
        if self.isVisible():
            self._model.refresh(PLACED)

    def query(self) -> OrderQuery:
        """What the history is asked for, as the filters and the sorting stand now."""
        asked = self.search.parsed()
        words = (*asked.words, *(is_open(wanted) for wanted in asked.marks.values()))
        states = tuple(OrderState(state) for state in self.state.currentData())
        return OrderQuery(words, states, self._sort, asked.since, asked.until)

    def text(self) -> str:
        """All the filters as text, as it could be typed."""
        states = [of_state(OrderState(state)).typed for state in self.state.currentData()]
        parts = self.search.text().strip(), piece_text(key(Field.STATE), *states) if states else ""
        return " ".join(filter(None, parts))

    def show_view(self, text: str) -> None:
        """Filter by this text and by nothing else."""
        self.clear_filters()
        self.search.setText(text)

    def clear_filters(self) -> None:
        self.search.clear()
        self.state.setCurrentIndex(0)

    def _ask(self) -> None:
        self._show_why_empty()
        self.query_changed.emit()

    def _sort_by(self, column: int, is_down: bool) -> None:
        sort = self.view.sorting(SORTS, column, is_down, OrderSort.NEWEST)
        if sort is not self._sort:
            self._sort = sort
            self.query_changed.emit()

    def _show_why_empty(self) -> None:
        is_all = self.query().is_all
        self._empty.button.setVisible(not is_all)
        self._empty.set_title(self.tr("No orders yet") if is_all else self.tr("No order matches"))
        words = self.tr("What you place appears here, and what becomes of it.")
        self._empty.set_words(words if is_all else self.tr("Try other words, or another state."))

    # --- the details

    def _open(self, order: PlacedOrder | None) -> None:
        if order is not None and self.view.selectionModel().hasSelection():  # not where it came with the focus
            self.opened.emit(order)

    def _show_pane(self, is_open: bool) -> None:
        """The reason stands in the details, too: the table gives its room to what was ordered."""
        self._is_open = is_open
        self.details.setVisible(is_open)
        self.view.offer_column(REASON, not is_open)

    def _close_filtered_out(self) -> None:
        """Close the details of an order that the filters hide, so that it is not cancelled by mistake."""
        order = self.details.order if self._is_open else None
        if order is not None and self._model.find(order.number) is None:
            self._show_pane(False)

    def _close_details(self) -> None:
        self._show_pane(False)
        self.view.clearSelection()
        self.view.setFocus()

    def show_details(self, order: PlacedOrder, notices: Iterable[StoredNotice]) -> None:
        """Show this order with its notices, unless another order has been selected meanwhile."""
        chosen = self.view.current()
        if chosen is not None and chosen.number == order.number:
            now = self._model.get(order.number) or order
            self.details.show_order(now, notices)
            self._show_pane(True)
            if now != order:  # it changed while its history was read
                self.opened.emit(now)

    def _follow(self) -> None:
        """Where the order that is open has changed, ask for its history again."""
        shown = self.details.order if self._is_open else None
        now = self._model.get(shown.number) if shown else None
        if now is not None and now != shown:
            self.opened.emit(now)
