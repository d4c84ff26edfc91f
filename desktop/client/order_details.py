"""One of my orders, whole: its lines, what became of it and when, and what can be done with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from desktop.shared.icons import icon
from desktop.shared.lines_table import LinesTable
from desktop.shared.moments import clock
from desktop.shared.panes import button, column, heading, icon_button, muted, row
from desktop.shared.pill import StatePill
from desktop.shared.row_model import Column, RowModel
from desktop.shared.states import of_state
from desktop.shared.tables import Table
from desktop.shared.texts import exact, number
from messaging.history.records import KeptNotice, OrderState, PlacedOrder
from messaging.orders import TRANSITIONS, OrderStatus
from messaging.stock import SettledLine


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to an order, at a time in ISO 8601."""

    at: str
    state: OrderState | OrderStatus
    words: str = ""
    name: str = ""

    @property
    def word(self) -> str:
        return self.name or of_state(self.state).word


def steps_of(order: PlacedOrder, notices: Iterable[KeptNotice]) -> tuple[Step, ...]:
    """From placing to now; each notice is one step."""
    placed = QCoreApplication.translate("OrderDetails", "Placed")
    steps = [Step(order.placed_at, OrderStatus.NEW, order.problem, placed)]
    if order.accepted_at:
        steps.append(Step(order.accepted_at, OrderState.ACCEPTED))
    told = sorted(notices, key=lambda kept: (kept.notice.seq or 0, kept.row))
    steps += [Step(kept.notice.occurred_at, kept.notice.status, kept.notice.reason or "") for kept in told]
    return tuple(steps)


def can_cancel(state: OrderState) -> bool:
    """As the life cycle has it; an order without an outcome yet counts as new."""
    values = {status.value: status for status in OrderStatus}
    return OrderStatus.CANCELLED in TRANSITIONS[values.get(state.value, OrderStatus.NEW)]


class StepsModel(RowModel[Step]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row, parent)
        self.columns = (
            Column(self.tr("When"), lambda r: clock(r.at), sort=lambda r: r.at, tip=lambda r: exact(r.at)),
            Column(
                self.tr("What"),
                lambda r: r.word,
                icon=lambda r: icon(of_state(r.state).icon, of_state(r.state).tone),
            ),
            Column(self.tr("Reason"), lambda r: r.words, tip=lambda r: r.words),
        )


class OrderDetails(QFrame):
    """Signals: `cancel_asked(PlacedOrder)`, `repeat_asked(lines)`, `closed`."""

    cancel_asked = Signal(object)
    repeat_asked = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("orderDetails")
        self.order: PlacedOrder | None = None
        self._steps = StepsModel(self)
        self._make_parts()
        self._lay_out()

    def _make_parts(self) -> None:
        self._title = heading("")
        self._pill = StatePill(of_state(OrderState.WAITING))
        self._reason = muted()
        self._reason.setWordWrap(True)
        self.lines_view = LinesTable(self.tr("Lines of the order"))
        self.steps_view = Table(self._steps, self.tr("History of the order"))
        self.steps_view.set_widths(13, 21, 8, stretch=2)
        self.steps_view.horizontalHeader().hide()
        self.cancel_button = button(self.tr("Cancel order"), kind="danger")
        self.repeat_button = button(self.tr("Repeat"), hint=self.tr("Put the same lines into the basket"))
        self.available_button = button(
            self.tr("Order what is free"), hint=self.tr("Put the part that is free into the basket")
        )
        self.copy_button = icon_button("copy", self.tr("Copy the order's id"))
        self.copy_button.clicked.connect(self._copy_id)
        self.close_button = icon_button("x", self.tr("Close the details"))
        self.cancel_button.clicked.connect(lambda: self.cancel_asked.emit(self.order))
        self.repeat_button.clicked.connect(lambda: self.repeat_asked.emit(self._asked_lines()))
        self.available_button.clicked.connect(lambda: self.repeat_asked.emit(self._free_lines()))
        self.close_button.clicked.connect(self.closed)

    def _lay_out(self) -> None:
        column(
            self,
            row(self._title, self._pill, 1, *self._actions(), self.copy_button, self.close_button),
            self._reason,
            self.lines_view,
            self.steps_view,
            margins=(12, 8, 12, 12),
        )

    def _actions(self) -> tuple[QPushButton, ...]:
        return self.available_button, self.repeat_button, self.cancel_button

    def show_order(self, order: PlacedOrder, notices: Iterable[KeptNotice]) -> None:
        self.order = order
        self._title.setText(self.tr("Order {0}").format(number(order.number)))
        self._pill.set_state(of_state(order.state))
        reason = order.problem or order.reason or of_state(order.state).hint
        self._reason.setText(reason)
        asked = tuple(SettledLine(line.name, line.quantity) for line in order.order.lines)
        self.lines_view.lines.show_lines(order.lines or asked)
        self._steps.synchronise(steps_of(order, notices))
        self.cancel_button.setVisible(can_cancel(order.state) and not order.cancel_asked)
        self.available_button.setVisible(order.state is OrderState.REJECTED and bool(self._free_lines()))

    def _copy_id(self) -> None:
        if self.order is not None:
            QGuiApplication.clipboard().setText(str(self.order.order.order_id))

    def _asked_lines(self) -> tuple[tuple[str, int], ...]:
        return tuple((line.name, line.quantity) for line in self.order.order.lines) if self.order else ()

    def _free_lines(self) -> tuple[tuple[str, int], ...]:
        """What the refusal said could have been reserved."""
        lines = self.order.lines if self.order else ()
        return tuple((line.name, line.quantity - line.missing) for line in lines if line.quantity > line.missing)
