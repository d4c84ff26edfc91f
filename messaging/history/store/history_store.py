"""What a user keeps on disk: orders placed, notices received, a draft, the last stock seen.

Plain sqlite3, and always SQLite: it is one person's own file, which must open within milliseconds.
"""

from collections.abc import Sequence

import msgspec

from messaging.contract import codec
from messaging.domain.orders import OnShortage
from messaging.domain.stock import StockLevel
from messaging.history.records import Draft, HistoryChanges, HistoryCounts
from messaging.history.store.followed_books_table import FollowedBooksTable
from messaging.history.store.listener_positions import ListenerPositions
from messaging.history.store.notice_table import NoticeTable
from messaging.history.store.order_search import OrderSearch
from messaging.history.store.rows import kept_notice, placed_order
from messaging.history.store.saved_views import SavedViewsTable
from messaging.history.store.unanswered_orders import Resending

_levels = msgspec.json.Decoder(list[StockLevel])


class HistoryStore(NoticeTable, Resending, FollowedBooksTable, OrderSearch, ListenerPositions, SavedViewsTable):
    """Used from one thread; several windows of the same user may share the file."""

    def counts(self) -> HistoryCounts:
        sql = """SELECT (SELECT count(*) FROM outbox) AS waiting,
            (SELECT count(*) FROM notices WHERE read = 0) AS unread, (SELECT count(*) FROM notices) AS notices"""
        row = self._read(sql)[0]
        return HistoryCounts(row["waiting"], row["unread"], self.order_counts(), row["notices"])

    def waiting(self) -> int:
        """Messages that still have to leave."""
        return int(self._read("SELECT count(*) FROM outbox")[0][0])

    def unread(self) -> int:
        return int(self._read("SELECT count(*) FROM notices WHERE read = 0")[0][0])

    def unread_missed(self) -> int:
        """Among the newest ten thousand that are unread: it is counted often."""
        newest = "SELECT missed FROM notices WHERE read = 0 ORDER BY row DESC LIMIT 10000"
        return int(self._read(f"SELECT count(*) FROM ({newest}) WHERE missed")[0][0])

    def version(self) -> int:
        """The number of the last write, of whichever window."""
        return int(self._mark("version"))

    def standing(self) -> tuple[int, int]:
        """The version and the newest notice's row at one moment, whatever other windows write."""
        (row,) = self._read("""SELECT value, (SELECT coalesce(max(row), 0) FROM notices)
            FROM marks WHERE key = 'version'""")
        return int(row[0]), int(row[1])

    def changes(self, after: int) -> HistoryChanges:
        """What any window wrote after version `after`; cheap where that is nothing."""
        upto = self.version()
        if upto == after:
            return HistoryChanges(upto, [], [])
        where = "WHERE version > ? AND version <= ? ORDER BY"
        orders = self._read(f"SELECT * FROM orders {where} number", (after, upto))
        notices = self._read(f"SELECT * FROM notices {where} row", (after, upto))
        all_read_to = int(self._mark("all_read_to")) if (self._mark("all_read_by") or 0) > after else 0
        return HistoryChanges(
            upto, [placed_order(row) for row in orders], [kept_notice(row) for row in notices], all_read_to
        )

    def draft(self) -> Draft | None:
        body = self._mark("draft")
        return msgspec.json.decode(body, type=Draft) if body else None

    def save_draft(self, lines: Sequence[tuple[str, int]], on_shortage: OnShortage = OnShortage.REJECT) -> None:
        """No lines: nothing is left to remember."""
        body = msgspec.json.encode(Draft(list(lines), on_shortage)) if lines else b""
        self._set_mark("draft", body)

    def catalogue(self) -> list[StockLevel]:
        """The stock last seen, to show while no warehouse answers."""
        body = self._mark("catalogue")
        return _levels.decode(body) if body else []

    def save_catalogue(self, levels: Sequence[StockLevel]) -> None:
        self._set_mark("catalogue", codec.encode_many(levels))
