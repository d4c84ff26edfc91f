"""The notice that is open beside the table, with what became of its order."""

from PySide6.QtCore import QObject

from desktop.notifications.finder import Finder
from desktop.notifications.notice_details import NoticeDetails
from desktop.notifications.notices_model import REASON, NoticesModel
from desktop.notifications.source import Source
from desktop.role.session import Session
from desktop.role.worker import answer
from desktop.tables.paged_table import PagedTable
from messaging.history.records import StoredNotice
from messaging.history.store.history_store import HistoryStore


class OpenNotice(QObject):
    """Opens the details of the notice that the user chooses in the table, and closes them where it is filtered out."""

    def __init__(
        self, session: Session, source: Source, finder: Finder, model: NoticesModel, view: PagedTable[StoredNotice]
    ) -> None:
        super().__init__(view)
        self._session, self._source, self._finder, self._model, self._view = session, source, finder, model, view
        self._is_open = False
        self.details = NoticeDetails()
        self.details.hide()
        self.details.closed.connect(self.close)
        view.on_current(self._open)
        model.modelReset.connect(self._close_filtered_out)

    def close(self) -> None:
        self._show(False)
        self._view.clearSelection()
        self._view.setFocus()

    def _open(self, chosen: StoredNotice | None) -> None:
        if chosen is None or not self._view.selectionModel().hasSelection():
            return  # the cursor came with the focus: nobody chose it
        self.details.show_notice(chosen, self._model.names.get(str(chosen.notice.user_id), ""))
        self._show(True)
        self._session.spawn(self._show_history(chosen))
        if not chosen.read:
            self._source.history.mark_read([chosen.row])

    async def _show_history(self, chosen: StoredNotice) -> None:
        def read(store: HistoryStore) -> tuple[list[StoredNotice], str]:
            return store.notices.of_order(chosen.notice.identity), store.notices.headers(chosen.row)

        notices, headers = await answer(self._finder.ask(read))
        if self.details.stored is not None and self.details.stored.row == chosen.row:
            self.details.show_timeline(notices)
            self.details.message.show_headers(headers)

    def _show(self, is_open: bool) -> None:
        """The reason stands in the details, too: the table gives its room to what was ordered."""
        if is_open != self._is_open:
            self._is_open = is_open
            self.details.setVisible(is_open)
            self._view.offer_column(REASON, not is_open)

    def _close_filtered_out(self) -> None:
        """Close the details of a notice that the filters hide; the focus stays where it is."""
        shown = self.details.stored if self._is_open else None
        if shown is not None and self._model.find(shown.row) is None:
            self._show(False)
