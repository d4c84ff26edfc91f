"""Filters under a name: some that the desk brings along, and those its user keeps."""

from collections.abc import Callable, Sequence
from typing import Concatenate, ParamSpec

from PySide6.QtCore import QObject, Signal

from desktop.filtering.keys import Subject
from desktop.filtering.rewriting import in_words, neutral
from desktop.role.session import Session
from desktop.role.worker import answer
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.saved_views import SavedView

P = ParamSpec("P")


class SavedViews(QObject):
    """Of one table. Signals: `changed`; `chosen(text)`: what is to be filtered, in the window's language."""

    changed = Signal()
    chosen = Signal(str)

    def __init__(
        self,
        session: Session,
        table: str,
        subject: Subject,
        built_in: Sequence[SavedView],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._table, self._subject = session, table, subject
        self.built_in = [self._spoken(view) for view in built_in]
        self.kept: list[SavedView] = []

    def all(self) -> list[SavedView]:
        return [*self.built_in, *self.kept]

    def choose(self, view: SavedView) -> None:
        self.chosen.emit(view.text)

    def read(self) -> None:
        """Another window of this user may have kept one."""
        self._session.spawn(self._show(HistoryStore.views, self._table))

    def keep(self, name: str, text: str) -> None:
        """It takes the place of a kept one with the same name."""
        view = SavedView(name, neutral(text, self._subject))
        self._session.spawn(self._show(HistoryStore.keep_view, self._table, view))

    def rename(self, name: str, new: str) -> None:
        self._session.spawn(self._show(HistoryStore.rename_view, self._table, name, new))

    def remove(self, name: str) -> None:
        self._session.spawn(self._show(HistoryStore.remove_view, self._table, name))

    async def _show(
        self, work: Callable[Concatenate[HistoryStore, P], list[SavedView]], *args: P.args, **kwargs: P.kwargs
    ) -> None:
        """Do this work in the history's thread, and show the views that are kept afterwards."""
        stored = await answer(self._session.history.ask(work, *args, **kwargs))
        kept = [self._spoken(view) for view in stored]
        if kept != self.kept:
            self.kept = kept
            self.changed.emit()

    def _spoken(self, view: SavedView) -> SavedView:
        return SavedView(view.name, in_words(view.text, self._subject))
