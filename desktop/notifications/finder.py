"""Asks the history for what is shown: the first page at once, then all the numbers; a newer question ends an older."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from desktop.notifications.notices_model import NoticesModel
from desktop.shared.paged_model import PAGE
from desktop.shared.worker import answer
from messaging.history.finding import NoticeOrder, NoticeQuery, Rows
from messaging.history.history import History
from messaging.history.store import HistoryStore

T = TypeVar("T")


class Finder:
    def __init__(self, model: NoticesModel, history: Callable[[], History]) -> None:
        """`history` gives the one that is shown now."""
        self._model, self._history = model, history
        self._asked = 0
        self.query = NoticeQuery()

    async def find(self, query: NoticeQuery) -> bool:
        """False where another question came meanwhile."""
        self.query = query
        self._asked += 1
        asked = self._asked
        newest_first = query.order is NoticeOrder.NEWEST
        first = await self._ask(asked, query, -1 if query.is_whole else 2 * PAGE)
        if first is None or asked != self._asked:
            return False
        self._model.show(first, newest_first)
        if query.is_whole or len(first) < 2 * PAGE:
            return True
        every = await self._ask(asked, query, -1)
        if every is None or asked != self._asked:
            return False
        self._model.extend(_after(every, first[-1], len(first), newest_first))
        return True

    async def _ask(self, asked: int, query: NoticeQuery, limit: int) -> Rows | None:
        """In the history's thread a question that nobody waits for any more costs nothing."""
        return await answer(
            self._history().ask(lambda store: store.find_notices(query, limit) if asked == self._asked else None)
        )

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
    """What comes below the first page; notices that came meanwhile may have been put on top."""
    if not newest_first or every[count - 1] == last:
        return every[count:]
    return [number for number in every if number < last]
