"""One notice, whole: its lines, its numbers and times, what became of its order, and the message as it travelled."""

from collections.abc import Iterable

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFormLayout, QFrame, QWidget

from desktop.notifications.message_view import MessageView
from desktop.notifications.notices_model import reason
from desktop.style.icons import icon
from desktop.style.states import of_state
from desktop.tables.fitted_table import FittedTable
from desktop.tables.lines_table import LinesTable
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.text.formats import exact, plain
from desktop.text.moments import clock, since
from desktop.text.order_ids import short_id
from desktop.text.phrases import said
from desktop.widgets.buttons import icon_button
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.labels import heading, muted
from desktop.widgets.layouts import column, row, scrolled
from desktop.widgets.pill import StatePill
from messaging.domain.orders import OrderStatus
from messaging.history.records import StoredNotice


class TimelineModel(RowModel[StoredNotice]):
    """The notices of one order, as the warehouse decided."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.row, parent)
        self.columns = (
            Column(self.tr("When"), lambda r: clock(_at(r)), tip=lambda r: exact(_at(r))),
            Column(self.tr("After"), self._after, align=RIGHT),
            Column(
                self.tr("State"),
                lambda r: of_state(r.notice.status).word,
                icon=lambda r: icon(of_state(r.notice.status).icon, of_state(r.notice.status).tone),
            ),
            Column(self.tr("Reason"), reason, tip=lambda r: said(r.notice.reason or "")),
        )

    def _after(self, row: StoredNotice) -> str:
        """How long the step took: since the one before by the warehouse's clock, or since the order was made: the clock
        that says so is most likely this machine's, by which it was heard."""
        place = self.find(row.row)
        if place:
            return since(_at(self.row(place - 1)), _at(row))
        return since(row.notice.created_at, _at(row) if row.missed else row.received_at)


def _at(kept: StoredNotice) -> str:
    return kept.notice.occurred_at or kept.received_at


class NoticeDetails(QFrame):
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("noticeDetails")
        self.kept: StoredNotice | None = None
        self._title, self._reason = heading(""), muted()
        self._reason.setWordWrap(True)
        self._pill = StatePill(of_state(OrderStatus.NEW))
        self.lines_view = LinesTable(self.tr("Lines of the order"))
        self.timeline = TimelineModel(self)
        name = self.tr("What became of this order")
        self.timeline_view = FittedTable(self.timeline, name, stretch=3, has_titles=False)
        self.message = MessageView()
        self.copy_button = icon_button("copy", self.tr("Copy the order's id"))
        self.copy_button.clicked.connect(self._copy_id)
        self.close_button = icon_button("x", self.tr("Close the details"))
        self.close_button.clicked.connect(self.closed)
        self._facts: dict[str, ElidedLabel] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        """What does not fit is scrolled as a whole."""
        body = QWidget()
        parts = (self._reason, self.lines_view, self.timeline_view, self._make_facts(), self.message)
        column(body, *parts, margins=(0, 0, 4, 0)).setStretch(len(parts) - 1, 1)
        column(
            self,
            row(self._title, self._pill, 1, self.copy_button, self.close_button),
            scrolled(body),
            margins=(12, 8, 8, 8),
        )

    def _make_facts(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(3)
        names = {
            "order": self.tr("Order"),
            "user": self.tr("User"),
            "happened": self.tr("Happened"),
            "received": self.tr("Received"),
        }
        for key, name in names.items():
            self._facts[key] = ElidedLabel()
            form.addRow(muted(name), self._facts[key])
        return form

    def show_notice(self, kept: StoredNotice, user: str = "") -> None:
        is_other = self.kept is None or self.kept.notice.identity != kept.notice.identity
        self.kept = kept
        notice = kept.notice
        self._title.setText(self.tr("Order {0}").format(short_id(notice.order_id)))
        self._pill.set_state(of_state(notice.status))
        self._reason.setText(plain(said(notice.reason or ""), 1000))
        self._reason.setVisible(bool(notice.reason))
        self.lines_view.lines.show_lines(notice.lines)
        if is_other:
            self.show_timeline([kept])
        received = exact(kept.received_at)
        facts = {
            "order": str(notice.order_id),
            "user": f"{user} ({notice.user_id})" if user else str(notice.user_id),
            "happened": exact(notice.occurred_at),
            "received": self.tr("{0}, asked for later").format(received) if kept.missed else received,
        }
        for key, text in facts.items():
            self._facts[key].show_text(plain(text))
        self.message.show_body(kept)

    def show_timeline(self, notices: Iterable[StoredNotice]) -> None:
        """All that is known of the order."""
        self.timeline.synchronise(list(notices))

    def _copy_id(self) -> None:
        if self.kept is not None:
            QGuiApplication.clipboard().setText(str(self.kept.notice.order_id))
