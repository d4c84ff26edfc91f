"""A catalogue that came in several messages, put together."""

from msgspec.structs import replace

from messaging.contract.codec import Inventory
from messaging.domain.stock import StockLevel


class StockPages:
    """The first page is `full`, and each but the last says that there is `more`. What only changes passes through.

    Where the last page never comes the next full message begins anew.
    """

    def __init__(self) -> None:
        self._levels: dict[str, StockLevel] | None = None  # while it is put together

    def add(self, page: Inventory) -> Inventory | None:
        """What is to be shown now; None where more is to come."""
        if page.full:
            self._levels = {}
        if self._levels is None:
            return replace(page, more=False)
        self._levels |= {level.name: level for level in page.levels}
        if page.more:
            return None
        levels, self._levels = self._levels, None
        return replace(page, levels=tuple(levels.values()), full=True)
