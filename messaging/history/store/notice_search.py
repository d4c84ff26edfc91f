"""Finding notices among a million: a full-text index that follows the table, and row numbers instead of rows.

The index is contentless (it holds terms and row numbers only, 80 bytes a notice) and follows in the write that
keeps new notices; what it does not hold yet, after an update or where SQLite has no FTS5, is scanned.
"""

import sqlite3
from array import array
from collections.abc import Sequence
from enum import StrEnum

import msgspec
from msgspec import Struct

from messaging.domain.orders import OrderStatus
from messaging.history.records import StoredNotice
from messaging.history.store import search_terms
from messaging.history.store.database_file import HistoryFile, place_holders
from messaging.history.store.rows import kept_notice, notice_words
from messaging.history.store.search_terms import Field, Word

# Prefixes as long as this are looked up at once; longer ones are gathered from the terms that begin so.
INDEX = """CREATE VIRTUAL TABLE IF NOT EXISTS notices_index
    USING fts5(terms, content='', columnsize=0, detail=none, tokenize='ascii', prefix='1 2 3 4 5')"""
AT_ONCE = 5000  # notices indexed in one write at least, where some are behind

Rows = Sequence[int]


class NoticeOrder(StrEnum):
    """How found notices are sorted; each has an index to walk along."""

    NEWEST = "row DESC"
    OLDEST = "row ASC"
    STATE = "status ASC, row DESC"
    STATE_DOWN = "status DESC, row DESC"
    ORDER = "identity ASC, row ASC"
    ORDER_DOWN = "identity DESC, row ASC"


class NoticeQuery(Struct, frozen=True):
    """What to show: all of it must hold. `since` and `until` (not of it itself) are times of receipt in ISO 8601.

    `unread` and `missed`: only those that are, only those that are not, or (None) whichever.
    """

    words: tuple[Word, ...] = ()
    states: tuple[OrderStatus, ...] = ()
    since: str = ""
    unread: bool | None = None
    missed: bool | None = None
    order: NoticeOrder = NoticeOrder.NEWEST
    until: str = ""

    @property
    def is_whole(self) -> bool:
        """Whether it takes every notice, or every one of some time."""
        return not (self.words or self.states) and self.unread is None and self.missed is None

    @property
    def is_all(self) -> bool:
        return self.is_whole and not self.since and not self.until

    @property
    def orders(self) -> tuple[Word, ...]:
        """Words about an order's identity: the index knows ids, but not of what."""
        return tuple(word for word in self.words if word.field is Field.ORDER and word.ways)

    def takes(self, kept: StoredNotice) -> bool:
        """Whether a notice that just arrived belongs to what is shown."""
        notice = kept.notice
        if self.states and notice.status not in self.states:
            return False
        if self.unread is kept.read or self.missed not in (None, kept.missed) or kept.received_at < self.since:
            return False
        if self.until and kept.received_at >= self.until:
            return False
        terms = search_terms.notice_terms(notice_words(notice), notice.status, kept.missed) if self.words else ()
        return all(search_terms.holds(word, terms, notice.identity) for word in self.words)


