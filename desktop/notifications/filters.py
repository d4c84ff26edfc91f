"""The filters of the notices: words, a state, a time, only unread ones, only missed ones."""

from datetime import UTC, datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QWidget

from desktop.filtering.field import FilterField
from desktop.filtering.keys import IS, MISSED, SINCE, UNREAD, key, mark
from desktop.filtering.pieces import piece_text
from desktop.filtering.views import SavedViews
from desktop.filtering.views_button import ViewsButton
from desktop.notifications.filter_subject import NOTICE_STATES, NOTICES
from desktop.style.icons import icon
from desktop.style.states import of_state
from desktop.text.formats import number
from desktop.widgets.buttons import button, give_keys
from desktop.widgets.layouts import column, row
from desktop.widgets.number_field import calm
from messaging.domain.orders import OrderStatus
from messaging.history.store.search.notice_search import NoticeOrder, NoticeQuery
from messaging.history.store.search.search_terms import Field

TYPING = 15  # milliseconds without a key until it searches, so that a burst is one question


class Filters(QWidget):
    """Signal `changed`: read `query` then."""

    changed = Signal()

    def __init__(self, views: SavedViews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = self.tr("Filter by any words, or state:refused -milk since:2h")
        self.search = FilterField(words, "noticesSearch", NOTICES, TYPING)
        self.search.setMinimumWidth(240)
        self.search.asked.connect(self.changed)
        self.state = _choice(self.tr("State"))
        self.state.addItem(self.tr("Any state"), ())
        for status in NOTICE_STATES:
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
        give_keys(self.unread, "F7")
        for toggle in (self.unread, self.away):
            toggle.setCheckable(True)
            toggle.toggled.connect(self.changed)
        for choice in (self.state, self.time):
            choice.currentIndexChanged.connect(self.changed)
        self.views = ViewsButton(views, self.text)
        views.chosen.connect(self.show_view)
        self._lay_out()

    def _lay_out(self) -> None:
        line = row(self.search, self.state, self.time, self.unread, self.away, self.views)
        line.setStretchFactor(self.search, 1)
        column(self, line, self.search.note)

    def query(self, order: NoticeOrder) -> NoticeQuery:
        """What the history is asked for, as the filters stand now."""
        hours = int(self.time.currentData())
        since = (datetime.now(UTC) - timedelta(hours=hours)).isoformat(timespec="milliseconds") if hours else ""
        asked = self.search.parsed()
        unread = self.unread.isChecked() or asked.marks.get(UNREAD)
        missed = self.away.isChecked() or asked.marks.get(MISSED)
        return NoticeQuery(asked.words, self._states(), max(since, asked.since), unread, missed, order, asked.until)

    def _states(self) -> tuple[OrderStatus, ...]:
        return tuple(OrderStatus(state) for state in self.state.currentData())

    def text(self) -> str:
        """All the filters as text, as it could be typed."""
        hours = int(self.time.currentData())
        parts = [
            self.search.text().strip(),
            *(piece_text(key(Field.STATE), of_state(one).typed) for one in self._states()),
        ]
        parts += [piece_text(key(SINCE), f"{hours}h")] if hours else []
        parts += [piece_text(key(IS), mark(UNREAD))] if self.unread.isChecked() else []
        parts += [piece_text(key(IS), mark(MISSED))] if self.away.isChecked() else []
        return " ".join(filter(None, parts))

    def show_view(self, text: str) -> None:
        """Filter by this text and by nothing else."""
        self.clear()
        self.search.setText(text)

    def clear(self) -> None:
        """Show everything again."""
        self.search.clear()
        self.state.setCurrentIndex(0)
        self.time.setCurrentIndex(0)
        self.unread.setChecked(False)
        self.away.setChecked(False)

    def show_away(self, count: int) -> None:
        """Show how many of the notices that came while nobody listened are not read."""
        words = self.tr("While away: {0}").format(number(count)) if count else self.tr("While away")
        self.away.setText(words)


def _choice(words: str) -> QComboBox:
    made = calm(QComboBox())
    made.setAccessibleName(words)
    made.view().setAccessibleName(words)
    return made
