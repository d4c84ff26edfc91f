"""The listener's page: what became of this user's orders, as it is told."""

from collections.abc import Iterable

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.notifications.notice_details import NoticeDetails
from desktop.notifications.notices_model import MISSED, REASON, NoticesModel
from desktop.notifications.strip import Strip
from desktop.notifications.worker import NotificationsWorker
from desktop.shared.empty import EmptyState
from desktop.shared.live import LiveTable
from desktop.shared.panes import ButtonCells, column, splitter
from desktop.shared.session import Session
from desktop.shared.tab import RoleTab
from desktop.shared.tables import Table
from desktop.shared.worker import answer
from messaging.history.records import KeptNotice
from messaging.history.store import HistoryStore
from messaging.ports import LinkState

FROM_HISTORY = 2000  # notices shown at the start


class NotificationsTab(RoleTab):
    icon = "bell"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = self.tr("Notifications")
        self._worker: NotificationsWorker | None = None
        self._unread = 0
        self.notices = NoticesModel(self)
        self.view = Table(self.notices, self.tr("Notices"))
        self.strip = Strip(session.profile.name)
        self.empty = EmptyState("inbox", "", action=self.tr("Start listening"))
        self.live = LiveTable(self.view, self.notices, self.empty)
        self.details = NoticeDetails()
        self._set_up()
        self._show_running(False)
        session.spawn(self._load())

    @property
    def start_button(self) -> QPushButton:
        return self.strip.start_button

    # --- the role

    @property
    def running(self) -> bool:
        return self._worker is not None

    def start(self) -> None:
        if self._worker is not None:
            return
        self._worker = worker = NotificationsWorker(self.session)
        worker.link_changed.connect(self._show_link)
        worker.failed.connect(self.session.report)
        worker.notices.arrived.connect(self.show_notices)
        self._show_running(True)
        worker.start()
        self.session.spawn(self._load())

    async def stop(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()
            await worker.stopped()
            self._show_running(False)

    def focus_first(self) -> None:
        self.strip.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_running(self, is_running: bool) -> None:
        self.strip.show_running(is_running)
        self._say_why_empty()
        self.running_changed.emit(is_running)

    def _say_why_empty(self) -> None:
        self.empty.button.setVisible(not self.running)
        if self.notices.rowCount():
            self.empty.set_title(self.tr("No notice matches"))
            self.empty.set_words(self.tr("Try other words."))
        else:
            self.empty.set_title(self.tr("No news yet") if self.running else self.tr("Not listening"))
            self.empty.set_words(self.tr("What the warehouse decides about your orders appears here."))

    def _filter(self, text: str) -> None:
        self._say_why_empty()
        self.view.rows.search(text)

    def _show_link(self, state: LinkState) -> None:
        self.strip.show_link(state)
        self.link_changed.emit(state)

    # --- notices

    def show_notices(self, notices: Iterable[KeptNotice]) -> None:
        """News, oldest first; a notice that is known changes in place."""
        news = list(notices)
        self.live.add(news)
        self._tell_unread(self._unread + sum(not kept.read for kept in news))

    def _tell_unread(self, count: int) -> None:
        self._unread = count
        self.strip.show_unread(count)
        self.count_changed.emit(count)

    async def _load(self) -> None:
        """Show what the history holds and is not shown: the client may have heard it while nobody listened here."""
        known, counts = await answer(
            self.session.history.ask(lambda store: (store.notices(limit=FROM_HISTORY), store.counts()))
        )
        latest = max((kept.row for kept in self.notices.rows()), default=0)
        self.live.add(sorted((kept for kept in known if kept.row > latest), key=lambda kept: kept.row))
        self._tell_unread(counts.unread)

    def _open(self, kept: KeptNotice | None) -> None:
        if kept is None:
            return
        self.details.show_notice(kept)
        self._show_pane(True)
        if not kept.read:
            self.session.spawn(self._mark_read([kept.row]))

    async def _mark_read(self, rows: list[int]) -> None:
        """No rows: all of them."""
        wanted = rows or None
        unread = await answer(self.session.history.ask(lambda store: _mark_read(store, wanted)))
        changed = [self.notices.get(row) for row in rows] if rows else self.notices.rows()
        self.notices.update_rows([structs.replace(kept, read=True) for kept in changed if kept is not None])
        self._tell_unread(unread)

    def _show_pane(self, is_open: bool) -> None:
        """The reason stands in the details, too: the table gives its room to what was ordered."""
        self.details.setVisible(is_open)
        self.view.setColumnHidden(REASON, is_open)

    def _close_details(self) -> None:
        self._show_pane(False)
        self.view.clearSelection()
        self.view.setFocus()

    # --- putting together

    def _set_up(self) -> None:
        self.view.setObjectName("noticesView")
        self.view.set_widths(11, 12, 23, 30, 36, 7, stretch=3)
        self.view.setItemDelegateForColumn(MISSED, ButtonCells(self.view))
        self.view.current_changed.connect(self._open)
        self.details.hide()
        self.details.closed.connect(self._close_details)
        self.strip.search.textChanged.connect(self._filter)
        self.strip.start_asked.connect(self.start)
        self.strip.stop_asked.connect(lambda: self.session.spawn(self.stop()))
        self.strip.all_read.connect(lambda: self.session.spawn(self._mark_read([])))
        self.empty.acted.connect(self.start)
        parts = splitter(Qt.Orientation.Horizontal, self.live, self.details, shares=(62, 38))
        layout = column(self, self.strip, parts, margins=(12, 10, 12, 8))
        layout.setStretch(1, 1)


def _mark_read(store: HistoryStore, rows: list[int] | None) -> int:
    """Gives how many are left unread."""
    store.mark_read(rows)
    return store.counts().unread
