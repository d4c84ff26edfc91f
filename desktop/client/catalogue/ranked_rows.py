"""The rows of the catalogue that match the search, the best match first."""

from PySide6.QtCore import Qt

from desktop.client.catalogue.catalogue_model import Product
from desktop.client.catalogue.ranking import HOLDS, NEARLY
from desktop.client.catalogue.typed import Match, TypedLine, parse_typed
from desktop.tables.row_model import Index, RowModel
from desktop.tables.table import SortedRows

NO_COLUMN = -1


class RankedRows(SortedRows[Product]):
    """Sorts by match, or by a column once it was clicked. Typing errors are guessed only where nothing else matches.

    `typed` is what is searched.
    """

    def __init__(self, source: RowModel[Product]) -> None:
        self.typed = TypedLine()
        self._worst = HOLDS
        self._chosen = (NO_COLUMN, Qt.SortOrder.AscendingOrder)
        super().__init__(source)
        self._products = source

    def search(self, text: str) -> None:
        self.typed = parse_typed(text)
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
        return not self.typed.whole or self._match(row) is not None

    def lessThan(self, left: Index, right: Index) -> bool:
        if self._chosen[0] != NO_COLUMN:
            return super().lessThan(left, right)
        one, other = (self._match(self._products.row(index.row())) for index in (left, right))
        return left.row() < right.row() if one == other or not (one and other) else one < other

    def _match(self, row: Product) -> Match | None:
        return self.typed.match(row.name, self._worst)
