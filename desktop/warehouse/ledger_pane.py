"""Every movement of stock, newest first: replayed from zero it gives the stock."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.shared.empty import EmptyState
from desktop.shared.identities import short_id
from desktop.shared.moments import clock
from desktop.shared.panes import column
from desktop.shared.row_model import RIGHT, Column, RowModel
from desktop.shared.tables import Table, TableWithEmptyState
from desktop.shared.texts import exact, number, plain, product
from messaging.warehouse.records import LedgerKind, LedgerRow


def signed(units: int) -> str:
    """A change: `+3`, `-2`, empty for none."""
    return "" if units == 0 else f"{'+' if units > 0 else ''}{number(units)}"


class LedgerModel(RowModel[LedgerRow]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.row, parent)
        self._kinds: dict[str, str] = {
            LedgerKind.OPENING: self.tr("Opening"),
            LedgerKind.IMPORT: self.tr("Imported"),
            LedgerKind.RESTOCK: self.tr("Restocked"),
            LedgerKind.ADJUST: self.tr("Adjusted"),
            LedgerKind.UNDO: self.tr("Undone"),
            LedgerKind.RESERVE: self.tr("Reserved"),
            LedgerKind.RELEASE: self.tr("Released"),
            LedgerKind.SHIP: self.tr("Shipped"),
            LedgerKind.RETURN: self.tr("Returned"),
        }
        self.columns = (
            Column(self.tr("Time"), lambda r: clock(r.at), sort=lambda r: r.row, tip=lambda r: exact(r.at)),
            Column(self.tr("Product"), lambda r: product(r.name), tip=lambda r: r.name),
            Column(self.tr("What"), lambda r: self._kinds.get(r.kind, str(r.kind))),
            Column(self.tr("On hand"), lambda r: signed(r.on_hand), sort=lambda r: r.on_hand, align=RIGHT),
            Column(self.tr("Reserved"), lambda r: signed(r.reserved), sort=lambda r: r.reserved, align=RIGHT),
            Column(self.tr("Reason"), lambda r: plain(r.reason), tip=lambda r: r.reason),
            Column(self.tr("Order"), lambda r: short_id(r.identity) if r.identity else "", tip=lambda r: r.identity),
        )


class LedgerPane(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LedgerModel(self)
        self.view = Table(self.model, self.tr("Stock ledger"))
        self.view.setObjectName("ledgerView")
        self.view.set_widths(10, 22, 10, 9, 9, 16, 12, stretch=5)
        empty = EmptyState("book-open", self.tr("The ledger is empty"), self.tr("Each movement of stock stands here."))
        column(self, TableWithEmptyState(self.view, empty))
