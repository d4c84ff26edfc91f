"""The stock as rows: units on hand, reserved, free, and those that orders wait for."""

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QColor

from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.style.theme import colours
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.text.formats import money, number, product
from desktop.text.product_names import named
from messaging.domain.stock import StockLevel

# Signs among the searched words of a product that nobody types: the filter buttons search for them.
LOW = "\N{BLACK DOWN-POINTING TRIANGLE}"
OFFERED, WITHDRAWN = "\N{BLACK CIRCLE}", "\N{WHITE CIRCLE}"


def is_out(level: StockLevel) -> bool:
    return level.free <= 0


def is_low(level: StockLevel) -> bool:
    """Whether free units are at or below the threshold, without one a tenth; never for a withdrawn product."""
    return not level.withdrawn and level.free <= (level.threshold or level.on_hand // 10)


def tone_of(level: StockLevel) -> Tone | None:
    if level.withdrawn:
        return None
    if is_out(level):
        return Tone.BAD
    return Tone.WARN if is_low(level) else None


def _ink(level: StockLevel) -> QColor | None:
    return QColor(colours().muted) if level.withdrawn else None


class StockModel(RowModel[StockLevel]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.name, parent, search=self._searched)
        columns: tuple[Column[StockLevel], ...] = (
            Column(
                self.tr("Product"),
                lambda r: product(r.name),
                icon=lambda r: icon("ban") if r.withdrawn else None,
                tip=self._words,
                spoken=self._spoken,
            ),
            Column(self.tr("On hand"), lambda r: number(r.on_hand), sort=lambda r: r.on_hand, align=RIGHT),
            Column(self.tr("Reserved"), lambda r: number(r.reserved), sort=lambda r: r.reserved, align=RIGHT),
            Column(
                self.tr("Free"),
                lambda r: number(r.free),
                sort=lambda r: r.free,
                align=RIGHT,
                colour=lambda r: colours().tone(tone) if (tone := tone_of(r)) else _ink(r),
                icon=self._mark,
                tip=self._mark_words,
            ),
            Column(
                self.tr("Waiting"),
                lambda r: number(r.waiting) if r.waiting else "",
                sort=lambda r: r.waiting,
                align=RIGHT,
                tip=lambda r: self.tr("Units that orders wait for"),
            ),
        )
        self.columns = tuple(column if column.colour else replace(column, colour=_ink) for column in columns)

    def named(self, name: str) -> StockLevel | None:
        """The product of this name, in upper or lower case: names may not differ by that alone."""
        wanted = name.casefold()
        return self.get(name) or next((row for row in self.rows() if row.name.casefold() == wanted), None)

    def products_named(self, code: str) -> tuple[str, ...]:
        """The products that a scanned code can mean."""
        return named(code, (row.name for row in self.rows()))

    def _searched(self, row: StockLevel) -> str:
        mark = WITHDRAWN if row.withdrawn else OFFERED
        return f"{row.name} {self._mark_words(row)} {LOW if is_low(row) else ''} {mark}"

    def _spoken(self, row: StockLevel) -> str:
        return self.tr("{0} (withdrawn)").format(product(row.name)) if row.withdrawn else product(row.name)

    def _mark(self, row: StockLevel) -> object:
        tone = tone_of(row)
        return icon("circle-x" if tone is Tone.BAD else "triangle-alert", tone) if tone else None

    def _mark_words(self, row: StockLevel) -> str:
        if row.withdrawn:
            return self.tr("No longer offered")
        if is_out(row):
            return self.tr("Nothing free")
        return self.tr("Low") if is_low(row) else ""

    def _words(self, row: StockLevel) -> str:
        words = self._mark_words(row)
        return "\n".join(part for part in (row.name, money(row.price), words) if part)
