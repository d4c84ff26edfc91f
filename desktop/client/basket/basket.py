"""The order being put together: products with quantities, each product once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from messaging.domain.orders import MAX_LINES, MAX_QUANTITY, OnShortage, Order, checked_line, new_order
from messaging.domain.stock import total_of
from messaging.errors import WrongOrder
from messaging.phrases import phrase


@dataclass(frozen=True, slots=True)
class BasketLine:
    """A line as the basket shows it; `price` in minor units, `free` in units, each None while it is not known."""

    name: str
    quantity: int
    price: int | None
    free: int | None
    is_offered: bool = True

    @property
    def amount(self) -> int | None:
        return None if self.price is None else total_of([(self.name, self.quantity)], {self.name: self.price})

    @property
    def is_short(self) -> bool:
        return self.free is not None and self.quantity > self.free


class Basket(QObject):
    """Emits `changed` after each change; the same product added twice is one line."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._quantities: dict[str, int] = {}
        self._on_shortage = OnShortage.REJECT
        self.last = ""  # the product that was added or changed last

    @property
    def on_shortage(self) -> OnShortage:
        return self._on_shortage

    def choose(self, on_shortage: OnShortage) -> None:
        if on_shortage is not self._on_shortage:
            self._on_shortage = on_shortage
            self.changed.emit()

    def lines(self) -> tuple[tuple[str, int], ...]:
        return tuple(self._quantities.items())

    def quantity_of(self, name: str) -> int:
        return self._quantities.get(name, 0)

    def __len__(self) -> int:
        return len(self._quantities)

    def add(self, name: str, quantity: int = 1) -> None:
        """Add so many units. Raises WrongOrder where the line would break a rule of orders."""
        checked_line(name, quantity)
        self.set_quantity(name, self.quantity_of(name) + quantity)

    def set_quantity(self, name: str, quantity: int) -> None:
        """Set the units of a product; 0 or less removes its line. Raises WrongOrder for more than an order may hold."""
        if quantity <= 0:
            self._quantities.pop(name, None)
        else:
            line = checked_line(name, quantity)
            self._check_room(line.name)
            self._quantities[line.name] = line.quantity
            self.last = line.name
        self.changed.emit()

    def replace(self, lines: Iterable[tuple[str, int]], on_shortage: OnShortage) -> None:
        """Hold these lines instead; the quantities of a product that is on several of them are added."""
        self._quantities = {}
        for name, quantity in lines:
            self._quantities[name] = min(self.quantity_of(name) + quantity, MAX_QUANTITY)
        self._on_shortage = on_shortage
        self.changed.emit()

    def clear(self) -> None:
        self._quantities = {}
        self.changed.emit()

    def order(self, user_id: str) -> Order:
        """The order to place. Raises WrongOrder where the basket breaks a rule of orders."""
        return new_order(user_id, self.lines(), self._on_shortage)

    def shown(self, prices: Mapping[str, int], free: Mapping[str, int]) -> tuple[BasketLine, ...]:
        """The lines with their prices (minor units) and free stock, where they are known."""
        return tuple(
            BasketLine(name, n, prices.get(name), free.get(name), not prices or name in prices)
            for name, n in self.lines()
        )

    def total(self, prices: Mapping[str, int]) -> int | None:
        """The sum in minor units; None where a price is not known."""
        return total_of(self.lines(), prices)

    def _check_room(self, name: str) -> None:
        if name not in self._quantities and len(self._quantities) >= MAX_LINES:
            raise WrongOrder(phrase("basket.an_order_has_at_most_lines", max_lines=MAX_LINES))
