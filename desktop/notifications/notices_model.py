"""Notices as rows, the newest first: all that are on disk, the unread ones bold."""

from collections.abc import Mapping
from functools import cache

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.style.states import of_state
from desktop.style.theme import colours
from desktop.tables.lines_table import summary
from desktop.tables.paged_model import PagedModel
from desktop.tables.row_model import CENTRE, RIGHT, Column
from desktop.text.formats import exact, number, plain, relative
from desktop.text.order_ids import short_id
from desktop.text.phrases import said
from messaging.history.records import StoredNotice
from messaging.history.store.search.notice_search import NoticeOrder

RECEIVED, ORDER, STATUS, WHAT, REASON, MISSED, USER, HAPPENED, SEQ = range(9)
HIDDEN_AT_FIRST = (MISSED, USER, HAPPENED, SEQ)
BY_THE_CLOCK = (RECEIVED, HAPPENED)
MARK, DOT = 16, 7  # width of the icon and of the dot in it, logical pixels

# For each column that can be sorted: the order after the first and after the second click.
SORTS: Mapping[int, tuple[NoticeOrder, NoticeOrder]] = {
    RECEIVED: (NoticeOrder.OLDEST, NoticeOrder.NEWEST),
    ORDER: (NoticeOrder.ORDER, NoticeOrder.ORDER_DOWN),
    STATUS: (NoticeOrder.STATE, NoticeOrder.STATE_DOWN),
}


def what(stored: StoredNotice) -> str:
    return summary([(line.name, line.quantity) for line in stored.notice.lines])


def reason(stored: StoredNotice) -> str:
    return plain(said(stored.notice.words))


class NoticesModel(PagedModel[StoredNotice]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.row, parent)
        self.names: Mapping[str, str] = {}  # of users, by their ids
        self.columns = (
            Column(
                self.tr("Received"),
                lambda r: relative(r.received_at),
                tip=self._received,
                icon=_mark,
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
            Column(self.tr("Reason"), reason, tip=lambda r: said(r.notice.words), bold=_is_unread),
            Column(
                self.tr("Missed"),
                lambda r: "",
                align=CENTRE,
                icon=lambda r: icon("history") if r.missed else None,
                tip=self._missed,
                spoken=self._missed,
            ),
            Column(self.tr("User"), self._user, tip=lambda r: str(r.notice.user_id), bold=_is_unread),
            Column(
                self.tr("Happened"),
                lambda r: relative(r.notice.occurred_at),
                tip=lambda r: exact(r.notice.occurred_at),
            ),
            Column(self.tr("Number"), lambda r: "" if r.notice.seq is None else number(r.notice.seq), align=RIGHT),
        )

    def _received(self, row: StoredNotice) -> str:
        return "\n".join(filter(None, (exact(row.received_at), self._missed(row))))

    def _missed(self, row: StoredNotice) -> str:
        return self.tr("It came while nobody listened") if row.missed else ""

    def _user(self, row: StoredNotice) -> str:
        user_id = str(row.notice.user_id)
        return plain(self.names.get(user_id) or short_id(user_id))


def _is_unread(row: StoredNotice) -> bool:
    return not row.read


def _mark(row: StoredNotice) -> QIcon:
    """A clock for what came while nobody listened; of the others the unread ones have a dot."""
    if row.missed:
        return icon("history", Tone.NEUTRAL if row.read else Tone.INFO)
    return _dot("" if row.read else colours().info)


@cache
def _dot(colour: str) -> QIcon:
    """A dot as wide as an icon, so that the words of all rows are aligned; nothing where `colour` is empty."""
    picture = QPixmap(2 * MARK, 2 * MARK)
    picture.fill(Qt.GlobalColor.transparent)
    if colour:
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawEllipse(MARK - DOT, MARK - DOT, 2 * DOT, 2 * DOT)
        painter.end()
    picture.setDevicePixelRatio(2)
    return QIcon(picture)
