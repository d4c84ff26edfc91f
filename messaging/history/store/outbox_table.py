"""My orders and cancels, from the click to RabbitMQ's confirm."""

import time
from collections.abc import Sequence
from typing import Final

import uuid_utils.compat

from messaging.contract import codec
from messaging.contract.kept_words import message_cell
from messaging.domain.orders import MAX_NUMBER, Order, now, order_id_in
from messaging.domain.stock import DecidedLine
from messaging.errors import WrongMove
from messaging.history.records import OWED, OrderState, Owed, PlacedMany, PlacedOrder
from messaging.history.store.database.database_file import HistoryFile
from messaging.history.store.order_table import OrderTable
from messaging.history.store.rows import owed_message
from messaging.history.store.saved_draft import SavedDraft
from messaging.history.store.search.row_text import order_words
from messaging.phrases import phrase

LONGEST_LEASE: Final = 600.0  # seconds; one that ends later was made before the clock was put back
CANCELLABLE = OWED | {OrderState.ACCEPTED, OrderState.PROCESSED, OrderState.BACKORDERED}

INSERT_ORDER = """INSERT INTO orders (identity, digest, body, state, lines, placed_at, label, total, words, version)
    VALUES (?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?) ON CONFLICT (identity) DO NOTHING"""
INSERT_OWED = "INSERT INTO outbox (identity, is_command, body) VALUES (?, ?, ?)"
CLAIMABLE = "owner = '' OR (owner <> ?1 AND (lease_until <= ?2 OR lease_until > ?3))"


