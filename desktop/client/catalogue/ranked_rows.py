"""The catalogue's rows as they are found: the best answer first, whatever stands before it in the alphabet."""

from PySide6.QtCore import Qt

from desktop.client.catalogue.catalogue_model import Product
from desktop.client.catalogue.ranking import HOLDS, NEARLY
from desktop.client.catalogue.typed import Place, TypedLine, typed
from desktop.tables.row_model import Index, RowModel
from desktop.tables.table import SortedRows

NO_COLUMN = -1


class RankedRows(SortedRows[Product]):
    """A column that was clicked sorts instead. `typed` is what is searched; slips of the keys are guessed only where
    nothing else is found."""

    def __init__(self, source: RowModel[Product]) -> None:
        self.typed = TypedLine()
        self._worst = HOLDS
        self._chosen = (NO_COLUMN, Qt.SortOrder.AscendingOrder)
        super().__init__(source)
        self._products = source

    def search(self, text: str) -> None:
        self.typed = typed(text)
        for self._worst in (HOLDS, NEARLY):
            self.invalidate()
            if not self.typed.whole or self.rowCount():
                break
        self._sort()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._chosen = (column, order)
        self._sort()

    def _sort(self) -> None:
        is_ranked = self.typed.whole and self._chosen[0] == NO_COLUMN
        super().sort(*((0, Qt.SortOrder.AscendingOrder) if is_ranked else self._chosen))

    def accepts(self, row: Product) -> bool:
        return not self.typed.whole or self._place(row) is not None

    def lessThan(self, left: Index, right: Index) -> bool:
        if self._chosen[0] != NO_COLUMN:
            return super().lessThan(left, right)
        one, other = (self._place(self._products.row(index.row())) for index in (left, right))
        return left.row() < right.row() if one == other or not (one and other) else one < other

    def _place(self, row: Product) -> Place | None:
        return self.typed.place(row.name, self._worst)
