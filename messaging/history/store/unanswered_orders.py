"""Orders that RabbitMQ confirmed and that have no outcome: it may have lost them, so they are sent again."""

from collections.abc import Sequence
from typing import NamedTuple

import uuid_utils.compat

from messaging.contract import codec
from messaging.history.store.database.database_file import HistoryFile
from messaging.history.store.rows import placed_order

# They may have left before: a claim is counted, so that no wish to cancel takes one for an order that never left.
OWE_AGAIN = """INSERT INTO outbox (identity, is_command, body, claims)
    SELECT identity, 0, body, 1 FROM orders WHERE {} ORDER BY number"""
UNCONFIRMED = "UPDATE orders SET state = 'unknown', accepted_at = '', version = ? WHERE {}"
OWE_COMMAND = "INSERT INTO outbox (identity, is_command, body, claims) VALUES (?, 1, ?, 1)"
ACCEPTED = "state = 'accepted'"
OPEN_WISHES = """SELECT * FROM orders WHERE cancel_asked = 1 AND state IN ('unknown', 'processed', 'backordered')
    AND NOT EXISTS (SELECT 1 FROM outbox WHERE outbox.identity = orders.identity AND is_command = 1)"""


class UnansweredOrders(NamedTuple):
    """How many orders and cancels were put into the outbox again."""

    orders: int
    commands: int


class Resending:
    """Puts orders and cancels back into the outbox where RabbitMQ may have lost what it had confirmed."""

    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def accepted(self) -> list[str]:
        """Orders that RabbitMQ has confirmed and that have no outcome yet."""
        return [row["identity"] for row in self._file.read(f"SELECT identity FROM orders WHERE {ACCEPTED}")]

    def meet_broker(self, name: str) -> UnansweredOrders:
        """Put all orders without an outcome into the outbox again where this is another broker than the last one."""
        if self._file.mark("broker") == name:
            return UnansweredOrders(0, 0)
        with self._file.writing() as version:
            if self._file.mark("broker") == name:  # another window has met it just now
                return UnansweredOrders(0, 0)
            self._file.put_mark("broker", name)
            orders = self._file.execute(OWE_AGAIN.format(ACCEPTED)).rowcount
            self._file.execute(UNCONFIRMED.format(ACCEPTED), (version,))
            return UnansweredOrders(orders, self._owe_commands(OPEN_WISHES))

    def send_again(self, identities: Sequence[str]) -> UnansweredOrders:
        """Put those of these orders that still have no outcome into the outbox again."""
        orders = commands = 0
        with self._file.writing() as version:
            for identity in identities:
                where = f"{ACCEPTED} AND identity = ?"
                owed = self._file.execute(OWE_AGAIN.format(where), (identity,)).rowcount
                self._file.execute(UNCONFIRMED.format(where), (version, identity))
                orders += owed
                commands += self._owe_commands(f"{OPEN_WISHES} AND identity = ?", identity) if owed else 0
        return UnansweredOrders(orders, commands)

    def _owe_commands(self, sql: str, *values: str) -> int:
        rows = self._file.execute(sql, values).fetchall()
        for order in (placed_order(row).order for row in rows):
            cancel = codec.Cancel(str(uuid_utils.compat.uuid7()), order.order_id, order.user_id, order.created_at)
            self._file.execute(OWE_COMMAND, (order.identity, codec.encode(cancel)))
        return len(rows)
