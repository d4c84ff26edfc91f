"""The catalogue as the client sees it: the products, their prices, and how much of each is free now."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QModelIndex, QObject, Qt

import resources
from desktop.style.icons import icon
from desktop.tables.row_model import CENTRE, RIGHT, Column, Index, RowModel
from desktop.text.formats import money, number, product
from desktop.text.product_names import named
from messaging.domain.stock import StockLevel

NAME, PRICE, FREE, ADD = range(4)
PRODUCTS = "application/x-order-desk-products"  # MIME type of dragged products: their names, one a row
LOW = 0.2  # share of `most` up to which the bar is amber


@dataclass(frozen=True, slots=True)
class Product:
    """`price` in minor units and `free` in units are None while not known; `most` is free stock with a full bar."""

    name: str
    price: int | None
    free: int | None = None
    most: int = 0
    threshold: int = 0

    @property
    def share(self) -> float:
        """How full the bar is, 0 to 1."""
        return min(max(self.free or 0, 0) / self.most, 1.0) if self.most else 0.0

    @property
    def is_low(self) -> bool:
        return self.free is not None and (self.free <= self.threshold or self.share <= LOW)


class CatalogueModel(RowModel[Product]):
    """Sorted by name; levels change rows in place."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.name, parent, search=lambda row: f"{row.name} {product(row.name)}")
        self.columns = (
            Column(self.tr("Product"), lambda r: product(r.name), tip=lambda r: r.name),
            Column(self.tr("Price"), lambda r: money(r.price), sort=lambda r: r.price or 0, align=RIGHT),
            Column(
                self.tr("Free"),
                lambda r: "\N{EN DASH}" if r.free is None else number(r.free),
                sort=lambda r: -1 if r.free is None else r.free,
                align=RIGHT,
                tip=self._free_words,
            ),
            Column(
                "",
                lambda r: "",
                align=CENTRE,
                icon=lambda r: icon("plus"),
                tip=lambda r: self.tr("Add to the basket"),
                spoken=lambda r: self.tr("Add {0} to the basket").format(product(r.name)),
            ),
        )

    def products_named(self, code: str) -> tuple[str, ...]:
        """The products that a scanned code can mean."""
        return named(code, (row.name for row in self.rows()))

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsDragEnabled

    def mimeTypes(self) -> list[str]:
        return [PRODUCTS]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        """The names of the products, one a row, for the basket."""
        names = dict.fromkeys(self.row(index.row()).name for index in indexes)
        data = QMimeData()
        data.setData(PRODUCTS, QByteArray("\n".join(names).encode()))
        return data

    def show_prices(self, products: Iterable[tuple[str, int]]) -> None:
        """Show the prices of the shipped catalogue, before any warehouse has published its stock."""
        self.synchronise(sorted((Product(n, p) for n, p in products), key=_by_name))

    def apply(self, levels: Sequence[StockLevel], full: bool) -> None:
        """Show these levels; `full`: they are the whole catalogue, otherwise only what changed."""
        changed = {level.name: self._product(level) for level in levels}
        before = {} if full else {row.name: row for row in self.rows()}
        if before and not self.update_rows(changed.values()):
            return
        self.synchronise(sorted((before | changed).values(), key=_by_name))

    def prices(self) -> dict[str, int]:
        return {row.name: row.price for row in self.rows() if row.price is not None}

    def free(self) -> dict[str, int]:
        return {row.name: row.free for row in self.rows() if row.free is not None}

    def _product(self, level: StockLevel) -> Product:
        before = self.get(level.name)
        most = max(level.on_hand, before.most if before else 0)
        return Product(level.name, level.price, level.free, most, level.threshold)

    def _free_words(self, row: Product) -> str:
        if row.free is None:
            return self.tr("No warehouse has told its stock yet")
        if row.free <= 0:
            return self.tr("Nothing free: all of it is reserved or gone")
        return self.tr("{0} free").format(number(row.free))


def _by_name(row: Product) -> str:
    return row.name.casefold()


def shipped_prices() -> list[tuple[str, int]]:
    """Names and prices (minor units) from the catalogue that is installed with the program."""
    with (Path(resources.__file__).parent / "catalogue.csv").open(encoding="utf-8", newline="") as file:
        return [(row["name"], int(Decimal(row["price"]) * 100)) for row in csv.DictReader(file)]
