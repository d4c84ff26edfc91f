"""Filters that a user has saved under a name, each for one table; every window of that user shows them."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from messaging.history.store.database.database_file import HistoryFile

MOST_VIEWS = 100  # of a table; the oldest go
LONGEST_NAME, LONGEST_TEXT = 60, 2000  # characters


class SavedView(NamedTuple):
    name: str
    text: str  # as it is typed


class SavedViewsTable:
    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def of(self, table: str) -> list[SavedView]:
        """The views of one table of the window, in the order in which they were saved."""
        body = self._file.mark(f"views/{table}")
        return msgspec.json.decode(body, type=list[SavedView]) if body else []

    def save(self, table: str, view: SavedView) -> list[SavedView]:
        """The view takes the place of one with the same name; gives all views of the table, as the others do."""
        saved = SavedView(view.name[:LONGEST_NAME], view.text[:LONGEST_TEXT])
        return self._write_views(table, lambda views: [*_others(views, saved.name), saved])

    def rename(self, table: str, name: str, new: str) -> list[SavedView]:
        """The view stays where it stands in the list; another one that had the new name is removed."""

        def renamed(views: list[SavedView]) -> list[SavedView]:
            there = [view for view in views if view.name == name or view not in _same(views, new)]
            return [SavedView(new[:LONGEST_NAME], view.text) if view.name == name else view for view in there]

        return self._write_views(table, renamed)

    def remove(self, table: str, name: str) -> list[SavedView]:
        return self._write_views(table, lambda views: _others(views, name))

    def _write_views(self, table: str, change: Callable[[list[SavedView]], list[SavedView]]) -> list[SavedView]:
        """Reads and writes in one transaction: another window may save one, too."""
        with self._file.writing():
            views = change(self.of(table))[-MOST_VIEWS:]
            self._file.put_mark(f"views/{table}", msgspec.json.encode(views))
        return views


def _same(views: list[SavedView], name: str) -> list[SavedView]:
    return [view for view in views if view.name.casefold() == name.casefold()]


def _others(views: list[SavedView], name: str) -> list[SavedView]:
    return [view for view in views if view.name.casefold() != name.casefold()]
