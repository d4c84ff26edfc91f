"""What is on the shelves, what of it is promised, and what is wanted beyond that."""

from PySide6.QtCore import QObject

from desktop.shared.colours import Tone
from desktop.shared.icons import icon
from desktop.shared.row_model import RIGHT, Column, RowModel
from desktop.shared.texts import money, number, product
from desktop.shared.theme import colours
from messaging.stock import StockLevel

LOW = "\N{BLACK DOWN-POINTING TRIANGLE}"  # a word of every low product: nobody types it, the list of them asks for it


def is_out(level: StockLevel) -> bool:
    return level.free <= 0


def is_low(level: StockLevel) -> bool:
    """At or below its threshold; a product without one is low when a tenth is left free."""
    return level.free <= (level.threshold or level.on_hand // 10)


def tone_of(level: StockLevel) -> Tone | None:
    if is_out(level):
        return Tone.BAD
    return Tone.WARN if is_low(level) else None


class StockModel(RowModel[StockLevel]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.name, parent, search=self._searched)
        self.columns = (
            Column(self.tr("Product"), lambda r: product(r.name), tip=self._words),
            Column(self.tr("On hand"), lambda r: number(r.on_hand), sort=lambda r: r.on_hand, align=RIGHT),
            Column(self.tr("Reserved"), lambda r: number(r.reserved), sort=lambda r: r.reserved, align=RIGHT),
            Column(
                self.tr("Free"),
                lambda r: number(r.free),
                sort=lambda r: r.free,
                align=RIGHT,
                colour=lambda r: colours().tone(tone) if (tone := tone_of(r)) else None,
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

    def _searched(self, row: StockLevel) -> str:
        return f"{row.name} {self._mark_words(row)} {LOW if is_low(row) else ''}"

    def _mark(self, row: StockLevel) -> object:
        if is_out(row):
            return icon("circle-x", Tone.BAD)
        return icon("triangle-alert", Tone.WARN) if is_low(row) else None

    def _mark_words(self, row: StockLevel) -> str:
        if is_out(row):
            return self.tr("Nothing free")
        return self.tr("Low") if is_low(row) else ""

    def _words(self, row: StockLevel) -> str:
        words = self._mark_words(row)
        return "\n".join(part for part in (row.name, money(row.price), words) if part)
