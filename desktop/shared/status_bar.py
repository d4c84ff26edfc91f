"""One strip at the bottom: each role's connection with its reason, the broker, what has not left yet."""

import time
from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QWidget

from desktop.shared.empty import plain_label
from desktop.shared.pill import StatePill
from desktop.shared.row_model import plain_tip
from desktop.shared.states import of_phase
from desktop.shared.texts import number
from messaging.ports import LinkState, Phase

_QUIET = frozenset({Phase.READY, Phase.CLOSED})


class StatusBar(QFrame):
    """Roles are shown from their first state on, always in the same order; a role that was stopped disappears."""

    def __init__(self, broker: str, roles: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        stopped = of_phase(Phase.CLOSED)
        self._roles = {role: _Role(StatePill(stopped, role)) for role in roles}
        self._reason = ElidedLabel()
        self._reason.setProperty("role", "muted")
        self.waiting, self.unconfirmed = _figure(), _figure()
        self._broker = plain_label(broker)
        self._broker.setProperty("role", "muted")
        self._broker.setToolTip(plain_tip("Where messages go"))
        self._ticks = QTimer(self, interval=1000)
        self._ticks.timeout.connect(self._count_down)
        self._lay_out()
        self.set_traffic(0, 0)

    def set_link(self, role: str, state: LinkState) -> None:
        known = self._roles[role]
        known.take(state)
        known.pill.setVisible(state.phase is not Phase.CLOSED)
        self._say_why()

    def set_traffic(self, waiting: int, unconfirmed: int) -> None:
        self.waiting.setText(f"{number(waiting)} waiting to send")
        self.waiting.setVisible(waiting > 0)
        self.waiting.setToolTip(plain_tip("On disk here; they leave in order as soon as RabbitMQ takes them"))
        self.unconfirmed.setText(f"{number(unconfirmed)} unconfirmed")
        self.unconfirmed.setVisible(unconfirmed > 0)
        self.unconfirmed.setToolTip(plain_tip("Sent; RabbitMQ has not yet said that it keeps them"))

    def states(self) -> dict[str, str]:
        return {role: known.pill.text() for role, known in self._roles.items()}

    def phases(self) -> dict[str, Phase]:
        return {role: known.state.phase for role, known in self._roles.items()}

    def reason(self) -> str:
        return self._reason.text()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(12, 6, 12, 6)
        line.setSpacing(10)
        pills = QHBoxLayout()
        pills.setSpacing(6)
        for known in self._roles.values():
            pills.addWidget(known.pill)
            known.pill.hide()
        line.addLayout(pills)
        line.addWidget(self._reason, 1)
        for label in (self.waiting, self.unconfirmed, self._broker):
            line.addWidget(label)

    def _say_why(self) -> None:
        """The first role that is not well says why; ticks only while somebody counts down."""
        unwell = [known.state for known in self._roles.values() if known.state.phase not in _QUIET]
        reason = next((state.reason for state in unwell if state.reason), "")
        self._reason.setText(" ".join(reason.split()))
        counting = any(known.retries_at for known in self._roles.values())
        if counting != self._ticks.isActive():
            self._ticks.start() if counting else self._ticks.stop()

    def _count_down(self) -> None:
        for known in self._roles.values():
            known.show()


class _Role:
    def __init__(self, pill: StatePill) -> None:
        self.pill = pill
        self.state = LinkState(Phase.CLOSED)
        self.retries_at = 0.0

    def take(self, state: LinkState) -> None:
        self.state = state
        waits = state.phase is Phase.WAITING and state.retry_in >= 1
        self.retries_at = time.monotonic() + state.retry_in if waits else 0.0
        self.show()

    def show(self) -> None:
        left = round(self.retries_at - time.monotonic()) if self.retries_at else 0
        more = f"· again in {left} s" if left > 0 else ""
        self.pill.set_state(of_phase(self.state.phase), more, self.state.reason)


class ElidedLabel(QLabel):
    """Plain text on one line, cut with an ellipsis where there is no room; whole on hover."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def setText(self, text: str) -> None:
        super().setText(text)
        self.setToolTip(plain_tip(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        cut = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
        painter.end()


def _figure() -> QLabel:
    label = plain_label()
    label.setProperty("role", "warn")
    return label
