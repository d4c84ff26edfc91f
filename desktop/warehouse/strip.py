"""The warehouse's switches and figures in one line."""

import time
from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QSpinBox, QWidget

from desktop.shared.empty import plain_label
from desktop.shared.icons import icon
from desktop.shared.panes import button, muted
from desktop.shared.pill import StatePill
from desktop.shared.row_model import plain_tip
from desktop.shared.states import of_phase
from desktop.shared.texts import number
from desktop.shared.theme import sized
from messaging.orders import OrderStatus
from messaging.ports import LinkState, Phase
from messaging.warehouse.records import Settled, Verdict

SPAN = 5.0  # seconds over which the rate is taken
MOST_CONSUMERS = 16


class Rate:
    """Things per second over the last SPAN seconds; times are monotonic."""

    def __init__(self) -> None:
        self._seen: deque[tuple[float, int]] = deque()

    def add(self, count: int, at: float | None = None) -> None:
        self._seen.append((time.monotonic() if at is None else at, count))

    def per_second(self, now: float | None = None) -> float:
        since = (time.monotonic() if now is None else now) - SPAN
        while self._seen and self._seen[0][0] < since:
            self._seen.popleft()
        return sum(count for _, count in self._seen) / SPAN


class Figure(QWidget):
    """A number over the word that says what it counts."""

    def __init__(self, word: str, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._word = word
        self._value = plain_label("0")
        self._value.setFont(sized(self.font(), 1.15, bold=True))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(5)
        line.addWidget(self._value)
        line.addWidget(muted(word))
        self.setToolTip(plain_tip(hint))

    def show_value(self, text: str) -> None:
        if text != self._value.text():
            self._value.setText(text)
            self.setAccessibleName(f"{self._word}: {text}")

    def text(self) -> str:
        return self._value.text()


class Strip(QWidget):
    """Signals: `start_asked`, `stop_asked`, `pause_asked(bool)`."""

    start_asked = Signal()
    stop_asked = Signal()
    pause_asked = Signal(bool)

    def __init__(self, consumers: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_running = self._is_paused = False
        self._processed = self._refused = 0
        self._rate = Rate()
        self._make_switches(consumers)
        self._make_figures()
        self._lay_out()
        self.show_running(False)

    def _make_switches(self, consumers: int) -> None:
        self.start_button = button(self.tr("Start"), kind="primary")
        self.start_button.setObjectName("warehouseStart")
        self.start_button.setMinimumWidth(96)
        self.start_button.clicked.connect(self._switch)
        self.pause_button = button(self.tr("Pause"), "pause", hint=self.tr("Orders wait in RabbitMQ meanwhile"))
        self.pause_button.clicked.connect(lambda: self.pause_asked.emit(not self._is_paused))
        self.consumers = QSpinBox()
        self.consumers.setRange(1, MOST_CONSUMERS)
        self.consumers.setValue(consumers)
        self.consumers.setFixedWidth(64)
        self.consumers.setAccessibleName(self.tr("Consumers"))
        self.consumers.setToolTip(self.tr("How many take orders from the queue side by side; from the next start on"))
        self.pill = StatePill(of_phase(Phase.CLOSED))

    def _make_figures(self) -> None:
        self.processed = Figure(self.tr("processed"), self.tr("Orders processed since the start"))
        self.refused = Figure(self.tr("refused"), self.tr("Orders refused or set aside since the start"))
        self.rate = Figure(self.tr("per second"), self.tr("Decided per second, over the last 5 seconds"))
        self.waiting = Figure(self.tr("waiting for stock"), self.tr("Orders that wait until stock comes in"))

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        for part in (self.start_button, self.pause_button, self.pill):
            line.addWidget(part)
        line.addStretch(1)
        for figure in (self.processed, self.refused, self.waiting, self.rate):
            line.addWidget(figure)
            line.addSpacing(10)
        label = muted(self.tr("Consumers"))
        label.setBuddy(self.consumers)
        line.addWidget(label)
        line.addWidget(self.consumers)

    def _switch(self) -> None:
        (self.stop_asked if self._is_running else self.start_asked).emit()

    def show_running(self, is_running: bool) -> None:
        self._is_running = is_running
        self.start_button.setText(self.tr("Stop") if is_running else self.tr("Start"))
        self.start_button.setProperty("kind", "" if is_running else "primary")
        self.start_button.setIcon(icon("square") if is_running else QIcon())  # none on the accent: it would not be seen
        self.start_button.style().polish(self.start_button)
        self.consumers.setEnabled(not is_running)
        self.pause_button.setEnabled(is_running)
        self.show_paused(False)
        if is_running:
            self._processed = self._refused = 0
        else:
            self.pill.set_state(of_phase(Phase.CLOSED))

    def show_paused(self, is_paused: bool) -> None:
        self._is_paused = is_paused
        self.pause_button.setText(self.tr("Go on") if is_paused else self.tr("Pause"))
        self.pause_button.setIcon(icon("play" if is_paused else "pause"))

    def show_link(self, state: LinkState) -> None:
        if self._is_running:
            self.pill.set_state(of_phase(state.phase), reason=state.reason)

    def count(self, settled: Iterable[Settled]) -> None:
        decided = [one for one in settled if not one.repeated]
        refused = sum(one.verdict is Verdict.REFUSE for one in decided)
        self._refused += refused
        self._processed += sum(one.status is OrderStatus.PROCESSED for one in decided)
        self._rate.add(len(decided))
        self.refresh()

    def refresh(self) -> None:
        self.processed.show_value(number(self._processed))
        self.refused.show_value(number(self._refused))
        rate = self._rate.per_second()
        self.rate.show_value(number(round(rate)) if rate >= 10 or rate == 0 else f"{rate:.1f}")

    def show_waiting(self, orders: int) -> None:
        self.waiting.show_value(number(orders))
