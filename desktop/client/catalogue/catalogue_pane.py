"""The catalogue with its search: a field to type into, and the products that match."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desktop.client.catalogue.catalogue_model import ADD, FREE, CatalogueModel, Product
from desktop.client.catalogue.free_bar import FreeBar
from desktop.client.catalogue.ranked_rows import RankedRows
from desktop.tables.button_cells import ButtonCells
from desktop.tables.search_keys import SearchKeys
from desktop.tables.table import Table, TableWithEmptyState
from desktop.text.formats import number, plain
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.labels import Complaint, heading, muted
from desktop.widgets.layouts import column, heading_row
from desktop.widgets.search_fields import search_field

LONGEST = 24  # letters of a name beside the heading


class CataloguePane(QWidget):
    """Signals: `wanted(name, quantity)`: Enter in the field takes the selected match, `3 laptop` three of it;
    `step_asked(change)`: + or - was pressed in the empty field, for the line that was added last."""

    wanted = Signal(str, int)
    step_asked = Signal(int)

    def __init__(self, model: CatalogueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.search = search_field(self.tr("Search products, or type 3 laptop"), "clientSearch")
        self._rows = RankedRows(model)
        self.view = Table(self._rows, self.tr("Catalogue"))
        self._keys = SearchKeys(self.search, self.view)
        self._count, self.taken, self.unknown = muted(), muted(), Complaint()
        self._set_up_view()
        column(
            self,
            heading_row(heading(self.tr("Catalogue")), self._count, 1, self.taken),
            self.search,
            self.unknown,
            TableWithEmptyState(self.view, self._nothing()),
        )
        self.search.textChanged.connect(self._filter)
        self.search.textEdited.connect(self._clear_unknown)
        self.search.returnPressed.connect(self._take_chosen)
        self.search.installEventFilter(self)
        for changed in (self._rows.rowsInserted, self._rows.rowsRemoved, self._rows.modelReset):
            changed.connect(self._show_count)

    def _nothing(self) -> EmptyState:
        return EmptyState("package-open", self.tr("No such product"), self.tr("Try fewer letters."))

    def _set_up_view(self) -> None:
        self.view.setObjectName("catalogueView")
        self.view.set_widths(20, 9, 15, 2, stretch=0)
        self.view.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.view.setItemDelegateForColumn(FREE, FreeBar(self.view))
        add = ButtonCells(self.view, counts_double=False)
        add.on_pressed(self._want_one)
        self.view.setItemDelegateForColumn(ADD, add)
        self.view.on_chosen(self._want_one)
        self.view.selectionModel().selectionChanged.connect(self._show_taken)
        self.view.setMouseTracking(True)
        self.view.setDragEnabled(True)
        self.view.setDragDropMode(Table.DragDropMode.DragOnly)
        self.view.installEventFilter(self)

    def _filter(self, text: str) -> None:
        self._rows.search(text)
        self._keys.choose_first()
        self._show_taken()

    def _clear_unknown(self) -> None:
        self.unknown.show_text("")

    def _chosen(self) -> tuple[str, int] | None:
        """Name and quantity that Enter would take."""
        row = self.view.current() if self.view.selectionModel().hasSelection() else None
        return None if row is None else (row.name, self._rows.typed.quantity(row.name))

    def _show_taken(self) -> None:
        """Where a number was typed, show whether it counts as quantity or as part of a name."""
        chosen = self._chosen() if self._rows.typed.rest else None
        self.taken.setText(
            self.tr("Enter takes {0} \u00d7 {1}").format(number(chosen[1]), plain(chosen[0], LONGEST)) if chosen else ""
        )

    def _take_chosen(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            self.wanted.emit(*chosen)
            self.search.selectAll()

    def _want_one(self, product: Product) -> None:
        self.wanted.emit(product.name, 1)

    def _show_count(self) -> None:
        shown, there = self._rows.rowCount(), self._rows.source.rowCount()
        self._count.setText(str(there) if shown == there else self.tr("{0} of {1}").format(shown, there))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            action = self._field_key(event) if watched is self.search else self._table_key(event)
            if action is not None:
                action()
                return True
        return super().eventFilter(watched, event)

    def _field_key(self, event: QKeyEvent) -> Callable[[], object] | None:
        changes = {Qt.Key.Key_Plus: 1, Qt.Key.Key_Minus: -1}
        change = changes.get(Qt.Key(event.key()))
        if change is None or self.search.text() != self.search.selectedText():
            return None
        return partial(self.step_asked.emit, change)

    def _table_key(self, event: QKeyEvent) -> Callable[[], object] | None:
        row = self.view.current()
        return partial(self._want_one, row) if event.key() == Qt.Key.Key_Plus and row is not None else None
