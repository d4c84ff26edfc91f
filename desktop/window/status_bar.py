"""The status bar: each role's connection with its reason, the user and the broker, and what has not been sent yet."""

import time
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from desktop.style.states import StateStyle, of_phase
from desktop.text.formats import decimal, number, plain_tip
from desktop.text.phrases import said
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.labels import PlainLabel
from desktop.widgets.pill import StatePill
from messaging.ports import LinkState, Phase

translate = QCoreApplication.translate

LEAST_RATE = 0.05  # messages a second: less would read 0.0
_QUIET = frozenset({Phase.READY, Phase.CLOSED})


@dataclass(frozen=True, slots=True)
class RoleStanding:
    """One role as the details show it: its style, the words of its pill and the whole reason."""

    role: str
    style: StateStyle
    words: str
    reason: str


class StatusBar(QFrame):
    """Shows the roles that run, always in the same order. Signal `details_wanted` on a click anywhere."""

    details_wanted = Signal()

    def __init__(self, broker: str, roles: Iterable[str], parent: QWidget | None = None, who: str = "") -> None:
        super().__init__(parent)
        self.setProperty("role", "status")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        stopped = of_phase(Phase.CLOSED)
        self._roles = {role: _Role(StatePill(stopped, role)) for role in roles}
        self._under_way: dict[str, str] = {}  # the words about each database that is being opened
        self._reason = ElidedLabel(Qt.TextElideMode.ElideRight)
        self._reason.setProperty("role", "muted")
        self.waiting, self.unconfirmed, self.rate = _Figure("warn"), _Figure("warn"), _Figure("muted")
        self.where = _where_button()
        self.show_place(who, broker)
        self.where.setToolTip(plain_tip(self.tr("Who you are and where messages go; click for details")))
        self.where.setAccessibleDescription(self.tr("Opens the details of the connection"))
        self.where.clicked.connect(self.details_wanted)
        self._ticks = QTimer(self, interval=1000)
        self._ticks.timeout.connect(self._count_down)
        self._lay_out()
        self.set_traffic(0, 0)
        self.set_rate(0.0)

    def show_place(self, who: str, broker: str) -> None:
        words = f"{who} · {broker}" if who else broker
        self.where.setText(words.replace("&", "&&"))
        self.where.setAccessibleName(words)

    def set_link(self, role: str, state: LinkState) -> None:
        known = self._roles[role]
        known.set_state(state)
        known.pill.setVisible(state.phase is not Phase.CLOSED)
        self._show_reason()

    def show_under_way(self, database: str, words: str) -> None:
        """Show what is being done to a database before any other reason; empty words end that."""
        self._under_way[database] = words
        self._show_reason()

    def set_traffic(self, waiting: int, unconfirmed: int) -> None:
        self.waiting.show_words(self.tr("{n} waiting to send").format(n=number(waiting)) if waiting else "")
        self.waiting.setToolTip(plain_tip(self.tr("On disk here; they leave in order as soon as RabbitMQ takes them")))
        self.unconfirmed.show_words(self.tr("{n} unconfirmed").format(n=number(unconfirmed)) if unconfirmed else "")
        self.unconfirmed.setToolTip(plain_tip(self.tr("Sent; RabbitMQ has not yet said that it keeps them")))

    def set_rate(self, per_second: float) -> None:
        """Show how many messages a second this window sends and receives; nothing while none moves."""
        shown = number(round(per_second)) if per_second >= 10 else decimal(per_second)
        self.rate.show_words(self.tr("{rate}/s").format(rate=shown) if per_second >= LEAST_RATE else "")
        self.rate.setToolTip(plain_tip(self.tr("Messages in the last two seconds, sent and received")))

    def states(self) -> dict[str, str]:
        return {role: known.pill.text() for role, known in self._roles.items()}

    def phases(self) -> dict[str, Phase]:
        return {role: known.state.phase for role, known in self._roles.items()}

    def reason(self) -> str:
        """The reason as it is shown: its first line."""
        return self._reason.text()

    def standings(self) -> list[RoleStanding]:
        return [
            RoleStanding(role, of_phase(known.state.phase), known.pill.text(), said(known.state.reason))
            for role, known in self._roles.items()
        ]

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton:
            self.details_wanted.emit()
        super().mouseReleaseEvent(event)

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
        for part in (self.waiting, self.unconfirmed, self.rate, self.where):
            line.addWidget(part)

    def _show_reason(self) -> None:
        """Show the reason of the first role that is not well; the timer runs only while a role counts down."""
        unwell = [known.state for known in self._roles.values() if not known.is_well]
        reasons = [*self._under_way.values(), *(state.reason for state in unwell)]
        whole = said(next(filter(None, reasons), ""))
        self._reason.show_text(whole.strip().partition("\n")[0].strip(), tip=whole.strip())
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

    @property
    def is_well(self) -> bool:
        return self.state.phase in _QUIET

    def set_state(self, state: LinkState) -> None:
        self.state = state
        waits = state.phase is Phase.WAITING and state.retry_in >= 1
        self.retries_at = time.monotonic() + state.retry_in if waits else 0.0
        self.show()

    def show(self) -> None:
        left = round(self.retries_at - time.monotonic()) if self.retries_at else 0
        more = translate("StatusBar", "· again in {n} s").format(n=left) if left > 0 else ""
        self.pill.set_state(of_phase(self.state.phase), more, said(self.state.reason))


class _Figure(PlainLabel):
    """A count in words; without words it is hidden, for there is nothing to count."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self.setProperty("role", role)
        self.words = ""

    def show_words(self, words: str) -> None:
        self.words = words
        self.setText(words)
        self.setVisible(bool(words))


def _where_button() -> QToolButton:
    button = QToolButton()
    button.setProperty("kind", "quiet")
    return button