class NoticeSearch(HistoryFile):
    _has_index = False

    def _prepare(self) -> None:
        super()._prepare()
        with self._in_words():
            self._has_index = self._make_index()
            if self._has_index and self._mark("terms") != search_terms.TERMS:
                self._begin_anew()

    def _make_index(self) -> bool:
        """False where this Python's SQLite has no FTS5."""
        try:
            self._connection.execute("SELECT rowid FROM notices_index LIMIT 0")
        except sqlite3.OperationalError as error:
            if "notices_index" in str(error):
                return self._create_index()
            if "fts5" not in str(error):
                raise
            return False
        return True

    def _create_index(self) -> bool:
        try:
            self._connection.execute(INDEX)
        except sqlite3.OperationalError as error:
            if "fts5" not in str(error):
                raise
            return False
        return True

    def _begin_anew(self) -> None:
        """The index of a program with another rule; `index_more` fills it."""
        with self._writing():
            self._connection.execute("DROP TABLE IF EXISTS notices_index")
            self._connection.execute(INDEX)
            self._connection.execute("UPDATE marks SET value = 0 WHERE key = 'indexed_to'")
            self._connection.execute("INSERT OR REPLACE INTO marks VALUES ('terms', ?)", (search_terms.TERMS,))

    def find_notices(self, query: NoticeQuery, limit: int = -1) -> Rows:
        """The row numbers, sorted: a range where there are no gaps, otherwise 8 bytes each."""
        if query.is_whole and query.order in (NoticeOrder.NEWEST, NoticeOrder.OLDEST):
            whole = self._all_in_a_row()
            if whole is not None:
                first, end = self._between(query)
                shown = range(max(first, whole.start), max(min(end, whole.stop), first, whole.start))
                return shown[::-1] if query.order is NoticeOrder.NEWEST else shown
        match = search_terms.expression(query.words, query.states, query.missed)
        match = match or (search_terms.EVERY if query.unread is False else "")
        if (
            match
            and query.order in (NoticeOrder.NEWEST, NoticeOrder.OLDEST)
            and query.unread is not True
            and not query.orders
            and not self._behind()
        ):
            return self._indexed(match, query, limit)
        sql, values = self._where(query, match)
        found = f"SELECT row FROM notices WHERE {sql} ORDER BY {query.order} LIMIT ?"
        return self._numbers("row", found, (*values, limit))

    def notices_at(self, rows: Sequence[int]) -> list[StoredNotice]:
        """Those that are there, in no certain order."""
        return [kept_notice(row) for row in self._by_key("SELECT * FROM notices WHERE row IN ({})", rows)]

    def index_more(self, limit: int = AT_ONCE) -> int:
        """Bring the index on; gives how many notices it lacks still. In a write of its own."""
        if not self._has_index or not self._behind():
            return 0
        with self._writing():
            self._index(limit)
        return self._behind()

    def _index(self, limit: int) -> None:
        """Within a write."""
        if not self._has_index:
            return
        sql = "SELECT row, words, status, missed FROM notices WHERE row > ? ORDER BY row LIMIT ?"
        rows = self._connection.execute(sql, (self._indexed_to(), limit)).fetchall()
        if rows:
            terms = (
                (r["row"], " ".join(search_terms.notice_terms(r["words"], r["status"], r["missed"]))) for r in rows
            )
            self._connection.executemany("INSERT INTO notices_index (rowid, terms) VALUES (?, ?)", terms)
            self._connection.execute("UPDATE marks SET value = ? WHERE key = 'indexed_to'", (rows[-1]["row"],))

    def _indexed_to(self) -> int:
        return int(self._mark("indexed_to") or 0) if self._has_index else 0

    def _behind(self) -> int:
        return max(self._last_row() - self._indexed_to(), 0)

    def _last_row(self) -> int:
        return int(self._read("SELECT ifnull(max(row), 0) FROM notices")[0][0])

    def _all_in_a_row(self) -> range | None:
        """None where numbers are missing."""
        sql = """SELECT ifnull((SELECT min(row) FROM notices), 1), ifnull((SELECT max(row) FROM notices), 0),
            (SELECT count(*) FROM notices)"""
        first, last, count = self._read(sql)[0]
        return range(first, last + 1) if last - first + 1 == count else None

    def _indexed(self, match: str, query: NoticeQuery, limit: int) -> "array[int]":
        """By the index alone, which is walked in either direction."""
        are_read = "" if query.unread is None else "AND rowid NOT IN (SELECT row FROM notices WHERE read = 0)"
        sql = f"""SELECT rowid AS row FROM notices_index WHERE notices_index MATCH ? AND rowid >= ? AND rowid < ?
            {are_read} ORDER BY {query.order.replace("row", "rowid")} LIMIT ?"""
        return self._numbers("row", sql, (match, *self._between(query), limit))

    def _where(self, query: NoticeQuery, match: str) -> tuple[str, tuple[str | int, ...]]:
        parts, values = ["1"], list[str | int]()
        if query.since or query.until:
            parts.append("row >= ? AND row < ?")
            values += self._between(query)
        for word in query.orders:
            ways = [search_terms.order_condition(way) for way in word.ways]
            parts.append(f"{'NOT ' * word.without}({' OR '.join(sql for sql, _ in ways)})")
            values += [value for _, more in ways for value in more]
        if query.unread is not None:
            parts.append(f"read = {int(not query.unread)}")
        if match:
            indexed_to = self._indexed_to()
            scan, scanned = _scan(query)
            if self._behind():
                parts.append(f"(row > ? AND {scan} OR {self._matching()})")
                values += [indexed_to, *scanned, match] if self._has_index else [indexed_to, *scanned]
            else:
                parts.append(self._matching())
                values.append(match)
        return " AND ".join(parts), tuple(values)

    def _matching(self) -> str:
        if not self._has_index:
            return "0"
        return "row IN (SELECT rowid FROM notices_index WHERE notices_index MATCH ?)"

    def _between(self, query: NoticeQuery) -> tuple[int, int]:
        """The first row, and the one behind the last."""
        first = self._first_since(query.since) if query.since else 0
        return first, self._first_since(query.until) if query.until else self._last_row() + 1

    def _first_since(self, moment: str) -> int:
        """By halving: rows are in the order of their receipt."""
        low, high = 1, self._last_row() + 1
        while low < high:
            middle = (low + high) // 2
            sql = "SELECT row, received_at FROM notices WHERE row >= ? ORDER BY row LIMIT 1"
            found = self._read(sql, (middle,))
            if found and found[0]["received_at"] < moment:
                low = int(found[0]["row"]) + 1
            else:
                high = middle
        return low

    def _numbers(self, column: str, sql: str, values: tuple[str | int, ...]) -> "array[int]":
        """As one text: a million rows one by one would take ten times as long and hold up the window."""
        text = self._read(f"SELECT group_concat({column}, ',') FROM ({sql})", values)[0][0] or ""
        return array("q", msgspec.json.decode(f"[{text}]", type=list[int]))


