"""Finding my orders: a hundred thousand are scanned within a tenth of a second, so they need no index."""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct

from messaging.history.finding import Finding, Rows
from messaging.history.records import OrderState, PlacedOrder
from messaging.history.rows import filtered, placed_order


class OrderSort(StrEnum):
    NEWEST = "number DESC"
    OLDEST = "number ASC"
    STATE = "state ASC, number DESC"
    STATE_DOWN = "state DESC, number DESC"
    TOTAL = "ifnull(total, 0) ASC, number DESC"
    TOTAL_DOWN = "ifnull(total, 0) DESC, number DESC"


class OrderQuery(Struct, frozen=True):
    """One of the states (none: any), and every word of `search` somewhere in label, id or product names."""

    search: str = ""
    states: tuple[OrderState, ...] = ()
    sort: OrderSort = OrderSort.NEWEST

    @property
    def is_all(self) -> bool:
        return not (self.search.strip() or self.states)


class MyOrders(Finding):
    def find_orders(self, query: OrderQuery) -> Rows:
        """The orders' numbers, sorted."""
        where, values = filtered("state", query.states, query.search)
        return self._numbers(
            "number", f"SELECT number FROM orders WHERE {where} ORDER BY {query.sort} LIMIT -1", values
        )

    def orders_at(self, numbers: Sequence[int]) -> list[PlacedOrder]:
        """Those that are there, in no certain order."""
        return [placed_order(row) for row in self._by_key("SELECT * FROM orders WHERE number IN ({})", numbers)]

    def order_counts(self) -> Mapping[OrderState, int]:
        rows = self._read("SELECT state, count(*) AS orders FROM orders GROUP BY state")
        return {OrderState(row["state"]): row["orders"] for row in rows}

    def identities_known(self, identities: Sequence[str]) -> set[str]:
        """Those of them that were placed before."""
        found = self._by_key("SELECT identity FROM orders WHERE identity IN ({})", identities)
        return {row["identity"] for row in found}
