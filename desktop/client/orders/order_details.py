"""Shows one of the user's orders: its lines, what became of it and when, and what can be done with it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.client.orders.offers import free_lines, offer_words, ordered_lines
from desktop.style.icons import icon
from desktop.style.states import of_state
from desktop.tables.fitted_table import FittedTable
from desktop.tables.lines_table import LinesTable, summary
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.text.formats import exact, number, plain_tip
from desktop.text.moments import clock, since
from desktop.text.phrases import said
from desktop.widgets.buttons import button, give_keys, icon_button
from desktop.widgets.labels import heading, muted
from desktop.widgets.layouts import column, row, scrolled
from desktop.widgets.pill import StatePill
from desktop.widgets.two_clicks import TwoClicks
from messaging.domain.orders import TRANSITIONS, OrderStatus
from messaging.domain.stock import DecidedLine
from messaging.history.records import OrderState, PlacedOrder, StoredNotice


@dataclass(frozen=True, slots=True)
class OrderStep:
    """One step in the history of an order; times in ISO 8601.

    `decided_at` is by the warehouse's clock, empty for what happened here. `at` is by this machine's clock, unless
    the notice was missed and came later: then it is by the warehouse's. `name` is shown in place of the state's word.
    """

    at: str
    state: OrderState | OrderStatus
    words: str = ""
    name: str = ""
    decided_at: str = ""

    @property
    def word(self) -> str:
        return self.name or of_state(self.state).word


def steps_of(order: PlacedOrder, notices: Iterable[StoredNotice]) -> tuple[OrderStep, ...]:
    """The steps from placing the order to its last notice."""
    placed = QCoreApplication.translate("OrderDetails", "Placed")
    steps = [OrderStep(order.placed_at, OrderStatus.NEW, said(order.problem), placed)]
    if order.accepted_at:
        steps.append(OrderStep(order.accepted_at, OrderState.ACCEPTED))
    steps += [_step(stored) for stored in sorted(notices, key=lambda one: (one.notice.seq or 0, one.row))]
    return tuple(steps)


def _step(stored: StoredNotice) -> OrderStep:
    notice = stored.notice
    at = notice.occurred_at if stored.missed else stored.received_at
    return OrderStep(at, notice.status, said(notice.words), decided_at=notice.occurred_at)


def can_cancel(state: OrderState) -> bool:
    """Whether the life cycle allows it; an order without an outcome counts as new."""
    values = {status.value: status for status in OrderStatus}
    return OrderStatus.CANCELLED in TRANSITIONS[values.get(state.value, OrderStatus.NEW)]


class StepsModel(RowModel[OrderStep]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row, parent)
        self.columns = (
            Column(self.tr("When"), lambda r: clock(r.at), sort=lambda r: r.at, tip=lambda r: exact(r.at)),
            Column(self.tr("After"), self._after, align=RIGHT),
            Column(
                self.tr("What"),
                lambda r: r.word,
                icon=lambda r: icon(of_state(r.state).icon, of_state(r.state).tone),
            ),
            Column(self.tr("Reason"), lambda r: r.words, tip=lambda r: r.words),
        )

    def _after(self, step: OrderStep) -> str:
        """How long it took since the step before, by the warehouse's clock where that is known of both."""
        index = self.find(step)
        if not index:
            return ""
        before = self.row(index - 1)
        return since(before.decided_at, step.decided_at) if before.decided_at else since(before.at, step.at)


class OrderDetails(QFrame):
    """Signals: `cancel_asked(PlacedOrder)`; `repeat_asked(lines)` into the basket; `order_asked(lines)` to place at
    once; `closed`. `order` is the one shown last, None before the first."""

    cancel_asked = Signal(object)
    repeat_asked = Signal(object)
    order_asked = Signal(object)
    closed = Signal()

    def __init__(self, free: Callable[[], Mapping[str, int]], parent: QWidget | None = None) -> None:
        """`free` gives the free units by product, as far as they are known."""
        super().__init__(parent)
        self._free = free
        self.setProperty("role", "card")
        self.setObjectName("orderDetails")
        self.order: PlacedOrder | None = None
        self._steps = StepsModel(self)
        self._make_parts()
        self._lay_out()
        self.refresh()

    def _make_parts(self) -> None:
        self._title = heading("")
        self._pill = StatePill(of_state(OrderState.WAITING))
        self._reason = muted()
        self._reason.setWordWrap(True)
        self.lines_view = LinesTable(self.tr("Lines of the order"))
        self.steps_view = FittedTable(self._steps, self.tr("History of the order"), stretch=3, has_titles=False)
        self.cancel_button = button(self.tr("Cancel order"), kind="danger")
        give_keys(self.cancel_button, "Ctrl+D")
        self._cancelling = TwoClicks(self.cancel_button, lambda: self.tr("Really cancel?"))
        self._cancelling.meant.connect(self._cancel)
        self.repeat_button = button(self.tr("Repeat"), hint=self.tr("Put the same lines into the basket"))
        give_keys(self.repeat_button, "Ctrl+R")
        self.available_button = button("", kind="primary")
        self.copy_button = icon_button("copy", self.tr("Copy the order's id"))
        self.copy_button.clicked.connect(self._copy_id)
        self.close_button = icon_button("x", self.tr("Close the details"))
        self.repeat_button.clicked.connect(self._repeat)
        self.available_button.clicked.connect(self._order_free)
        self.close_button.clicked.connect(self.closed)

    def _lay_out(self) -> None:
        """Where the height is too small all parts scroll together: no table in it scrolls by itself."""
        body = QWidget()
        column(body, self._reason, self.lines_view, self.steps_view).addStretch(1)
        column(
            self,
            row(self._title, self._pill, 1, *self._actions(), self.copy_button, self.close_button),
            scrolled(body),
            margins=(12, 8, 8, 8),
        )

    def _actions(self) -> tuple[QPushButton, ...]:
        return self.available_button, self.repeat_button, self.cancel_button

    def show_order(self, order: PlacedOrder, notices: Iterable[StoredNotice]) -> None:
        if self.order is None or self.order.number != order.number:
            self._cancelling.ask_anew()
        self.order = order
        self._title.setText(self.tr("Order {0}").format(number(order.number)))
        self._pill.set_state(of_state(order.state))
        reason = said(order.problem or order.reason)
        self._reason.setText(reason)
        self._reason.setVisible(bool(reason))
        asked = tuple(DecidedLine(line.name, line.quantity) for line in order.order.lines)
        self.lines_view.lines.show_lines(order.lines or asked)
        self._steps.synchronise(steps_of(order, notices))
        self.cancel_button.setVisible(can_cancel(order.state) and not order.cancel_asked)
        self.refresh()

    def refresh(self) -> None:
        """Offer the free part again: the order or the stock has changed."""
        lines = free_lines(self.order, self._free()) if self.order else ()
        self.available_button.setVisible(bool(lines))
        self.available_button.setText(offer_words(lines))
        self.available_button.setToolTip(plain_tip(summary(lines)))

    def _cancel(self) -> None:
        self.cancel_asked.emit(self.order)

    def _repeat(self) -> None:
        if self.order is not None:
            self.repeat_asked.emit(ordered_lines(self.order))

    def _order_free(self) -> None:
        if self.order is not None:
            self.order_asked.emit(free_lines(self.order, self._free()))

    def _copy_id(self) -> None:
        if self.order is not None:
            QGuiApplication.clipboard().setText(str(self.order.order.order_id))
