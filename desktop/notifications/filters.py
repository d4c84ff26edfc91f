"""What to show of the notices: words, a state, a time, and only those that are new to the reader."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QPoint, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from desktop.notifications.hints import Hints
from desktop.notifications.language import TOLD, typed
from desktop.shared.icons import icon
from desktop.shared.panes import button, search_field
from desktop.shared.states import of_state
from desktop.shared.texts import number
from messaging.history.finding import NoticeOrder, NoticeQuery
from messaging.orders import OrderStatus

TYPING = 15  # milliseconds without a key until it is searched: a burst is one question


class Filters(QWidget):
    """Signal `changed`; see `query`."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: Mapping[str, str] = {}  # of users, by their ids
        self.search = search_field(self.tr("Filter by any words, or state:refused since:2h"), "noticesSearch")
        self.search.setMinimumWidth(240)
        self._make_hints()
        self.state = _choice(self.tr("State"))
        self.state.addItem(self.tr("Any state"), ())
        for status in TOLD:
            self.state.addItem(icon(of_state(status).icon, of_state(status).tone), of_state(status).word, (status,))
        self.time = _choice(self.tr("Time of receipt"))
        for words, hours in (
            (self.tr("Any time"), 0),
            (self.tr("Last hour"), 1),
            (self.tr("Last 24 hours"), 24),
            (self.tr("Last 7 days"), 168),
            (self.tr("Last 30 days"), 720),
        ):
            self.time.addItem(words, hours)
        self.unread = button(self.tr("Unread"), hint=self.tr("Only what is not read yet"))
        self.away = button(self.tr("While away"), "history", hint=self.tr("Only what came while nobody listened here"))
        for toggle in (self.unread, self.away):
            toggle.setCheckable(True)
            toggle.toggled.connect(self.changed)
        self._soon = QTimer(self, singleShot=True, interval=TYPING)
        self._soon.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _text: self._soon.start())
        for choice in (self.state, self.time):
            choice.currentIndexChanged.connect(lambda _index: self.changed.emit())
        self._lay_out()

    def _make_hints(self) -> None:
        self.hints = Hints(self)
        self.hints.chosen.connect(self.add)
        ask = QAction(icon("info"), self.tr("What can be typed"), self.search)
        ask.triggered.connect(self._show_hints)
        self.search.addAction(ask, QLineEdit.ActionPosition.TrailingPosition)

    def _show_hints(self) -> None:
        self.hints.popup(self.search.mapToGlobal(QPoint(0, self.search.height())))

    def add(self, text: str) -> None:
        """One more thing that must hold, to be typed on where it ends with a colon."""
        before = self.search.text().rstrip()
        self.search.setText(f"{before} {text}".lstrip())
        self.search.setFocus()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        line.addWidget(self.search, 1)
        parts: tuple[QWidget, ...] = (self.state, self.time, self.unread, self.away)
        for part in parts:
            line.addWidget(part)

    def query(self, order: NoticeOrder) -> NoticeQuery:
        hours = int(self.time.currentData())
        since = (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="milliseconds") if hours else ""
        states: tuple[OrderStatus, ...] = tuple(OrderStatus(state) for state in self.state.currentData())
        said = typed(self.search.text(), self.names)
        toggles = self.unread.isChecked(), self.away.isChecked()
        return NoticeQuery(said.words, states, max(since, said.since), *toggles, order, said.until)

    def clear(self) -> None:
        """Show everything again."""
        self.search.clear()
        self.state.setCurrentIndex(0)
        self.time.setCurrentIndex(0)
        self.unread.setChecked(False)
        self.away.setChecked(False)

    def show_away(self, count: int) -> None:
        """How many of those that came meanwhile are not read."""
        words = self.tr("While away: {0}").format(number(count)) if count else self.tr("While away")
        self.away.setText(words)


def _choice(words: str) -> QComboBox:
    made = QComboBox()
    made.setAccessibleName(words)
    made.view().setAccessibleName(words)
    return made
