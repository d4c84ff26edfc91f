"""The menu with what can be done with a notice."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal

from desktop.filtering.keys import key
from desktop.filtering.pieces import piece_text
from desktop.style.states import of_state
from desktop.tables.paged_table import PagedTable
from desktop.tables.row_menu import RowMenu
from messaging.history.records import StoredNotice
from messaging.history.store.search.search_terms import Field


class NoticeMenu(RowMenu[StoredNotice]):
    """Signals: `filter_asked(text)` a piece to append to the filter; `read_asked` for what is selected."""

    filter_asked = Signal(str)
    read_asked = Signal()

    def __init__(self, view: PagedTable[StoredNotice], user_named: Callable[[StoredNotice], str]) -> None:
        super().__init__(view)
        self.setAccessibleName(self.tr("The notice"))
        self._user_named = user_named

    def fill(self, row: StoredNotice) -> None:
        self.clear()
        state = of_state(row.notice.status).typed
        for words, field, value in (
            (self.tr("Only this order"), Field.ORDER, str(row.notice.order_id)),
            (self.tr("Only this state"), Field.STATE, state),
            (self.tr("Only this user"), Field.USER, self._user_named(row)),
        ):
            self.add(words, "search", partial(self.filter_asked.emit, piece_text(key(field), value)))
        other = f"-{piece_text(key(Field.STATE), state)}"
        self.add(self.tr("Not this state"), "", partial(self.filter_asked.emit, other))
        self.addSeparator()
        self.add(self.tr("Mark as read"), "mail-open", self.read_asked.emit)
        self.add_copies(str(row.notice.order_id))
