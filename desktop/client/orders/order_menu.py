"""The menu with what can be done with one of the user's orders."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import Signal

from desktop.client.orders.offers import free_lines, offer_words, ordered_lines
from desktop.client.orders.order_details import can_cancel
from desktop.tables.paged_table import PagedTable
from desktop.tables.row_menu import RowMenu
from messaging.history.records import PlacedOrder


class OrderMenu(RowMenu[PlacedOrder]):
    """Signals as those of OrderDetails. It cancels without a second click: choosing from a menu is deliberate."""

    cancel_asked = Signal(object)
    repeat_asked = Signal(object)
    order_asked = Signal(object)

    def __init__(self, view: PagedTable[PlacedOrder], free: Callable[[], Mapping[str, int]]) -> None:
        """`free` gives the free units by product, as far as they are known."""
        super().__init__(view)
        self.setAccessibleName(self.tr("The order"))
        self._free = free

    def fill(self, row: PlacedOrder) -> None:
        self.clear()
        part = free_lines(row, self._free())
        if part:
            self.add(offer_words(part), "shopping-cart", partial(self.order_asked.emit, part))
        self.add(self.tr("Repeat"), "refresh-cw", partial(self.repeat_asked.emit, ordered_lines(row)))
        if can_cancel(row.state) and not row.cancel_asked:
            self.add(self.tr("Cancel order"), "ban", partial(self.cancel_asked.emit, row))
        self.add_copies(str(row.order.order_id))
