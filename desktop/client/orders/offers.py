"""What can be done about an order that was refused: the part of it that is free now."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QCoreApplication, QObject, Signal

from desktop.client.basket.basket_pane import BasketPane
from desktop.tables.lines_table import summary
from desktop.text.formats import number, plain, plain_tip
from desktop.text.phrases import said
from messaging.history.records import OrderState, PlacedOrder

Lines = tuple[tuple[str, int], ...]


def asked_lines(order: PlacedOrder) -> Lines:
    return tuple((line.name, line.quantity) for line in order.order.lines)


def free_lines(order: PlacedOrder, free: Mapping[str, int]) -> Lines:
    """What of a refused order can be had: by the stock of now, in which a product that was withdrawn since is missing;
    where nobody has told it by what the refusal said."""
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
    """For a button: how many, where it is one product."""
    if len(lines) == 1:
        return QCoreApplication.translate("Offers", "Order the {0} that are free").format(number(lines[0][1]))
    return QCoreApplication.translate("Offers", "Order what is free")


class Offers(QObject):
    """Says in the empty basket what became of the order that was placed last, and what to do next.

    Signals: `order_asked(lines)` to be placed at once; `repeat_asked(lines)` into the basket.
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
        """The order placed last, as it stands now; another one only where it is newer."""
        if self._order is None or order.number >= self._order.number:
            self._order = order
            self.refresh()

    def refresh(self) -> None:
        """Also where stock has changed."""
        if self._order is None:
            return
        self._lines = free_lines(self._order, self._free())
        if self._order.state is OrderState.REJECTED:
            title = self.tr("Order {0} was refused").format(number(self._order.number))
            words, action = plain(said(self._order.reason)), offer_words(self._lines) if self._lines else ""
            self._pane.empty.button.setToolTip(plain_tip(summary(self._lines)))
            self._pane.say_empty(title, words, action)
        else:
            self._pane.empty.button.setToolTip("")
            self._pane.say_empty(action=self.tr("Repeat order {0}").format(number(self._order.number)))

    def _act(self) -> None:
        if self._lines:
            self.order_asked.emit(self._lines)
        elif self._order is not None:
            self.repeat_asked.emit(asked_lines(self._order))
