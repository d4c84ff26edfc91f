"""Notices as they come, each kept once, and what they change in my orders."""

import sqlite3
from collections.abc import Sequence

from messaging.contract import codec
from messaging.domain.notices import Notice
from messaging.domain.orders import TRANSITIONS, OrderStatus, now
from messaging.domain.stock import DecidedLine
from messaging.history.records import OWED, Applied, OrderState, PlacedOrder, StoredNotice
from messaging.history.store.notice_search import AT_ONCE, NoticeSearch
from messaging.history.store.outbox_table import OutboxTable
from messaging.history.store.rows import filtered, kept_notice, notice_words, placed_order
from messaging.texts import normal_name

INSERT = """INSERT INTO notices
    (event_id, identity, user_id, status, seq, body, words, received_at, missed, version)
    SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10 WHERE NOT EXISTS (SELECT 1 FROM notices WHERE event_id = ?1)"""


UNDECIDED = OWED | {OrderState.ACCEPTED}


class NoticeTable(OutboxTable, NoticeSearch):
    def apply(
        self, notices: Sequence[Notice], missed: bool, headers: Sequence[str] = (), *, anew: bool = False
    ) -> Applied:
        """Keep notices, each once by its event id, and move my orders on.

        `missed`: they came by asking. `headers`: how each travelled, as JSON. One of an order that is not
        in this history is kept and changes no order. A late or repeated one never turns the shown state back.
        `anew`: the books tell all from their beginning, and what was kept before moves orders too.
        """
        received_at = now()
        new: list[StoredNotice] = []
        with self._writing() as version:
            for notice, travelled in zip(notices, headers or [""] * len(notices), strict=True):
                row = self._keep(notice, missed, received_at, version)
                if row is not None:
                    new.append(StoredNotice(row, notice, received_at, missed))
                    if travelled:
                        self._connection.execute("INSERT INTO notice_headers VALUES (?, ?)", (row, travelled))
            self._index(2 * len(new) + AT_ONCE if new else 0)
            moved = self._move_orders(notices if anew else [kept.notice for kept in new], received_at, version)
        return Applied(new, self._orders_named(moved))

    def notices(
        self, limit: int, before_row: int | None = None, search: str = "", states: Sequence[OrderStatus] = ()
    ) -> list[StoredNotice]:
        """Newest first, from below `before_row` on; every word of `search` must occur."""
        where, values = filtered("status", states, search)
        if before_row is not None:
            where, values = f"row < ? AND {where}", (before_row, *values)
        sql = f"SELECT * FROM notices WHERE {where} ORDER BY row DESC LIMIT ?"
        return [kept_notice(row) for row in self._read(sql, (*values, limit))]

    def order_notices(self, identity: str) -> list[StoredNotice]:
        """In the order in which the warehouse decided, where it numbers its events."""
        sql = "SELECT * FROM notices WHERE identity = ? ORDER BY seq, row"
        return [kept_notice(row) for row in self._read(sql, (identity,))]

    def notice_headers(self, row: int) -> str:
        """How a notice travelled, as JSON; empty for one that came by asking."""
        found = self._read("SELECT headers FROM notice_headers WHERE row = ?", (row,))
        return str(found[0]["headers"]) if found else ""

    def mark_read(self, rows: Sequence[int] | None = None) -> None:
        """None: all of them."""
        with self._writing() as version:
            if rows is None:  # a million stamps would make every other window read a million rows
                self._connection.execute("UPDATE notices SET read = 1 WHERE read = 0")
                said = "INSERT OR REPLACE INTO marks VALUES ('all_read_by', ?), ('all_read_to', ?)"
                self._connection.execute(said, (version, self._last_row()))
                return
            sql = "UPDATE notices SET read = 1, version = ? WHERE row = ? AND read = 0"
            self._connection.executemany(sql, [(version, row) for row in rows])

    def _keep(self, notice: Notice, missed: bool, received_at: str, version: int) -> int | None:
        """The new row, or None where the notice was there."""
        values = (notice.event_id, notice.identity, str(notice.user_id), notice.status.value, notice.seq)
        more = (codec.encode(notice), notice_words(notice), received_at, missed, version)
        cursor = self._connection.execute(INSERT, values + more)
        return cursor.lastrowid if cursor.rowcount else None

    def _move_orders(self, notices: Sequence[Notice], at: str, version: int) -> list[str]:
        """Bring each order to where its newest notice says; gives the identities of those that moved."""
        found = self._by_key(
            "SELECT * FROM orders WHERE identity IN ({})", list({notice.identity for notice in notices})
        )
        mine = {row["identity"]: _Standing(row) for row in found}
        for notice in notices:
            standing = mine.get(notice.identity)
            if standing is not None:
                standing.hear(notice)
        moved = [standing for standing in mine.values() if standing.moved]
        for standing in moved:
            self._write(standing, at, version)
        return [standing.identity for standing in moved]

    def _write(self, standing: "_Standing", at: str, version: int) -> None:
        """Whatever the warehouse decided of an order, RabbitMQ had it: it is not owed any more."""
        last = standing.last
        lines, at_once = codec.encode_many(standing.lines), (last.status, last.set_aside, standing.seq)
        self._connection.execute(
            """UPDATE orders SET state = ?, set_aside = ?, seq = ?, lines = ?, reason = ?, changed_at = ?, problem = '',
               version = ?, accepted_at = CASE accepted_at WHEN '' THEN ? ELSE accepted_at END WHERE identity = ?""",
            (*at_once, lines, last.reason or "", last.occurred_at, version, at, standing.identity),
        )
        if not last.set_aside:
            self._connection.execute("DELETE FROM outbox WHERE identity = ? AND is_command = 0", (standing.identity,))


