"""The toolbar of the warehouse: its switches and figures in one row."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from desktop.role.toolbar import RoleToolbar
from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.style.states import QT_TRANSLATE_NOOP, StateStyle, of_phase, spoken
from desktop.text.formats import decimal, number, plain_tip, took
from desktop.text.phrases import said
from desktop.warehouse.figures import DecisionRate, Figure
from desktop.warehouse.sparkline import Sparkline
from desktop.widgets.buttons import button, give_keys, icon_button, set_words
from desktop.widgets.labels import muted
from desktop.widgets.number_field import NumberField, first_refused
from desktop.widgets.two_clicks import TwoClicks
from messaging.domain.orders import OrderStatus
from messaging.ports import LinkState, Phase
from messaging.warehouse.records import Decided, Verdict

MOST_CONSUMERS = 16
PAUSED = StateStyle(
    QT_TRANSLATE_NOOP("States", "Paused"),
    "circle-pause",
    Tone.WARN,
    QT_TRANSLATE_NOOP("States", "Orders wait in RabbitMQ meanwhile"),
)
NONE = "\u2013"  # a dash, where a figure is not known
NARROW = 1060  # logical pixels of width, below which some of the figures are hidden
LEAST = 880  # logical pixels of width


class WarehouseToolbar(RoleToolbar):
    """Signals: those of the base, `pause_asked(bool)`, `step_asked`, `take_over_asked`."""

    pause_asked = Signal(bool)
    step_asked = Signal()
    take_over_asked = Signal()

    def __init__(self, consumers: int, parent: QWidget | None = None) -> None:
        super().__init__("warehouse", 84, "primary", parent)
        self._is_paused = False
        self._processed = self._refused = 0
        self._rate = DecisionRate()
        self._decided, self._slowest = 0, 0.0  # since the last tick
        self._link = LinkState(Phase.CLOSED)
        self._make_switches(consumers)
        self._make_figures()
        self._lay_out()
        self.show_running(False)

    def _make_switches(self, consumers: int) -> None:
        self.pause_button = button(self.tr("Pause"), "pause", hint=self.tr("Orders wait in RabbitMQ meanwhile"))
        self.pause_button.clicked.connect(self._pause)
        give_keys(self.pause_button, "F6")
        self.step_button = button(
            self.tr("Step"), "step-forward", hint=self.tr("Take one order from the queue, then wait again")
        )
        self.step_button.clicked.connect(self.step_asked)
        give_keys(self.step_button, "F7")
        self._make_take_over()
        self.consumers = NumberField(1, max(MOST_CONSUMERS, consumers))
        self.consumers.show_beside()
        self.consumers.setValue(consumers)
        self.consumers.setFixedWidth(60)
        self.consumers.setAccessibleName(self.tr("Consumers"))
        self.consumers.setToolTip(
            plain_tip(self.tr("How many take orders from the queue side by side; from the next start on"))
        )

    def _make_take_over(self) -> None:
        """The button to take over is shown while RabbitMQ is served with other books. Where nobody opposes, clients may
        follow others all the same: then the menu shows it, asking."""
        self.take_over_button = button(
            self.tr("Take over"), hint=self.tr("Serve RabbitMQ with these books from now on, and with no others")
        )
        self.take_over_button.setObjectName("warehouseTakeOver")
        self._take_over = TwoClicks(self.take_over_button, lambda: self.tr("Serve these books instead?"))
        self._take_over.meant.connect(self.take_over_asked)
        self._take_over.ended.connect(self._show_take_over)
        self.take_over_button.hide()
        self.more_button = icon_button("warehouse", self.tr("More"))
        self.more_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more_button)
        menu.setAccessibleName(self.tr("More"))
        menu.setToolTipsVisible(True)
        self.take_over_action = menu.addAction(self.tr("Take over..."), self._ask_to_take_over)
        self.take_over_action.setToolTip(
            plain_tip(self.tr("Clients that follow other books at this RabbitMQ follow these from now on"))
        )
        self.more_button.setMenu(menu)

    def _ask_to_take_over(self) -> None:
        self.take_over_button.show()
        self.take_over_button.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self._take_over.is_asking:
            self.take_over_button.click()

    def _show_take_over(self) -> None:
        self.take_over_action.setEnabled(self._link.phase in (Phase.READY, Phase.OTHER_BOOKS))
        self.take_over_button.setVisible(self._link.phase is Phase.OTHER_BOOKS or self._take_over.is_asking)

    def _make_figures(self) -> None:
        self.processed = Figure(self.tr("processed"), self.tr("Orders processed since the start"))
        self.refused = Figure(self.tr("refused"), self.tr("Orders refused or set aside since the start"))
        self.queue = Figure(
            self.tr("in the queue"), self.tr("Orders in RabbitMQ that no warehouse has taken yet"), NONE
        )
        self.waiting = Figure(self.tr("wait for stock"), self.tr("Orders that wait until stock comes in"))
        self.rate = Figure(self.tr("per second"), self.tr("Decided per second, over the last 5 seconds"))
        self.slowest = Figure(
            self.tr("slowest"), self.tr("The longest from arrival to decision, in the last minute"), NONE
        )
        self.rate_plot = Sparkline(
            self.tr("Decided per second, the last minute"),
            lambda top: self.tr("Decided per second, the last minute: at most {0}").format(number(round(top))),
        )
        self.slowest_plot = Sparkline(
            self.tr("Slowest of each second, the last minute"),
            lambda top: self.tr("From arrival to decision, the slowest of each second: at most {0}").format(took(top)),
        )

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        switches = (self.start_button, self.pause_button, self.step_button, self.more_button)
        for part in (*switches, self.pill, self.take_over_button):
            line.addWidget(part)
        line.addStretch(1)
        for figure in (self.queue, self.processed, self.refused, self.waiting):
            line.addWidget(figure)
            line.addSpacing(6)
        for shown in (self.rate, self.rate_plot, self.slowest, self.slowest_plot):
            line.addWidget(shown)
        line.addSpacing(6)
        self._label = muted(self.tr("Consumers"))
        self._label.setBuddy(self.consumers)
        line.addWidget(self._label)
        line.addWidget(self.consumers)

    def can_start(self) -> bool:
        return first_refused(self.consumers) is None

    def _pause(self) -> None:
        self.pause_asked.emit(not self._is_paused)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._label.setVisible(event.size().width() >= NARROW)
        for part in (self.slowest, self.slowest_plot):
            part.setVisible(event.size().width() >= NARROW)

    def minimumSizeHint(self) -> QSize:
        """The width that is left when figures are hidden."""
        return QSize(LEAST, super().minimumSizeHint().height())

    def show_running(self, is_running: bool) -> None:
        super().show_running(is_running)
        set_words(self.start_button, self.tr("Stop") if is_running else self.tr("Start"))
        self.start_button.setProperty("kind", "" if is_running else "primary")
        self.start_button.setIcon(icon("square") if is_running else QIcon())  # invisible on the accent
        self.start_button.style().polish(self.start_button)
        self.consumers.setValue(self.consumers.value())  # drops a number that was refused
        self.consumers.setEnabled(not is_running)
        self.pause_button.setEnabled(is_running)
        self._link = LinkState(Phase.CLOSED)
        self.show_paused(False)
        self.show_queue(None)
        if is_running:
            self._processed = self._refused = 0

    def show_paused(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        set_words(self.pause_button, self.tr("Go on") if is_paused else self.tr("Pause"))
        self.pause_button.setIcon(icon("play" if is_paused else "pause"))
        self.step_button.setEnabled(is_paused)
        self._show_pill()

    def show_link(self, state: LinkState) -> None:
        if self._is_running:
            self._link = state
            self._show_pill()

    def _show_pill(self) -> None:
        self._show_take_over()
        is_held = self._is_paused and self._link.phase is Phase.READY
        style = spoken(PAUSED) if is_held else of_phase(self._link.phase)
        self.pill.set_state(style, reason="" if is_held else said(self._link.reason))

    def count(self, batch: Sequence[tuple[Decided, float]]) -> None:
        """Count a batch of decided messages, each with the seconds from arrival to decision."""
        decided = [one for one, _ in batch if not one.repeated]
        self._refused += sum(one.verdict is Verdict.REFUSE for one in decided)
        self._processed += sum(one.status is OrderStatus.PROCESSED for one in decided)
        self._rate.add(len(decided))
        self._decided += len(decided)
        self._slowest = max(self._slowest, *(seconds for _, seconds in batch))
        self.refresh()

    def tick(self) -> None:
        """Plot the last second; called once a second while the page is visible."""
        self.rate_plot.add(float(self._decided))
        self.slowest_plot.add(self._slowest)
        slowest = max(self.slowest_plot.values())
        self.slowest.show_value(took(slowest) if slowest else NONE)
        self._decided, self._slowest = 0, 0.0
        self.refresh()

    def refresh(self) -> None:
        self.processed.show_value(number(self._processed))
        self.refused.show_value(number(self._refused))
        rate = self._rate.per_second()
        self.rate.show_value(number(round(rate)) if rate >= 10 or rate == 0 else decimal(rate))

    def show_queue(self, orders: int | None) -> None:
        self.queue.show_value(NONE if orders is None else number(orders))

    def show_waiting(self, orders: int) -> None:
        self.waiting.show_value(number(orders))
