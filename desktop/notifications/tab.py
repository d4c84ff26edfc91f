"""The page of notifications: what became of this user's orders."""

from collections.abc import Iterable

from msgspec import structs
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from desktop.filtering.views import SavedViews
from desktop.notifications.filter_subject import NOTICES, built_in
from desktop.notifications.finder import Finder
from desktop.notifications.live import LiveNotices
from desktop.notifications.notice_menu import NoticeMenu
from desktop.notifications.notices_model import BY_THE_CLOCK, HIDDEN_AT_FIRST, MISSED, REASON, SORTS, USER, NoticesModel
from desktop.notifications.open_notice import OpenNotice
from desktop.notifications.source import Source
from desktop.notifications.toolbar import NotificationsToolbar
from desktop.notifications.unread import UnreadCounter
from desktop.notifications.worker import NotificationsWorker
from desktop.role.export_button import ExportButton
from desktop.role.history_feed import HistoryFeed
from desktop.role.row_export import ExportKind, RowExport
from desktop.role.session import Session
from desktop.role.tab import RoleTab
from desktop.role.worker import answer
from desktop.tables.button_cells import ButtonCells
from desktop.tables.paged_table import ColumnsMenu, PagedTable
from desktop.widgets.done_bar import DoneBar
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.layouts import column, splitter
from messaging.history.export import NOTICE_HEADER, Export
from messaging.history.records import StoredNotice
from messaging.history.store.search.notice_search import NoticeOrder
from messaging.runtime.profiles import Profiles

CLOCK = 10_000  # milliseconds after which times like "3 min" are drawn again

NOTICE_EXPORT: ExportKind[StoredNotice] = ExportKind(
    NOTICE_HEADER, lambda store, rows: store.notices.at(rows), lambda stored: stored.row, Export.add_notices
)


