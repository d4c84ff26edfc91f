"""What a search for notices asks for, and its answer among a million: from the full-text index where it can be."""

from array import array
from enum import StrEnum

from msgspec import Struct

from messaging.domain.orders import OrderStatus
from messaging.history.records import StoredNotice
from messaging.history.store.database.database_file import HistoryFile, place_holders
from messaging.history.store.search import search_terms
from messaging.history.store.search.notice_index import NoticeIndex
from messaging.history.store.search.row_numbers import RowNumbers, read_numbers
from messaging.history.store.search.row_text import notice_words
from messaging.history.store.search.search_terms import Field, Word


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

    def takes(self, stored: StoredNotice) -> bool:
        """Whether a notice that just arrived belongs to what is shown."""
        notice = stored.notice
        if self.states and notice.status not in self.states:
            return False
        if self.unread is stored.read or self.missed not in (None, stored.missed) or stored.received_at < self.since:
            return False
        if self.until and stored.received_at >= self.until:
            return False
        terms = search_terms.notice_terms(notice_words(notice), notice.status, stored.missed) if self.words else ()
        return all(search_terms.holds(word, terms, notice.identity) for word in self.words)


class NoticeSearch:
    def __init__(self, file: HistoryFile, index: NoticeIndex) -> None:
        self._file, self._index = file, index

    def find(self, query: NoticeQuery, limit: int = -1) -> RowNumbers:
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
            and not self._index.behind()
        ):
            return self._indexed(match, query, limit)
        sql, values = self._where(query, match)
        found = f"SELECT row FROM notices WHERE {sql} ORDER BY {query.order} LIMIT ?"
        return read_numbers(self._file, "row", found, (*values, limit))

    def _all_in_a_row(self) -> range | None:
        """None where numbers are missing."""
        sql = """SELECT ifnull((SELECT min(row) FROM notices), 1), ifnull((SELECT max(row) FROM notices), 0),
            (SELECT count(*) FROM notices)"""
        first, last, count = self._file.read(sql)[0]
        return range(first, last + 1) if last - first + 1 == count else None

    def _indexed(self, match: str, query: NoticeQuery, limit: int) -> "array[int]":
        """By the index alone, which is walked in either direction."""
        are_read = "" if query.unread is None else "AND rowid NOT IN (SELECT row FROM notices WHERE read = 0)"
        sql = f"""SELECT rowid AS row FROM notices_index WHERE notices_index MATCH ? AND rowid >= ? AND rowid < ?
            {are_read} ORDER BY {query.order.replace("row", "rowid")} LIMIT ?"""
        return read_numbers(self._file, "row", sql, (match, *self._between(query), limit))

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
            indexed_to = self._index.indexed_to()
            scan, scanned = _scan(query)
            if self._index.behind():
                parts.append(f"(row > ? AND {scan} OR {self._matching()})")
                values += [indexed_to, *scanned, match] if self._index.is_there else [indexed_to, *scanned]
            else:
                parts.append(self._matching())
                values.append(match)
        return " AND ".join(parts), tuple(values)

    def _matching(self) -> str:
        if not self._index.is_there:
            return "0"
        return "row IN (SELECT rowid FROM notices_index WHERE notices_index MATCH ?)"

    def _between(self, query: NoticeQuery) -> tuple[int, int]:
        """The first row, and the one behind the last."""
        first = self._first_since(query.since) if query.since else 0
        return first, self._first_since(query.until) if query.until else self._index.last_row() + 1

    def _first_since(self, moment: str) -> int:
        """By halving: rows are in the order of their receipt."""
        low, high = 1, self._index.last_row() + 1
        while low < high:
            middle = (low + high) // 2
            sql = "SELECT row, received_at FROM notices WHERE row >= ? ORDER BY row LIMIT 1"
            found = self._file.read(sql, (middle,))
            if found and found[0]["received_at"] < moment:
                low = int(found[0]["row"]) + 1
            else:
                high = middle
        return low


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