class OutboxTable:
    """What is owed to RabbitMQ is on disk here, and leaves only when RabbitMQ has confirmed it."""

    def __init__(self, file: HistoryFile, orders: OrderTable, draft: SavedDraft) -> None:
        self._file, self._orders, self._draft = file, orders, draft

    def place(
        self,
        orders: Sequence[tuple[str, Order]],
        totals: Sequence[int | None] | None,
        owner: str,
        limit: int,
        lease_seconds: float,
    ) -> tuple[PlacedMany, list[str], list[Owed]]:
        """Store labelled orders, owe them to RabbitMQ, and claim what `owner` may send now, all in one commit.

        The list of texts holds the identities of those placed now. An order whose identity is known with other content
        is not stored; it is named by its label, else its id. A draft that is placed is no draft any more: a crash
        leaves the one or the other, never both.
        The claimed messages are the oldest that are owed, `limit` at most: orders placed before leave before these.
        Leases that `owner` holds already are not made longer.
        """
        with self._file.writing() as version:
            many, placed = self._place(orders, totals, version)
            return many, placed, self._claim(owner, limit, lease_seconds, version)

    def place_cancel(self, identity: str, reason: str = "") -> PlacedOrder:
        """Cancel an order here where it never left, otherwise put a cancel for the warehouse into the outbox.

        Whether the warehouse cancels it comes as a notice. Raises WrongMove where the order is not in
        this history or too far on.
        """
        with self._file.writing() as version:
            placed = self._cancellable(identity)
            if self._never_left(identity):
                self._file.execute("DELETE FROM outbox WHERE identity = ?", (identity,))
                self._file.execute(
                    """UPDATE orders SET state = 'cancelled', reason = ?, reason_message = NULL, changed_at = ?,
                       problem = '', version = ? WHERE identity = ?""",
                    (reason, now(), version, identity),
                )
            elif not self._cancel_is_owed(identity):
                order = placed.order
                command_id = str(uuid_utils.compat.uuid7())
                cancel = codec.Cancel(command_id, order.order_id, order.user_id, order.created_at, reason)
                self._file.execute(INSERT_OWED, (identity, True, codec.encode(cancel)))
                sql = "UPDATE orders SET cancel_asked = 1, version = ? WHERE identity = ?"
                self._file.execute(sql, (version, identity))
        return self._orders.named([identity])[0]

    def owed(self, limit: int, after_row: int = 0) -> list[Owed]:
        """Messages that have to leave, oldest first, whoever has claimed them."""
        rows = self._file.read("SELECT * FROM outbox WHERE row > ? ORDER BY row LIMIT ?", (after_row, limit))
        return [owed_message(row) for row in rows]

    def waiting(self) -> int:
        """How many messages still have to leave."""
        return int(self._file.read("SELECT count(*) FROM outbox")[0][0])

    def claim(self, owner: str, limit: int, lease_seconds: float) -> list[Owed]:
        """Take messages to send, oldest first, that nobody else of this user is sending.

        What `owner` holds already is not given to it again; its lease is made longer by each claim. What
        another did not settle within its lease may have left: its order is unknown from now on.
        """
        if not self._file.read("SELECT 1 FROM outbox LIMIT 1"):
            return []  # an idle window writes nothing
        with self._file.writing() as version:
            until = time.time() + min(lease_seconds, LONGEST_LEASE)
            self._file.execute("UPDATE outbox SET lease_until = ? WHERE owner = ?", (until, owner))
            return self._claim(owner, limit, lease_seconds, version)

    def release(self, owner: str) -> None:
        """Give back what `owner` holds: others of this user may send it at once."""
        with self._file.writing():
            self._file.execute("UPDATE outbox SET owner = '', lease_until = 0 WHERE owner = ?", (owner,))

    def mark_sent_unknown(self, rows: Sequence[int]) -> list[str]:
        """They left, but the connection went before the confirm: they are owed again. Gives the orders among them."""
        with self._file.writing() as version:
            identities = self._settle(rows, "UPDATE outbox SET owner = '', lease_until = 0 WHERE row = ?")
            self._now_unknown(identities, version)
        return identities

    def mark_accepted(self, rows: Sequence[int]) -> list[str]:
        """RabbitMQ has confirmed them. What a notice already said about an order stays. Gives the orders."""
        with self._file.writing() as version:
            identities = self._settle(rows, "DELETE FROM outbox WHERE row = ?")
            self._file.execute_many(
                """UPDATE orders SET accepted_at = ?, problem = '', version = ?,
                   state = CASE WHEN state IN ('waiting', 'unknown') THEN 'accepted' ELSE state END
                   WHERE identity = ? AND accepted_at = ''""",
                [(now(), version, identity) for identity in identities],
            )
        return identities

    def mark_returned(self, rows: Sequence[int], problem: str, *, again: bool = True) -> list[str]:
        """RabbitMQ did not take them: they are owed again, and the orders say why they wait.

        Not `again`: whoever claimed them holds them, and sends them no more while it runs. One of which an earlier
        sending is in doubt stays unknown. Gives the orders among them.
        """
        with self._file.writing() as version:
            given_back = "owner = '', lease_until = 0, " if again else ""
            identities = self._settle(rows, f"UPDATE outbox SET {given_back}claims = max(claims - 1, 0) WHERE row = ?")
            self._file.execute_many(
                "UPDATE orders SET problem = ?, problem_message = ?, version = ? WHERE identity = ?",
                [(str(problem), message_cell(problem), version, identity) for identity in identities],
            )
        return identities

    def _place(
        self, orders: Sequence[tuple[str, Order]], totals: Sequence[int | None] | None, version: int
    ) -> tuple[PlacedMany, list[str]]:
        placed: list[str] = []
        repeated = 0
        conflicts: list[str] = []
        for (label, order), total in zip(orders, totals or [None] * len(orders), strict=True):
            if self._insert(label, order, total, version):
                placed.append(order.identity)
            elif self._digest(order.identity) == order.digest:
                repeated += 1
            else:
                conflicts.append(label or str(order.order_id))
        if len(placed) == 1:
            self._draft.forget(orders[0][1])
        return PlacedMany(len(placed), repeated, tuple(conflicts)), placed

    def _claim(self, owner: str, limit: int, lease_seconds: float, version: int) -> list[Owed]:
        present = time.time()
        until = present + min(lease_seconds, LONGEST_LEASE)
        sql = f"SELECT * FROM outbox WHERE {CLAIMABLE} ORDER BY row LIMIT ?4"
        rows = self._file.execute(sql, (owner, present, present + LONGEST_LEASE, limit)).fetchall()
        self._file.execute_many(
            "UPDATE outbox SET owner = ?, lease_until = ?, claims = claims + 1 WHERE row = ?",
            [(owner, until, row["row"]) for row in rows],
        )
        self._now_unknown([row["identity"] for row in rows if row["owner"] and not row["is_command"]], version)
        return [owed_message(row) for row in rows]

    def _insert(self, label: str, order: Order, total: int | None, version: int) -> bool:
        body, words = codec.encode(order), order_words(order, label)
        lines = codec.encode_many(DecidedLine(line.name, line.quantity) for line in order.lines)
        if total is not None and total > MAX_NUMBER:  # a total is for the eye, and this one is no price of anything
            total = None
        values = (order.identity, order.digest, body, lines, now(), label, total, words, version)
        if self._file.execute(INSERT_ORDER, values).rowcount == 0:
            return False
        self._file.execute(INSERT_OWED, (order.identity, False, body))
        return True

    def _digest(self, identity: str) -> str:
        row = self._file.execute("SELECT digest FROM orders WHERE identity = ?", (identity,)).fetchone()
        return str(row["digest"])

    def _cancellable(self, identity: str) -> PlacedOrder:
        found, order_id = self._orders.named([identity]), order_id_in(identity)
        if not found:
            raise WrongMove(phrase("outbox_table.this_history_has_no_order_see", order_id=order_id))
        if found[0].state not in CANCELLABLE:
            raise WrongMove(
                phrase("outbox_table.order_is_and_cannot_be_cancelled", order_id=order_id, state=found[0].state.value)
            )
        return found[0]

    def _never_left(self, identity: str) -> bool:
        sql = "SELECT 1 FROM outbox WHERE identity = ? AND is_command = 0 AND claims = 0"
        return bool(self._file.read(sql, (identity,)))

    def _cancel_is_owed(self, identity: str) -> bool:
        return bool(self._file.read("SELECT 1 FROM outbox WHERE identity = ? AND is_command = 1", (identity,)))

    def _settle(self, rows: Sequence[int], change: str) -> list[str]:
        """Change rows of the outbox; gives the orders among them, without those settled before."""
        found = self._file.read_by_keys("SELECT identity FROM outbox WHERE is_command = 0 AND row IN ({})", rows)
        self._file.execute_many(change, [(row,) for row in rows])
        return [row["identity"] for row in found]

    def _now_unknown(self, identities: Sequence[str], version: int) -> None:
        self._file.execute_many(
            "UPDATE orders SET state = 'unknown', version = ? WHERE identity = ? AND state = 'waiting'",
            [(version, identity) for identity in identities],
        )
