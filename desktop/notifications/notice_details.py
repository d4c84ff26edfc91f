"""One notice, whole: its lines, its numbers and times, and the message as it travelled."""

import json

from PySide6.QtCore import Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QPlainTextEdit, QWidget

from desktop.shared.identities import short_id
from desktop.shared.lines_table import LinesTable
from desktop.shared.panes import column, heading, icon_button, muted, row
from desktop.shared.pill import StatePill
from desktop.shared.states import of_state
from desktop.shared.texts import exact
from messaging import wire
from messaging.history.records import KeptNotice
from messaging.orders import OrderStatus


def as_json(kept: KeptNotice) -> str:
    """The notice as it travels, one field a line."""
    return json.dumps(json.loads(wire.encode(kept.notice)), indent=2, ensure_ascii=False)


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
        self.raw = QPlainTextEdit()
        self.raw.setReadOnly(True)
        self.raw.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.raw.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.raw.setAccessibleName(self.tr("The message as JSON"))
        self.close_button = icon_button("x", self.tr("Close the details"))
        self.close_button.clicked.connect(self.closed)
        self._facts: dict[str, QLabel] = {}
        column(
            self,
            row(self._title, self._pill, 1, self.close_button),
            self._reason,
            self.lines_view,
            self._make_facts(),
            self.raw,
            margins=(12, 8, 12, 12),
        )

    def _make_facts(self) -> QFormLayout:
        form = QFormLayout()
        form.setVerticalSpacing(3)
        names = (self.tr("Order"), self.tr("Happened"), self.tr("Received"), self.tr("Event"), self.tr("Number"))
        for key, name in zip(("order", "happened", "received", "event", "seq"), names, strict=True):
            self._facts[key] = muted()
            form.addRow(muted(name), self._facts[key])
        return form

    def show_notice(self, kept: KeptNotice) -> None:
        self.kept = kept
        notice = kept.notice
        self._title.setText(self.tr("Order {0}").format(short_id(notice.order_id)))
        self._pill.set_state(of_state(notice.status))
        self._reason.setText(notice.reason or of_state(notice.status).hint)
        self.lines_view.lines.show_lines(notice.lines)
        received = exact(kept.received_at)
        facts = {
            "order": str(notice.order_id),
            "happened": exact(notice.occurred_at),
            "received": self.tr("{0}, asked for later").format(received) if kept.missed else received,
            "event": notice.event_id,
            "seq": "" if notice.seq is None else str(notice.seq),
        }
        for key, text in facts.items():
            self._facts[key].setText(text)
        self.raw.setPlainText(as_json(kept))
