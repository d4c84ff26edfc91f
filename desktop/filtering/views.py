"""Filters under a name: some that are built in, and those the user saves."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.filtering.keys import FilterSubject
from desktop.filtering.rewriting import in_words, neutral
from desktop.role.session import Session
from desktop.role.worker import answer
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.saved_views import SavedView


class SavedViews(QObject):
    """The views of one table. Signals: `changed`; `chosen(text)` with a filter in the window's language."""

    changed = Signal()
    chosen = Signal(str)

    def __init__(
        self,
        session: Session,
        table: str,
        subject: FilterSubject,
        built_in: Sequence[SavedView],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._table, self._subject = session, table, subject
        self.built_in = [self._translated(view) for view in built_in]
        self.saved: list[SavedView] = []

    def all(self) -> list[SavedView]:
        return [*self.built_in, *self.saved]

    def choose(self, view: SavedView) -> None:
        self.chosen.emit(view.text)

    def read(self) -> None:
        """Read the saved views: another window of this user may have changed them."""
        self._session.spawn(self._show(lambda store: store.views.of(self._table)))

    def save(self, name: str, text: str) -> None:
        """Save this filter, in place of a saved one with the same name."""
        view = SavedView(name, neutral(text, self._subject))
        self._session.spawn(self._show(lambda store: store.views.save(self._table, view)))

    def rename(self, name: str, new: str) -> None:
        self._session.spawn(self._show(lambda store: store.views.rename(self._table, name, new)))

    def remove(self, name: str) -> None:
        self._session.spawn(self._show(lambda store: store.views.remove(self._table, name)))

    async def _show(self, work: Callable[[HistoryStore], list[SavedView]]) -> None:
        """Do this work in the history's thread; it gives the views that are saved afterwards."""
        stored = await answer(self._session.history.ask(work))
        saved = [self._translated(view) for view in stored]
        if saved != self.saved:
            self.saved = saved
            self.changed.emit()

    def _translated(self, view: SavedView) -> SavedView:
        return SavedView(view.name, in_words(view.text, self._subject))
