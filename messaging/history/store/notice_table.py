"""The notices of this user, each stored once."""

from collections.abc import Sequence

from messaging.contract import codec
from messaging.domain.notices import Notice
from messaging.domain.orders import now
from messaging.history.records import Applied, StoredNotice
from messaging.history.store.database.database_file import HistoryFile
from messaging.history.store.order_moves import move_orders
from messaging.history.store.order_table import OrderTable
from messaging.history.store.rows import stored_notice
from messaging.history.store.search.notice_index import AT_ONCE, NoticeIndex
from messaging.history.store.search.notice_search import NoticeQuery, NoticeSearch
from messaging.history.store.search.row_numbers import RowNumbers
from messaging.history.store.search.row_text import notice_words

INSERT = """INSERT INTO notices
    (event_id, identity, user_id, status, seq, body, words, received_at, missed, version)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE NOT EXISTS (SELECT 1 FROM notices WHERE event_id = ?1)"""


class NoticeTable:
    def __init__(self, file: HistoryFile, orders: OrderTable, index: NoticeIndex) -> None:
        self._file, self._orders, self._index = file, orders, index
        self._search = NoticeSearch(file, index)

    def apply(
        self, notices: Sequence[Notice], missed: bool, headers: Sequence[str] = (), *, anew: bool = False
    ) -> Applied:
        """Store notices, each once by its event id, and move my orders on.

        `missed`: they came by asking. `headers`: how each travelled, as JSON. One of an order that is not
        in this history is stored and changes no order. A late or repeated one never turns the shown state back.
        `anew`: the warehouse sends all of its events again, and notices that were stored before move orders too.
        """
        received_at = now()
        new: list[StoredNotice] = []
        with self._file.writing() as version:
            for notice, travelled in zip(notices, headers or [""] * len(notices), strict=True):
                row = self._insert(notice, missed, received_at, version)
                if row is not None:
                    new.append(StoredNotice(row, notice, received_at, missed))
                    if travelled:
                        self._file.execute("INSERT INTO notice_headers VALUES (?, ?)", (row, travelled))
            self._index.extend(2 * len(new) + AT_ONCE if new else 0)
            moved = move_orders(self._file, notices if anew else [kept.notice for kept in new], received_at, version)
        return Applied(new, self._orders.named(moved))

    def after(self, row: int, limit: int) -> list[StoredNotice]:
        """Oldest first: in the order in which they came into the history, whichever window or command received them."""
        rows = self._file.read("SELECT * FROM notices WHERE row > ? ORDER BY row LIMIT ?", (row, limit))
        return [stored_notice(found) for found in rows]

    def of_order(self, identity: str) -> list[StoredNotice]:
        """In the order in which the warehouse decided, where it numbers its events."""
        sql = "SELECT * FROM notices WHERE identity = ? ORDER BY seq, row"
        return [stored_notice(row) for row in self._file.read(sql, (identity,))]

    def headers(self, row: int) -> str:
        """How a notice travelled, as JSON; empty for one that came by asking."""
        found = self._file.read("SELECT headers FROM notice_headers WHERE row = ?", (row,))
        return str(found[0]["headers"]) if found else ""

    def find(self, query: NoticeQuery, limit: int = -1) -> RowNumbers:
        """The row numbers, sorted: a range where there are no gaps, otherwise 8 bytes each."""
        return self._search.find(query, limit)

    def at(self, rows: Sequence[int]) -> list[StoredNotice]:
        """The notices in these rows that are there, in no certain order."""
        return [stored_notice(row) for row in self._file.read_by_keys("SELECT * FROM notices WHERE row IN ({})", rows)]

    def unread(self) -> int:
        return int(self._file.read("SELECT count(*) FROM notices WHERE read = 0")[0][0])

    def unread_missed(self) -> int:
        """Among the newest ten thousand that are unread: it is counted often."""
        newest = "SELECT missed FROM notices WHERE read = 0 ORDER BY row DESC LIMIT 10000"
        return int(self._file.read(f"SELECT count(*) FROM ({newest}) WHERE missed")[0][0])

    def mark_read(self, rows: Sequence[int] | None = None) -> None:
        """None: all of them."""
        with self._file.writing() as version:
            if rows is None:  # a million stamps would make every other window read a million rows
                self._file.execute("UPDATE notices SET read = 1 WHERE read = 0")
                said = "INSERT OR REPLACE INTO marks VALUES ('all_read_by', ?), ('all_read_to', ?)"
                self._file.execute(said, (version, self._index.last_row()))
                return
            sql = "UPDATE notices SET read = 1, version = ? WHERE row = ? AND read = 0"
            self._file.execute_many(sql, [(version, row) for row in rows])

    def _insert(self, notice: Notice, missed: bool, received_at: str, version: int) -> int | None:
        """The new row, or None where the notice was there."""
        values = (notice.event_id, notice.identity, str(notice.user_id), notice.status.value, notice.seq)
        more = (codec.encode(notice), notice_words(notice), received_at, missed, version)
        cursor = self._file.execute(INSERT, values + more)
        return cursor.lastrowid if cursor.rowcount else None