def _scan(query: NoticeQuery) -> tuple[str, tuple[str | int, ...]]:
    """The same question without the index: typed words may stand anywhere in the row's words."""
    parts, values = ["1"], list[str | int]()
    if query.states:
        parts.append(f"status IN ({place_holders(len(query.states))})")
        values += [state.value for state in query.states]
    if query.missed is not None:
        parts.append(f"missed = {int(query.missed)}")
    for word in (word for word in query.words if word.ways and word.field is not Field.ORDER):
        ways = [_scan_word(way) for way in word.ways]
        parts.append(f"{'NOT ' * word.without}({' OR '.join(sql for sql, _ in ways)})")
        values += [value for _, more in ways for value in more]
    return " AND ".join(parts), tuple(values)


def _scan_word(way: Word) -> tuple[str, list[str | int]]:
    """Products stand last in a row's words, behind the first mark of theirs."""
    where = {Field.PRODUCT: f"substr(words, instr(words, '{search_terms.IN_PRODUCT}'))", Field.USER: "user_id"}
    pieces = way.text.casefold().split() if way.field is not Field.STATE else []
    text = " AND ".join([f"instr({where.get(way.field, 'words')}, ?) > 0"] * len(pieces)) or "0"
    by_state, by_name = place_holders(len(way.meant)), place_holders(len(way.users))
    values: list[str | int] = [*pieces, *(state.value for state in way.meant), *way.users]
    return f"(({text}) OR status IN ({by_state}) OR user_id IN ({by_name}))", values
