"""How notices move my orders on: each to where its newest notice says, and never back."""

import sqlite3
from collections.abc import Sequence

from messaging.contract import codec
from messaging.contract.kept_words import message_cell
from messaging.domain.notices import Notice
from messaging.domain.orders import TRANSITIONS, OrderStatus
from messaging.domain.stock import DecidedLine
from messaging.history.records import OWED, OrderState, PlacedOrder
from messaging.history.store.database.database_file import HistoryFile
from messaging.history.store.rows import placed_order
from messaging.texts import normal_name

UNDECIDED = OWED | {OrderState.ACCEPTED}


def move_orders(file: HistoryFile, notices: Sequence[Notice], at: str, version: int) -> list[str]:
    """Within the write of `version`; `at` is when the notices were received, in ISO 8601.

    Gives the identities of the orders that moved.
    """
    found = file.read_by_keys(
        "SELECT * FROM orders WHERE identity IN ({})", list({notice.identity for notice in notices})
    )
    mine = {row["identity"]: _OrderProgress(row) for row in found}
    for notice in notices:
        order = mine.get(notice.identity)
        if order is not None:
            order.receive(notice)
    moved = [order for order in mine.values() if order.moved]
    for order in moved:
        _write(file, order, at, version)
    return [order.identity for order in moved]


def _write(file: HistoryFile, order: "_OrderProgress", at: str, version: int) -> None:
    """Whatever the warehouse decided of an order, RabbitMQ had it: it is not owed any more."""
    last = order.last
    lines, at_once = codec.encode_many(order.lines), (last.status, last.set_aside, order.seq)
    file.execute(
        """UPDATE orders SET state = ?, set_aside = ?, seq = ?, lines = ?, reason = ?, reason_message = ?,
           changed_at = ?, problem = '', version = ?, accepted_at = CASE accepted_at WHEN '' THEN ? ELSE accepted_at END
           WHERE identity = ?""",
        (*at_once, lines, last.reason or "", message_cell(last.words), last.occurred_at, version, at, order.identity),
    )
    if not last.set_aside:
        file.execute("DELETE FROM outbox WHERE identity = ? AND is_command = 0", (order.identity,))


class _OrderProgress:
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

    def receive(self, notice: Notice) -> None:
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
