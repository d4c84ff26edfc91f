"""My orders, as the history has them: with the state that the last notice, or the outbox, gave each."""

from collections.abc import Mapping, Sequence

from messaging.history.records import OrderState, PlacedOrder
from messaging.history.store.database.database_file import HistoryFile
from messaging.history.store.rows import of_this_program, placed_order
from messaging.history.store.search.order_search import OrderQuery, condition
from messaging.history.store.search.row_numbers import RowNumbers, read_numbers


class OrderTable:
    def __init__(self, file: HistoryFile) -> None:
        self._file = file

    def one(self, identity: str) -> PlacedOrder | None:
        found = self.named([identity])
        return found[0] if found else None

    def named(self, identities: Sequence[str]) -> list[PlacedOrder]:
        """Those of these identities that are there, in the order in which they were placed."""
        found = self._file.read_by_keys("SELECT * FROM orders WHERE identity IN ({})", identities)
        return sorted((placed_order(row) for row in found), key=lambda order: order.number)

    def beginning(self, prefix: str, limit: int) -> list[PlacedOrder]:
        """Those whose id, or identity where there is a slash, begins so; newest first."""
        begin = "1" if "/" in prefix else "instr(identity, '/') + 1"
        sql = f"SELECT * FROM orders WHERE substr(identity, {begin}, ?) = ? ORDER BY number DESC LIMIT ?"
        return [placed_order(row) for row in self._file.read(sql, (len(prefix), prefix, limit))]

    def find(self, query: OrderQuery) -> RowNumbers:
        """The orders' numbers, sorted."""
        where, values = condition(query)
        sql = f"SELECT number FROM orders WHERE {where} ORDER BY {query.sort} LIMIT -1"
        return read_numbers(self._file, "number", sql, values)

    def at(self, numbers: Sequence[int]) -> list[PlacedOrder]:
        """The orders with these numbers that are there, in no certain order."""
        return [
            placed_order(row) for row in self._file.read_by_keys("SELECT * FROM orders WHERE number IN ({})", numbers)
        ]

    @of_this_program()
    def counts(self) -> Mapping[OrderState, int]:
        rows = self._file.read("SELECT state, count(*) AS orders FROM orders GROUP BY state")
        return {OrderState(row["state"]): row["orders"] for row in rows}

    def digests(self, identities: Sequence[str]) -> dict[str, str]:
        """What those of them ask for that were placed before: see `Order.digest`."""
        found = self._file.read_by_keys("SELECT identity, digest FROM orders WHERE identity IN ({})", identities)
        return {row["identity"]: row["digest"] for row in found}
