"""Asks the history for what is shown: the first page at once, then all the numbers; a newer question ends an older."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from desktop.notifications.notices_model import NoticesModel
from desktop.role.search import Searches
from desktop.role.worker import answer
from desktop.tables.paged_model import PAGE
from messaging.history.history import History
from messaging.history.records import StoredNotice
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.search.notice_search import NoticeOrder, NoticeQuery
from messaging.history.store.search.row_numbers import RowNumbers

T = TypeVar("T")


class Finder:
    def __init__(
        self, model: NoticesModel, history: Callable[[], History], show_news: Callable[[Sequence[StoredNotice]], None]
    ) -> None:
        """`history` gives the one that is shown now; `show_news` is given what came after that was asked."""
        self._model, self._history, self._show_news = model, history, show_news
        self._searches = Searches(history)
        self._upto = 0  # the newest notice of the history when it was asked for what is shown
        self._meanwhile: list[StoredNotice] = []  # came while a question is under way
        self._is_asking = False
        self.query = NoticeQuery()

    def add(self, news: Sequence[StoredNotice]) -> None:
        """Show those of them that belong to what is shown and are not among it."""
        if self._is_asking:
            self._meanwhile += news
        self._show_news([kept for kept in news if kept.row > self._upto and self.query.takes(kept)])

    async def find(self, query: NoticeQuery) -> bool:
        """Show the first page, then every notice; False where another search has begun meanwhile."""
        self.query = query
        search = self._searches.begin()
        newest_first = query.order is NoticeOrder.NEWEST
        self._is_asking = True
        try:
            found = await search.ask(partial(_find_with_newest, query, -1 if query.is_whole else 2 * PAGE))
        finally:
            if search.is_current:
                self._is_asking = False
        if found is None:
            return False
        first, self._upto = found
        self._model.show(first, newest_first)
        meanwhile, self._meanwhile = self._meanwhile, []
        self.add(meanwhile)
        if query.is_whole or len(first) < 2 * PAGE:
            return True
        found = await search.ask(partial(_find_with_newest, query, -1))
        if found is None:
            return False
        every = found[0] if found[1] == self._upto else [number for number in found[0] if number <= self._upto]
        self._model.extend(_after(every, first[-1], len(first), newest_first))
        return True

    async def index_all(self) -> bool:
        """Bring the full-text index on, in portions, so that others of this history get their turn."""
        left = await answer(self._history().ask(lambda store: store.index.catch_up()))
        had_to = left > 0
        while left:
            left = await answer(self._history().ask(lambda store: store.index.catch_up()))
        return had_to

    def ask(self, work: Callable[[HistoryStore], T]) -> "Future[T]":
        return self._history().ask(work)


def _find_with_newest(query: NoticeQuery, limit: int, store: HistoryStore) -> tuple[RowNumbers, int]:
    """In the history's thread: the numbers found, and that of the newest notice there was before."""
    upto = store.standing()[1]  # first: another window may write between the two
    return store.notices.find(query, limit), upto


def _after(every: RowNumbers, last: int, count: int, newest_first: bool) -> RowNumbers:
    """What comes below the first page; notices of it may have been read meanwhile, and not belong to it any more."""
    if not newest_first or (len(every) >= count and every[count - 1] == last):
        return every[count:]
    return [number for number in every if number < last]