class _Standing:
    """One of my orders while notices are applied to it."""

    def __init__(self, row: sqlite3.Row) -> None:
        self.identity: str = row["identity"]
        self.seq: int | None = row["seq"]
        self.moved = False
        self.last: Notice
        self._placed: PlacedOrder = placed_order(row)
        self._state: OrderState = self._placed.state
        self._set_aside = bool(row["set_aside"])
        self.lines = self._placed.lines

    def hear(self, notice: Notice) -> None:
        if self._is_mine(notice) and self._is_news(notice):
            self.last, self.moved = notice, True
            self._state, self._set_aside = OrderState(notice.status.value), notice.set_aside
            self.lines = self._ordered if notice.set_aside else notice.lines or self.lines
            self.seq = notice.seq if notice.seq is not None else self.seq

    def _is_mine(self, notice: Notice) -> bool:
        """What was decided of other content was decided of another order under this identity, placed from a history
        that was lost: mine is in conflict with it, and will be set aside. What was set aside may be unreadable, and a
        notice that is too large for RabbitMQ has no lines."""
        is_same = notice.set_aside or not notice.lines or _content(notice.lines) == _content(self._ordered)
        return is_same and str(notice.user_id) == str(self._placed.order.user_id)

    def _is_news(self, notice: Notice) -> bool:
        """That a message was set aside is no outcome: it tells nothing where there is one, and whatever the warehouse
        decides, before it or after, counts more."""
        if notice.set_aside != self._set_aside:
            return not notice.set_aside or self._state in UNDECIDED
        if self.seq is not None and notice.seq is not None:
            return notice.seq > self.seq
        return comes_after(notice.status, self._state)

    @property
    def _ordered(self) -> tuple[DecidedLine, ...]:
        return tuple(DecidedLine(line.name, line.quantity) for line in self._placed.order.lines)


def _content(lines: Sequence[DecidedLine]) -> list[tuple[str, int]]:
    return [(normal_name(line.name), line.quantity) for line in lines]


def comes_after(status: OrderStatus, state: OrderState) -> bool:
    """Whether the life cycle leads from the shown state to `status`, at once or by further steps."""
    decided = {known.value for known in OrderStatus}
    start = OrderStatus(state.value) if state.value in decided else OrderStatus.NEW  # it is still on its way
    seen: set[OrderStatus] = set()
    open_ones = set(TRANSITIONS[start])
    while open_ones:
        step = open_ones.pop()
        if step is status:
            return True
        seen.add(step)
        open_ones |= TRANSITIONS[step] - seen
    return False
