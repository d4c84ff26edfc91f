"""The lines of one order: what was asked, what is reserved, what is missing."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHeaderView

from desktop.style.colours import Tone
from desktop.style.theme import colours
from desktop.tables.fitted_table import FittedTable
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.text.formats import number, product
from messaging.domain.stock import DecidedLine

PRODUCT, ASKED, RESERVED, MISSING = range(4)
TIMES = "\N{MULTIPLICATION SIGN}"

NumberedLine = tuple[int, DecidedLine]


class LinesModel(RowModel[NumberedLine]):
    """The lines of one order, keyed by their index: an order may have the same line twice."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row[0], parent)
        self.columns = (
            Column(self.tr("Product"), lambda r: product(r[1].name), tip=lambda r: r[1].name),
            Column(self.tr("Asked"), lambda r: number(r[1].quantity), sort=lambda r: r[1].quantity, align=RIGHT),
            Column(self.tr("Reserved"), lambda r: number(r[1].reserved), sort=lambda r: r[1].reserved, align=RIGHT),
            Column(
                self.tr("Missing"),
                lambda r: number(r[1].missing) if r[1].missing else "",
                sort=lambda r: r[1].missing,
                align=RIGHT,
                colour=lambda r: colours().tone(Tone.BAD) if r[1].missing else None,
            ),
        )

    def show_lines(self, lines: Sequence[DecidedLine]) -> None:
        self.synchronise(list(enumerate(lines)))


class LinesTable(FittedTable[NumberedLine]):
    def __init__(self, name: str) -> None:
        self.lines = LinesModel()
        super().__init__(self.lines, name, stretch=PRODUCT)
        self.lines.setParent(self)
        for column in (ASKED, RESERVED, MISSING):
            self.horizontalHeader().setSectionResizeMode(column, QHeaderView.ResizeMode.Interactive)
        self.set_widths(10, 6, 8, 7, stretch=PRODUCT)
        self.give_up(14, RESERVED)


def summary(lines: Sequence[tuple[str, int]]) -> str:
    """Write `(product, quantity)` pairs in one line; a quantity of one is left out."""
    return ", ".join(product(name) if n == 1 else f"{number(n)} {TIMES} {product(name)}" for name, n in lines)
