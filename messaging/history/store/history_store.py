"""What a user keeps on disk: orders placed, notices received, a draft, the last stock seen.

Plain sqlite3, and always SQLite: it is one person's own file, which must open within milliseconds.
"""

from collections.abc import Sequence
from pathlib import Path

import msgspec

from messaging.contract import codec
from messaging.domain.stock import StockLevel
from messaging.history.records import HistoryChanges, HistoryCounts
from messaging.history.store.database.database_file import HistoryFile
from messaging.history.store.followed_books_table import FollowedBooksTable
from messaging.history.store.listener_positions import ListenerPositions
from messaging.history.store.notice_table import NoticeTable
from messaging.history.store.order_table import OrderTable
from messaging.history.store.outbox_table import OutboxTable
from messaging.history.store.rows import placed_order, stored_notice
from messaging.history.store.saved_draft import SavedDraft
from messaging.history.store.saved_views import SavedViewsTable
from messaging.history.store.search.notice_index import NoticeIndex
from messaging.history.store.unanswered_orders import Resending
from messaging.runtime.upgrading import Told, nobody

_levels = msgspec.json.Decoder(list[StockLevel])


class HistoryStore:
    """One user's history as its parts, over one file. Used from one thread; several windows of the same user may share
    the file. Every method, of the parts too, raises StoreUnavailable where the file cannot be used."""

    def __init__(self, path: Path, user_id: str, told: Told = nobody) -> None:
        """`told` is called with a text while an older history is brought to this version."""
        self._file = HistoryFile(path, user_id, told)
        try:
            self.index = NoticeIndex(self._file)
        except BaseException:
            self._file.close()
            raise
        self.draft = SavedDraft(self._file)
        self.orders = OrderTable(self._file)
        self.outbox = OutboxTable(self._file, self.orders, self.draft)
        self.resending = Resending(self._file)
        self.notices = NoticeTable(self._file, self.orders, self.index)
        self.views = SavedViewsTable(self._file)
        self.listeners = ListenerPositions(self._file)
        self.books = FollowedBooksTable(self._file)

    def close(self) -> None:
        self._file.close()

    def counts(self) -> HistoryCounts:
        sql = """SELECT (SELECT count(*) FROM outbox) AS waiting,
            (SELECT count(*) FROM notices WHERE read = 0) AS unread, (SELECT count(*) FROM notices) AS notices"""
        row = self._file.read(sql)[0]
        return HistoryCounts(row["waiting"], row["unread"], self.orders.counts(), row["notices"])

    def version(self) -> int:
        """The number of the last write, of whichever window."""
        return int(self._file.mark("version"))

    def standing(self) -> tuple[int, int]:
        """The version and the newest notice's row at one moment, whatever other windows write."""
        (row,) = self._file.read("""SELECT value, (SELECT coalesce(max(row), 0) FROM notices)
            FROM marks WHERE key = 'version'""")
        return int(row[0]), int(row[1])

    def changes(self, after: int) -> HistoryChanges:
        """What any window wrote after version `after`; cheap where that is nothing."""
        upto = self.version()
        if upto == after:
            return HistoryChanges(upto, [], [])
        where = "WHERE version > ? AND version <= ? ORDER BY"
        orders = self._file.read(f"SELECT * FROM orders {where} number", (after, upto))
        notices = self._file.read(f"SELECT * FROM notices {where} row", (after, upto))
        all_read_to = int(self._file.mark("all_read_to")) if (self._file.mark("all_read_by") or 0) > after else 0
        return HistoryChanges(
            upto, [placed_order(row) for row in orders], [stored_notice(row) for row in notices], all_read_to
        )

    def catalogue(self) -> list[StockLevel]:
        """The stock last seen, to show while no warehouse answers."""
        body = self._file.mark("catalogue")
        return _levels.decode(body) if body else []

    def save_catalogue(self, levels: Sequence[StockLevel]) -> None:
        self._file.set_mark("catalogue", codec.encode_many(levels))
