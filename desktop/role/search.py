"""Asynchronous searches in a history, of which only the newest counts."""

from collections.abc import Callable
from typing import TypeVar

from desktop.role.worker import answer
from messaging.history.history import History
from messaging.history.store.history_store import HistoryStore

T = TypeVar("T")


class Searches:
    """The searches of one page, one after the other: beginning one ends those before it."""

    def __init__(self, history: Callable[[], History]) -> None:
        """`history` gives the one that is shown now."""
        self._history = history
        self._newest: Search | None = None

    def begin(self) -> "Search":
        self._newest = Search(self, self._history())
        return self._newest

    def is_newest(self, search: "Search") -> bool:
        return search is self._newest


class Search:
    def __init__(self, searches: Searches, history: History) -> None:
        self._searches, self._history = searches, history

    @property
    def is_current(self) -> bool:
        """False once a newer search has begun."""
        return self._searches.is_newest(self)

    async def ask(self, work: Callable[[HistoryStore], T]) -> T | None:
        """What `work` finds; None where a newer search has begun, which also spares the history the work."""
        found = await answer(self._history.ask(lambda store: work(store) if self.is_current else None))
        return found if self.is_current else None
