"""This user's notices, newest first, bounded in memory: all of them are in the history on disk."""

from PySide6.QtCore import QObject

from desktop.shared.icons import icon
from desktop.shared.identities import short_id
from desktop.shared.lines_table import summary
from desktop.shared.moments import clock
from desktop.shared.row_model import CENTRE, Column, RowModel
from desktop.shared.states import of_state
from desktop.shared.texts import exact, plain
from desktop.shared.theme import colours
from messaging.history.records import KeptNotice

KEPT = 20_000  # rows in memory
RECEIVED, ORDER, STATUS, WHAT, REASON, MISSED = range(6)


def what(kept: KeptNotice) -> str:
    return summary([(line.name, line.quantity) for line in kept.notice.lines])


def reason(kept: KeptNotice) -> str:
    return plain(kept.notice.reason or "")


class NoticesModel(RowModel[KeptNotice]):
    """Unread ones are bold."""

    def __init__(self, parent: QObject | None = None, limit: int = KEPT) -> None:
        super().__init__([], lambda row: row.row, parent, limit=limit, search=self._words)
        self.columns = (
            Column(
                self.tr("Received"),
                lambda r: clock(r.received_at),
                sort=lambda r: r.row,
                tip=lambda r: exact(r.received_at),
                bold=_is_unread,
            ),
            Column(
                self.tr("Order"),
                lambda r: short_id(r.notice.order_id),
                tip=lambda r: str(r.notice.order_id),
                bold=_is_unread,
            ),
            Column(
                self.tr("State"),
                lambda r: of_state(r.notice.status).word,
                icon=lambda r: icon(of_state(r.notice.status).icon, of_state(r.notice.status).tone),
                colour=lambda r: colours().tone(of_state(r.notice.status).tone),
                tip=lambda r: of_state(r.notice.status).hint,
                bold=_is_unread,
            ),
            Column(self.tr("What"), what, tip=what, bold=_is_unread),
            Column(self.tr("Reason"), reason, tip=lambda r: r.notice.reason or "", bold=_is_unread),
            Column(
                self.tr("Missed"),
                lambda r: "",
                sort=lambda r: int(r.missed),
                align=CENTRE,
                icon=lambda r: icon("history") if r.missed else None,
                tip=self._missed,
                spoken=self._missed,
            ),
        )

    def _missed(self, row: KeptNotice) -> str:
        return self.tr("It came while nobody listened") if row.missed else ""

    def _words(self, row: KeptNotice) -> str:
        notice = row.notice
        missed = self.tr("missed") if row.missed else ""
        return f"{notice.order_id} {of_state(notice.status).word} {what(row)} {notice.reason or ''} {missed}"


def _is_unread(row: KeptNotice) -> bool:
    return not row.read
