"""The ledger: every posting of stock, newest first."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QHeaderView, QWidget

from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.tables.table import Table, TableWithEmptyState
from desktop.text.formats import exact, number, plain, product
from desktop.text.moments import clock
from desktop.text.order_ids import short_id
from desktop.text.phrases import said
from desktop.widgets.buttons import button, give_keys
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.layouts import column, row
from messaging.domain.orders import order_id_in
from messaging.warehouse.records import LedgerKind, LedgerRow

BY_HAND = frozenset({LedgerKind.RESTOCK, LedgerKind.ADJUST, LedgerKind.IMPORT, LedgerKind.UNDO})


def signed(units: int) -> str:
    """Format a change: `+3`, `-2`, empty for 0."""
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
            Column(self.tr("Reason"), lambda r: plain(said(r.reason)), tip=lambda r: said(r.reason)),
            Column(
                self.tr("Order"),
                lambda r: short_id(r.identity) if r.identity else "",
                tip=lambda r: order_id_in(r.identity),
            ),
            Column(self.tr("Number"), lambda r: str(r.row), sort=lambda r: r.row, align=RIGHT),
        )


class LedgerPane(QWidget):
    """Signals: `product_wanted(name)`, empty for all products; `undo_asked(row)` of a posting made by hand."""

    product_wanted = Signal(str)
    undo_asked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = LedgerModel(self)
        self.view = Table(self.model, self.tr("Stock ledger"))
        self.view.setObjectName("ledgerView")
        self.view.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.view.set_widths(11, 16, 10, 8, 9, 16, 12, 8, stretch=5)
        self.view.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.view.give_up(34, 7, 6)
        self.only = QCheckBox()
        self.undo_button = button(
            self.tr("Undo posting"), "undo-2", hint=self.tr("By a counter-posting: the ledger forgets nothing")
        )
        self._name = ""
        empty = EmptyState("book-open", self.tr("The ledger is empty"), self.tr("Each movement of stock stands here."))
        column(self, TableWithEmptyState(self.view, empty), row(self.undo_button, self.only, 1))
        self.only.toggled.connect(self._ask)
        self.undo_button.clicked.connect(self._undo)
        give_keys(self.undo_button, "F8")
        self.view.on_current(self._enable_undo)
        self.show_product("")
        self._enable_undo(None)

    def show_product(self, name: str) -> None:
        """Offer to list this product alone; it is the one selected in the stock, empty for none."""
        self._name = name
        self.only.setText(
            self.tr("Only {0}").format(product(name).replace("&", "&&")) if name else self.tr("Only the chosen product")
        )
        self.only.setEnabled(bool(name) or self.only.isChecked())
        if self.only.isChecked():
            self._ask()

    def show_rows(self, rows: Sequence[LedgerRow]) -> None:
        self.model.synchronise(rows)

    def _ask(self) -> None:
        self.view.let_go()
        self.product_wanted.emit(self._name if self.only.isChecked() else "")

    def _enable_undo(self, chosen: LedgerRow | None) -> None:
        """Enable undo for a posting made by hand that was not undone yet; an undo is a posting, and can be undone."""
        undone = {r.reason for r in self.model.rows() if r.kind is LedgerKind.UNDO} if chosen else set()
        can = chosen is not None and chosen.kind in BY_HAND and f"undo of number {chosen.row}" not in undone
        self.undo_button.setEnabled(can)

    def _undo(self) -> None:
        chosen = self.view.current()
        if chosen is not None:
            self.undo_asked.emit(chosen.row)
            self.undo_button.setEnabled(False)
