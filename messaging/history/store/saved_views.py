"""Filters kept under a name, of one table each: with the user, so that every window of that user has them."""

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from messaging.history.store.database_file import HistoryFile

MOST_VIEWS = 100  # of a table; the oldest go
LONGEST_NAME, LONGEST_TEXT = 60, 2000  # characters


class SavedView(NamedTuple):
    name: str
    text: str  # as it is typed


class SavedViewsTable(HistoryFile):
    def views(self, table: str) -> list[SavedView]:
        """In the order in which they were kept."""
        body = self._mark(f"views/{table}")
        return msgspec.json.decode(body, type=list[SavedView]) if body else []

    def keep_view(self, table: str, view: SavedView) -> list[SavedView]:
        """It takes the place of one with the same name."""
        kept = SavedView(view.name[:LONGEST_NAME], view.text[:LONGEST_TEXT])
        return self._write_views(table, lambda views: [*_others(views, kept.name), kept])

    def rename_view(self, table: str, name: str, new: str) -> list[SavedView]:
        """In its place; another one that had that name goes."""

        def renamed(views: list[SavedView]) -> list[SavedView]:
            there = [view for view in views if view.name == name or view not in _same(views, new)]
            return [SavedView(new[:LONGEST_NAME], view.text) if view.name == name else view for view in there]

        return self._write_views(table, renamed)

    def remove_view(self, table: str, name: str) -> list[SavedView]:
        return self._write_views(table, lambda views: _others(views, name))

    def _write_views(self, table: str, change: Callable[[list[SavedView]], list[SavedView]]) -> list[SavedView]:
        """Read and written at once: another window may keep one, too."""
        with self._writing():
            views = change(self.views(table))[-MOST_VIEWS:]
            sql = "INSERT OR REPLACE INTO marks VALUES (?, ?)"
            self._connection.execute(sql, (f"views/{table}", msgspec.json.encode(views)))
        return views


def _same(views: list[SavedView], name: str) -> list[SavedView]:
    return [view for view in views if view.name.casefold() == name.casefold()]


def _others(views: list[SavedView], name: str) -> list[SavedView]:
    return [view for view in views if view.name.casefold() != name.casefold()]
