"""The basket, and the button that places it as an order."""

from functools import partial

from PySide6.QtCore import QAbstractItemModel, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QPushButton, QStyleOptionViewItem, QWidget

from desktop.client.basket.basket import Basket, BasketLine
from desktop.client.basket.basket_model import LESS, MORE, QUANTITY, REMOVE, BasketModel
from desktop.client.catalogue.catalogue_model import PRODUCTS, CatalogueModel
from desktop.style.theme import sized
from desktop.tables.button_cells import ButtonCells
from desktop.tables.row_model import Index
from desktop.tables.table import PlainDelegate, Table, TableWithEmptyState
from desktop.text.formats import money, number
from desktop.widgets.buttons import button, give_keys
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.labels import Complaint, PlainLabel, heading, muted
from desktop.widgets.layouts import column, heading_row, row
from desktop.widgets.number_field import NumberField, calm
from messaging.domain.orders import MAX_QUANTITY, OnShortage


class BasketPane(QWidget):
    """Signals: `wanted(name, units)` the quantity that a line should have; `dropped(name)` a product was dropped
    here, to add one unit; `place_asked`; `clear_asked`."""

    wanted = Signal(str, int)
    dropped = Signal(str)
    place_asked = Signal()
    clear_asked = Signal()

    def __init__(self, basket: Basket, catalogue: CatalogueModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._basket, self._catalogue = basket, catalogue
        self._model = BasketModel(self)
        self.view = Table(self._model, self.tr("Basket"))
        self.empty = EmptyState("shopping-cart", "")
        self._make_parts()
        self._set_up_view()
        self.show_empty()
        self._lay_out()
        self.setAcceptDrops(True)
        self._model.quantity_wanted.connect(self.wanted)
        basket.changed.connect(self.refresh)
        self.refresh()

    def _make_parts(self) -> None:
        self._count = muted()
        self.wrong = Complaint()  # about a quantity that was refused; the line keeps its quantity
        self.clear_button = button(self.tr("Clear"), "trash-2", "quiet", self.tr("Take everything out of the basket"))
        give_keys(self.clear_button, "Ctrl+Shift+Del")
        self.clear_button.clicked.connect(self.clear_asked)
        self.shortage = calm(QComboBox())
        self.shortage.setObjectName("onShortage")
        self.shortage.addItem(self.tr("Refuse the order"), OnShortage.REJECT)
        self.shortage.addItem(self.tr("Send what there is, the rest waits"), OnShortage.PARTIAL)
        self.shortage.addItem(self.tr("Wait until all is there"), OnShortage.WAIT)
        self.shortage.activated.connect(self._choose_shortage)
        self.shortage.setAccessibleName(self.tr("If stock is short"))
        self.shortage.view().setAccessibleName(self.tr("If stock is short"))
        self._total = PlainLabel()
        self._total.setFont(sized(self.font(), 1.5, bold=True))
        self.place_button = PlaceButton(self.tr("Place order"))
        self.place_button.setObjectName("placeOrder")
        self.place_button.setMinimumHeight(38)
        self.place_button.setMinimumWidth(150)
        self.place_button.setToolTip(self.tr("Ctrl+Enter"))
        self.place_button.clicked.connect(self.place_asked)

    def _set_up_view(self) -> None:
        self.view.setObjectName("basketView")
        self.view.setSortingEnabled(False)
        self.view.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.view.set_widths(16, 2, 8, 2, 10, 2, stretch=0)
        self.view.setEditTriggers(
            Table.EditTrigger.DoubleClicked | Table.EditTrigger.EditKeyPressed | Table.EditTrigger.AnyKeyPressed
        )
        editor = QuantityEditor(self.view)
        editor.refused.connect(self.wrong.show_text)
        self.view.setItemDelegateForColumn(QUANTITY, editor)
        for where, change in ((LESS, -1), (MORE, 1), (REMOVE, -MAX_QUANTITY)):
            cells = ButtonCells(self.view)
            cells.on_pressed(partial(self._change, change))
            self.view.setItemDelegateForColumn(where, cells)
        self.view.setMouseTracking(True)
        self.view.installEventFilter(self)

    def show_empty(self, title: str = "", words: str = "", action: str = "") -> None:
        """Set what is shown while the basket is empty; without arguments how to fill it."""
        self.empty.set_title(title or self.tr("The basket is empty"))
        self.empty.set_words(words or self.tr("Type a product and press Enter, or double-click it."))
        self.empty.button.setText(action)
        self.empty.button.setVisible(bool(action))

    def _lay_out(self) -> None:
        label = PlainLabel(self.tr("If stock is short"))
        label.setBuddy(self.shortage)
        column(
            self,
            heading_row(heading(self.tr("Basket")), self._count, 1, self.clear_button),
            TableWithEmptyState(self.view, self.empty),
            self.wrong,
            row(label, self.shortage, 1),
            row(muted(self.tr("Total")), self._total, 1, self.place_button),
        )

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(PRODUCTS):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Take products that are dragged from the catalogue, anywhere on the pane."""
        for name in bytes(event.mimeData().data(PRODUCTS).data()).decode().splitlines():
            self.dropped.emit(name)
        event.acceptProposedAction()

    def refresh(self) -> None:
        """Show the basket again: it changed, or prices or stock did."""
        prices = self._catalogue.prices()
        self._model.synchronise(self._basket.shown(prices, self._catalogue.free()))
        self._total.setText(money(self._basket.total(prices)) if len(self._basket) else money(0))
        units = sum(quantity for _, quantity in self._basket.lines())
        self._count.setText(number(units) if units else "")
        self.shortage.setCurrentIndex(self.shortage.findData(self._basket.on_shortage))
        self.clear_button.setEnabled(len(self._basket) > 0)
        if not len(self._basket):
            self.wrong.show_text("")
        self.place_button.setEnabled(len(self._basket) > 0)

    def _choose_shortage(self, index: int) -> None:
        self._basket.choose(self.shortage.itemData(index))

    def _change(self, change: int, line: BasketLine) -> None:
        self.wanted.emit(line.name, max(line.quantity + change, 0))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.view and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            changes = {
                Qt.Key.Key_Plus: 1,
                Qt.Key.Key_Minus: -1,
                Qt.Key.Key_Delete: -MAX_QUANTITY,
                Qt.Key.Key_Backspace: -MAX_QUANTITY,
            }
            line, change = self.view.current(), changes.get(Qt.Key(event.key()))
            if line is not None and change is not None:
                self._change(change, line)
                return True
        return super().eventFilter(watched, event)


class PlaceButton(QPushButton):
    """Clicks at once when its keys are pressed, Ctrl with either Enter key.

    Qt would first show the button pressed for a tenth of a second, and what is typed or scanned meanwhile would be
    part of the order.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setAutoDefault(False)
        self.setProperty("kind", "primary")
        self.setShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Return))
        keypad = QShortcut(QKeySequence(Qt.Modifier.CTRL | Qt.Key.Key_Enter), self)
        keypad.activated.connect(self.click)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Shortcut:
            self.click()
            return True
        return super().event(event)


class QuantityEditor(PlainDelegate):
    """A number field in the cell; 0 removes the line. Signal `refused(words)`, empty when editing begins again."""

    refused = Signal(str)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = NumberField(0, MAX_QUANTITY, parent)
        field.refused.connect(self.refused)
        field.setFrame(False)
        field.setAccessibleName(self.tr("Quantity"))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, NumberField)
        self.refused.emit("")
        editor.setValue(index.data(Qt.ItemDataRole.EditRole))
        editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        assert isinstance(editor, NumberField)
        if editor.is_right():
            editor.interpretText()
            model.setData(index, editor.value(), Qt.ItemDataRole.EditRole)
