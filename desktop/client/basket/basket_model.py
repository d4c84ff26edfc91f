"""The basket as a table with buttons in its cells: less, more, take out."""

from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from desktop.client.basket.basket import BasketLine
from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.tables.row_model import CENTRE, RIGHT, Column, Index, RowModel
from desktop.text.formats import money, number, product
from messaging.domain.orders import MAX_QUANTITY

NAME, LESS, QUANTITY, MORE, AMOUNT, REMOVE = range(6)


class BasketModel(RowModel[BasketLine]):
    """The quantity can be edited in its cell. Signal `quantity_wanted(name, units)`."""

    quantity_wanted = Signal(str, int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.name, parent)
        self.columns = (
            Column(self.tr("Product"), self._words, icon=self._mark, tip=self._hint),
            self._button("minus", self.tr("One less")),
            Column(self.tr("Quantity"), lambda r: number(r.quantity), align=CENTRE),
            self._button("plus", self.tr("One more")),
            Column(self.tr("Sum"), lambda r: money(r.amount), align=RIGHT, tip=self._price),
            self._button("x", self.tr("Take out")),
        )

    def _button(self, name: str, words: str) -> Column[BasketLine]:
        drawn = icon(name)
        return Column(
            "",
            lambda r: "",
            align=CENTRE,
            icon=lambda r: drawn,
            tip=lambda r: words,
            spoken=lambda r: f"{words}: {product(r.name)}",
        )

    def _words(self, row: BasketLine) -> str:
        name = product(row.name)
        if not row.is_offered:
            return self.tr("{0}, not offered").format(name)
        return self.tr("{0}, {1} free").format(name, number(max(row.free or 0, 0))) if row.is_short else name

    def _mark(self, row: BasketLine) -> object:
        if not row.is_offered:
            return icon("ban", Tone.BAD)
        return icon("triangle-alert", Tone.WARN) if row.is_short else None

    def _hint(self, row: BasketLine) -> str:
        if not row.is_offered:
            return self.tr("{0} is not in the catalogue: an order of it is refused").format(row.name)
        if row.is_short:
            return self.tr("{0}: only {1} free now").format(row.name, number(max(row.free or 0, 0)))
        return row.name

    def _price(self, row: BasketLine) -> str:
        return self.tr("{0} each").format(money(row.price))

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == QUANTITY else flags

    def data(self, index: Index, role: int = 0) -> Any:
        if role == Qt.ItemDataRole.EditRole and index.isValid() and index.column() == QUANTITY:
            return self.row(index.row()).quantity
        return super().data(index, role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or index.column() != QUANTITY:
            return False
        if not isinstance(value, int) or not 0 <= value <= MAX_QUANTITY:
            return False
        self.quantity_wanted.emit(self.row(index.row()).name, value)
        return True
