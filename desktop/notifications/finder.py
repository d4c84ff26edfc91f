"""Asks the history for what is shown: the first page at once, then all the numbers; a newer question ends an older."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TypeVar

from desktop.notifications.notices_model import NoticesModel
from desktop.role.worker import answer
from desktop.tables.paged_model import PAGE
from messaging.history.history import History
from messaging.history.records import StoredNotice
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.notice_search import NoticeOrder, NoticeQuery, Rows

T = TypeVar("T")


class Finder:
    def __init__(
        self, model: NoticesModel, history: Callable[[], History], show_news: Callable[[Sequence[StoredNotice]], None]
    ) -> None:
        """`history` gives the one that is shown now; `show_news` is given what came after that was asked."""
        self._model, self._history, self._show_news = model, history, show_news
        self._asked = 0
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
        """False where another question came meanwhile."""
        self.query = query
        self._asked += 1
        asked = self._asked
        newest_first = query.order is NoticeOrder.NEWEST
        self._is_asking = True
        try:
            found = await self._ask(asked, query, -1 if query.is_whole else 2 * PAGE)
        finally:
            if asked == self._asked:
                self._is_asking = False
        if found is None or asked != self._asked:
            return False
        first, self._upto = found
        self._model.show(first, newest_first)
        meanwhile, self._meanwhile = self._meanwhile, []
        self.add(meanwhile)
        if query.is_whole or len(first) < 2 * PAGE:
            return True
        found = await self._ask(asked, query, -1)
        if found is None or asked != self._asked:
            return False
        every = found[0] if found[1] == self._upto else [number for number in found[0] if number <= self._upto]
        self._model.extend(_after(every, first[-1], len(first), newest_first))
        return True

    async def _ask(self, asked: int, query: NoticeQuery, limit: int) -> tuple[Rows, int] | None:
        """With the newest notice there was. In the history's thread a question that nobody waits for costs nothing."""

        def find(store: HistoryStore) -> tuple[Rows, int] | None:
            upto = store.standing()[1]  # first: another window may write between the two
            return (store.find_notices(query, limit), upto) if asked == self._asked else None

        return await answer(self._history().ask(find))

    async def index_all(self) -> bool:
        """Bring the full-text index on, in portions, so that others of this history get their turn."""
        left = await answer(self._history().ask(lambda store: store.index_more()))
        had_to = left > 0
        while left:
            left = await answer(self._history().ask(lambda store: store.index_more()))
        return had_to

    def ask(self, work: Callable[[HistoryStore], T]) -> "Future[T]":
        return self._history().ask(work)


def _after(every: Rows, last: int, count: int, newest_first: bool) -> Rows:
    """What comes below the first page; notices of it may have been read meanwhile, and not belong to it any more."""
    if not newest_first or (len(every) >= count and every[count - 1] == last):
        return every[count:]
    return [number for number in every if number < last]