class NotificationsTab(RoleTab[NotificationsWorker]):
    icon = "bell"

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        self.title = self.tr("Notifications")
        self._source = Source(session)
        self._order = NoticeOrder.NEWEST
        self.notices = NoticesModel(self)
        self.view = PagedTable(self.notices, self.tr("Notices"))
        self.views = SavedViews(session, "notices", NOTICES, built_in(), self)
        self.toolbar = NotificationsToolbar(session.profile.name, self.views)
        self.empty = EmptyState("inbox", "", action=self.tr("Start listening"))
        self.live = LiveNotices(self.view, self.notices, self.empty)
        self.feed = HistoryFeed(self)
        self.finder = Finder(self.notices, lambda: self._source.history, self.live.add)
        self.open_notice = OpenNotice(session, self._source, self.finder, self.notices, self.view)
        self.details = self.open_notice.details
        self.unread = UnreadCounter(session, self.finder, self)
        self.row_export = RowExport(self.view, self.finder.ask, NOTICE_EXPORT, also=REASON)
        self.done = DoneBar(can_undo=False)
        self.exporting = ExportButton(
            self.toolbar.export_button,
            self.row_export,
            self.done,
            session.spawn,
            title=self.tr("Export notices"),
            name="notices",
        )
        self._set_up_view()
        self._lay_out()
        self._connect()
        self._show_why_empty()
        self.feed.follow(self._source.history)
        session.spawn(self._load())

    # --- the role

    def make_worker(self) -> NotificationsWorker:
        return NotificationsWorker(self.session, self._source)

    def start(self) -> None:
        if not self.running:
            super().start()
            self.session.spawn(self._load())

    async def stop(self) -> None:
        """Stop listening; the notices of everyone are closed with it."""
        await super().stop()
        if self._source.is_everyone:
            await self._choose_source(False)
        await self.unread.finish()

    async def _listen_to(self, everyone: bool) -> None:
        """Show everyone's notices and listen to them, or show this user's."""
        await super().stop()
        await self._choose_source(everyone)
        if everyone:
            self.start()

    async def _choose_source(self, everyone: bool) -> None:
        self.row_export.cancel()  # the numbers it goes by are those of this history
        self.feed.follow(None)
        self.notices.show(())
        self.notices.forget()
        if everyone:
            self._source.open_everyone()
        else:
            await self._source.close_everyone()
        self.toolbar.show_whose(everyone)
        self.view.offer_column(USER, everyone)
        self.open_notice.close()
        self.feed.follow(self._source.history)
        self.live.forget_held()
        await self._find()
        self.unread.count_soon()

    def focus_first(self) -> None:
        self.toolbar.search.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show_found(self) -> None:
        self.toolbar.show_found(None if self.finder.query.is_all else self.notices.rowCount())

    def _show_why_empty(self) -> None:
        self.empty.button.setVisible(not self.running or not self.finder.query.is_all)
        if not self.finder.query.is_all:
            self.empty.button.setText(self.tr("Show all notices"))
            self.empty.set_title(self.tr("No notice matches"))
            self.empty.set_words(self.tr("Try other words, or another state or time."))
        else:
            self.empty.button.setText(self.tr("Start listening"))
            self.empty.set_title(self.tr("No news yet") if self.running else self.tr("Not listening"))
            self.empty.set_words(self.tr("What the warehouse decides about your orders appears here."))

    def _act_on_empty(self) -> None:
        if self.finder.query.is_all:
            self.start()
        else:
            self.toolbar.filters.clear()

    # --- what is shown

    async def _load(self) -> None:
        """Show what the history holds, then complete the full-text index where an older program left none."""
        profiles = Profiles(self.session.settings.folder)
        self.views.read()
        await self._find()
        self.unread.count_soon()
        names = await answer(self.finder.ask(lambda _: profiles.names()))
        self.notices.names = names
        self.toolbar.search.set_names(names)
        if await self.finder.index_all() and not self.finder.query.is_whole:
            await self._find()

    async def _find(self) -> None:
        query = self.toolbar.filters.query(self._order)
        self.live.forget_held()
        await self.finder.find(query)
        self._show_why_empty()
        self._show_found()
        self.toolbar.search.lead_to_table()

    def show_notices(self, notices: Iterable[StoredNotice]) -> None:
        """Show news, oldest first; nothing while the role is stopped: the next start shows them."""
        if not self.running:
            return
        news = list(notices)
        self.finder.add(news)
        self._show_found()
        self.unread.count_soon()
        if not self._source.is_everyone and not self.live.is_paused:
            self.news_arrived.emit(news)

    async def _bring(self, numbers: list[int]) -> None:
        self.notices.put(await answer(self._source.history.ask(lambda store: store.notices.at(numbers))))

    def _sort(self, column: int, is_down: bool) -> None:
        order = self.view.sorting(SORTS, column, is_down, NoticeOrder.NEWEST)
        if order is not self._order:
            self._order = order
            self.session.spawn(self._find())

    def _refresh_times(self) -> None:
        if self.isVisible():
            self.notices.refresh(*BY_THE_CLOCK)

    # --- read and unread

    def _show_selected(self) -> None:
        self.toolbar.show_selected(self.view.selected_count())

    def _show_unread(self, unread: int, missed: int) -> None:
        self.toolbar.show_unread(unread)
        self.toolbar.filters.show_away(missed)
        if not self._source.is_everyone:
            self.count_changed.emit(unread)

    async def _read(self, is_all: bool = False) -> None:
        rows = None if is_all else self.view.selected_numbers(self.view.selected_count())
        await answer(self._source.history.mark_read(rows))

    def _show_read(self, rows: list[int], all_to: int) -> None:
        """Show as read what was read, here or in another window."""
        held = self.notices.rows() if all_to else [one for n in rows if (one := self.notices.get(n)) is not None]
        now_read = [one for one in held if not one.read and (one.row <= all_to or one.row in rows)]
        self.notices.change([structs.replace(one, read=True) for one in now_read])
        self.unread.count_after_click()

    def show_order(self, row: int) -> None:
        """Lead to the notice with this number, whatever is filtered."""
        self.toolbar.filters.clear()
        self.session.spawn(self._lead_to(row))

    async def _lead_to(self, row: int) -> None:
        await self._find()
        index = self.notices.find(row)
        if index is not None:
            self.view.select(index)
            self.view.setFocus()

    # --- putting together

    def _set_up_view(self) -> None:
        self.view.setObjectName("noticesView")
        self.view.set_widths(12, 12, 23, 30, 36, 7, 14, 11, 9, stretch=3)
        self.view.setItemDelegateForColumn(MISSED, ButtonCells(self.view))
        for hidden in HIDDEN_AT_FIRST:
            self.view.setColumnHidden(hidden, True)
        self.toolbar.search.table = self.view
        self.toolbar.set_columns_menu(ColumnsMenu(self.view))
        self.menu = NoticeMenu(self.view, self._user_of)

    def _user_of(self, stored: StoredNotice) -> str:
        return self.notices.names.get(str(stored.notice.user_id)) or str(stored.notice.user_id)

    def _lay_out(self) -> None:
        parts = splitter(Qt.Orientation.Horizontal, self.live, self.details, shares=(62, 38))
        layout = column(self, self.toolbar, parts, self.done, margins=(12, 10, 12, 8))
        layout.setStretch(1, 1)

    def _connect(self) -> None:
        spawning = self.spawning
        self._clock = QTimer(self, interval=CLOCK)
        self._clock.timeout.connect(self._refresh_times)
        self._clock.start()
        self.notices.wanted.connect(spawning(self._bring))
        self.notices.sort_asked.connect(self._sort)
        self.feed.marked.connect(self._show_read)
        self.feed.notices.arrived.connect(self.show_notices)
        self.unread.counted.connect(self._show_unread)
        self.view.copy_asked.connect(spawning(self.row_export.copy))
        self.view.selectionModel().selectionChanged.connect(self._show_selected)
        self.menu.filter_asked.connect(self.toolbar.search.add)
        self.menu.read_asked.connect(spawning(self._read))
        self.live.again_asked.connect(spawning(self._find))
        self.empty.acted.connect(self._act_on_empty)
        self.running_changed.connect(self._show_why_empty)
        self.use_toolbar(self.toolbar)
        self.toolbar.filters.changed.connect(spawning(self._find))
        self.toolbar.read_asked.connect(spawning(self._read))
        self.toolbar.everyone_asked.connect(spawning(self._listen_to))
        self.toolbar.pause_button.toggled.connect(self.live.pause)
