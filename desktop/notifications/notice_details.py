"""One notice, whole: its lines, its numbers and times, what became of its order, and the message as it travelled."""

import json
from collections.abc import Iterable

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QPlainTextEdit, QSizePolicy, QWidget

from desktop.shared.icons import icon
from desktop.shared.identities import short_id
from desktop.shared.lines_table import LinesTable
from desktop.shared.moments import clock
from desktop.shared.panes import column, heading, icon_button, muted, row
from desktop.shared.pill import StatePill
from desktop.shared.row_model import Column, RowModel
from desktop.shared.states import of_state
from desktop.shared.tables import Table
from desktop.shared.texts import exact, plain
from messaging import wire
from messaging.history.records import KeptNotice
from messaging.orders import OrderStatus
from messaging.topology import notice_key

MOST_STEPS = 5  # seen without scrolling


def as_json(kept: KeptNotice) -> str:
    """The notice as it travels, one field a line."""
    return json.dumps(json.loads(wire.encode(kept.notice)), indent=2, ensure_ascii=False)


class TimelineModel(RowModel[KeptNotice]):
    """The notices of one order, as the warehouse decided."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.row, parent)
        self.columns = (
            Column(
                self.tr("When"),
                lambda r: clock(r.notice.occurred_at or r.received_at),
                tip=lambda r: exact(r.notice.occurred_at or r.received_at),
            ),
            Column(
                self.tr("State"),
                lambda r: of_state(r.notice.status).word,
                icon=lambda r: icon(of_state(r.notice.status).icon, of_state(r.notice.status).tone),
            ),
            Column(self.tr("Reason"), lambda r: plain(r.notice.reason or ""), tip=lambda r: r.notice.reason or ""),
        )


class NoticeDetails(QFrame):
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setObjectName("noticeDetails")
        self.kept: KeptNotice | None = None
        self._title, self._reason = heading(""), muted()
        self._reason.setWordWrap(True)
        self._pill = StatePill(of_state(OrderStatus.NEW))
        self.lines_view = LinesTable(self.tr("Lines of the order"))
        self.timeline = TimelineModel(self)
        self.timeline_view = Table(self.timeline, self.tr("What became of this order"))
        self.timeline_view.set_widths(12, 18, 8, stretch=2)
        self.timeline_view.horizontalHeader().hide()
        self._make_raw()
        self.copy_button = icon_button("copy", self.tr("Copy the order's id"))
        self.copy_button.clicked.connect(self._copy_id)
        self.close_button = icon_button("x", self.tr("Close the details"))
        self.close_button.clicked.connect(self.closed)
        self._facts: dict[str, QLabel] = {}
        layout = column(
            self,
            row(self._title, self._pill, 1, self.copy_button, self.close_button),
            self._reason,
            self.lines_view,
            self.timeline_view,
            self._make_facts(),
            self.raw,
            margins=(12, 8, 12, 12),
        )
        layout.setStretch(5, 1)

    def _make_raw(self) -> None:
        self.raw = QPlainTextEdit()
        self.raw.setReadOnly(True)
        self.raw.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.raw.setAccessibleName(self.tr("The message as JSON"))
        self.raw.setTabChangesFocus(True)

    def _make_facts(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(3)
        names = {
            "order": self.tr("Order"),
            "user": self.tr("User"),
            "happened": self.tr("Happened"),
            "received": self.tr("Received"),
            "event": self.tr("Event"),
            "seq": self.tr("Number"),
            "key": self.tr("Routing key"),
        }
        for key, name in names.items():
            self._facts[key] = muted()
            self._facts[key].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._facts[key].setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # ids are long
            form.addRow(muted(name), self._facts[key])
        return form

    def show_notice(self, kept: KeptNotice, user: str = "") -> None:
        is_other = self.kept is None or self.kept.notice.identity != kept.notice.identity
        self.kept = kept
        notice = kept.notice
        self._title.setText(self.tr("Order {0}").format(short_id(notice.order_id)))
        self._pill.set_state(of_state(notice.status))
        self._reason.setText(plain(notice.reason or of_state(notice.status).hint, 1000))
        self.lines_view.lines.show_lines(notice.lines)
        if is_other:
            self.show_timeline([kept])
        received = exact(kept.received_at)
        facts = {
            "order": str(notice.order_id),
            "user": f"{user} ({notice.user_id})" if user else str(notice.user_id),
            "happened": exact(notice.occurred_at),
            "received": self.tr("{0}, asked for later").format(received) if kept.missed else received,
            "event": notice.event_id,
            "seq": "" if notice.seq is None else str(notice.seq),
            "key": notice_key(notice.user_id, notice.order_id),
        }
        for key, text in facts.items():
            self._facts[key].setText(plain(text))
        self.raw.setPlainText(as_json(kept))

    def show_timeline(self, notices: Iterable[KeptNotice]) -> None:
        """All that is known of the order."""
        self.timeline.synchronise(list(notices))
        shown = min(max(self.timeline.rowCount(), 1), MOST_STEPS)
        self.timeline_view.setFixedHeight(shown * self.timeline_view.verticalHeader().defaultSectionSize() + 4)

    def _copy_id(self) -> None:
        if self.kept is not None:
            QGuiApplication.clipboard().setText(str(self.kept.notice.order_id))
