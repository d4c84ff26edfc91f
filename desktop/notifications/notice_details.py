"""Shows one notice: its lines, ids and times, what became of its order, and the message as it was delivered."""

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
    """The notices of one order, in the order in which the warehouse published them."""

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
            Column(self.tr("Reason"), reason, tip=lambda r: said(r.notice.words)),
        )

    def _after(self, row: StoredNotice) -> str:
        """How long the step took: since the step before, both by the warehouse's clock.

        The first one is measured since the order was made, by the clock of this machine, which most likely made it.
        """
        index = self.find(row.row)
        if index:
            return since(_at(self.row(index - 1)), _at(row))
        return since(row.notice.created_at, _at(row) if row.missed else row.received_at)


def _at(stored: StoredNotice) -> str:
    return stored.notice.occurred_at or stored.received_at


class NoticeDetails(QFrame):
    """Signal `closed`. `stored` is the notice shown last, None before the first."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("noticeDetails")
        self.stored: StoredNotice | None = None
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
        """Where the height is too small all parts scroll together."""
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

    def show_notice(self, stored: StoredNotice, user: str = "") -> None:
        is_other = self.stored is None or self.stored.notice.identity != stored.notice.identity
        self.stored = stored
        notice = stored.notice
        self._title.setText(self.tr("Order {0}").format(short_id(notice.order_id)))
        self._pill.set_state(of_state(notice.status))
        self._reason.setText(plain(said(notice.words), 1000))
        self._reason.setVisible(bool(notice.reason))
        self.lines_view.lines.show_lines(notice.lines)
        if is_other:
            self.show_timeline([stored])
        received = exact(stored.received_at)
        facts = {
            "order": str(notice.order_id),
            "user": f"{user} ({notice.user_id})" if user else str(notice.user_id),
            "happened": exact(notice.occurred_at),
            "received": self.tr("{0}, asked for later").format(received) if stored.missed else received,
        }
        for key, text in facts.items():
            self._facts[key].show_text(plain(text))
        self.message.show_body(stored)

    def show_timeline(self, notices: Iterable[StoredNotice]) -> None:
        """Show these notices of the order, oldest first."""
        self.timeline.synchronise(list(notices))

    def _copy_id(self) -> None:
        if self.stored is not None:
            QGuiApplication.clipboard().setText(str(self.stored.notice.order_id))
