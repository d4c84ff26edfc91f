"""Offers the part of a refused order that is free now."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.client.basket.basket_pane import BasketPane
from desktop.tables.lines_table import summary
from desktop.text.formats import number, plain, plain_tip
from desktop.text.phrases import said
from messaging.history.records import OrderState, PlacedOrder

Lines = tuple[tuple[str, int], ...]


def ordered_lines(order: PlacedOrder) -> Lines:
    """Product and quantity of each line, as it was ordered."""
    return tuple((line.name, line.quantity) for line in order.order.lines)


def free_lines(order: PlacedOrder, free: Mapping[str, int]) -> Lines:
    """The part of a refused order that is free; nothing for an order that was not refused.

    `free` units by product. While it is empty, because no stock was received yet, the refusal says what was free.
    """
    if order.state is not OrderState.REJECTED:
        return ()
    left = dict(free)
    lines: list[tuple[str, int]] = []
    for line in order.lines:
        there = left.get(line.name, 0 if free else line.quantity - line.missing)
        part = min(line.quantity, max(there, 0))
        if line.name in left:
            left[line.name] -= part
        if part:
            lines.append((line.name, part))
    return tuple(lines)


def offer_words(lines: Lines) -> str:
    """The text of the button that orders these lines."""
    if len(lines) == 1:
        return QCoreApplication.translate("Offers", "Order the {0} that are free").format(number(lines[0][1]))
    return QCoreApplication.translate("Offers", "Order what is free")


class Offers(QObject):
    """Shows in the empty basket what became of the order that was placed last, and what to do next.

    Signals: `order_asked(lines)` to place them at once; `repeat_asked(lines)` to put them into the basket.
    """

    order_asked = Signal(object)
    repeat_asked = Signal(object)

    def __init__(self, pane: BasketPane, free: Callable[[], Mapping[str, int]]) -> None:
        super().__init__(pane)
        self._pane, self._free = pane, free
        self._order: PlacedOrder | None = None
        self._lines: Lines = ()
        pane.empty.acted.connect(self._act)

    def follow(self, order: PlacedOrder) -> None:
        """Show the present state of this order, unless a newer one is shown."""
        if self._order is None or order.number >= self._order.number:
            self._order = order
            self.refresh()

    def refresh(self) -> None:
        """Show the offer again: the order or the stock has changed."""
        if self._order is None:
            return
        self._lines = free_lines(self._order, self._free())
        if self._order.state is OrderState.REJECTED:
            title = self.tr("Order {0} was refused").format(number(self._order.number))
            words, action = plain(said(self._order.reason)), offer_words(self._lines) if self._lines else ""
            self._pane.empty.button.setToolTip(plain_tip(summary(self._lines)))
            self._pane.show_empty(title, words, action)
        else:
            self._pane.empty.button.setToolTip("")
            self._pane.show_empty(action=self.tr("Repeat order {0}").format(number(self._order.number)))

    def _act(self) -> None:
        if self._lines:
            self.order_asked.emit(self._lines)
        elif self._order is not None:
            self.repeat_asked.emit(ordered_lines(self._order))
