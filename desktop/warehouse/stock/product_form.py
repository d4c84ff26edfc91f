"""The form for a product: its price and when it is low; for a new one also its name and first stock."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from desktop.scanning.scanned_field import keep_codes
from desktop.text.formats import money, plain, product
from desktop.text.phrases import said
from desktop.warehouse.stock.form import Form
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.labels import PlainLabel, muted
from desktop.widgets.layouts import column, row
from desktop.widgets.number_field import NumberField, first_refused
from messaging.domain.orders import checked_line
from messaging.domain.stock import StockLevel
from messaging.errors import UsageError
from messaging.files.amounts import MOST_STOCK, decimal_text, read_price
from messaging.texts import MAX_NAME
from messaging.warehouse.records import CatalogueRow

SPIN = 110  # logical pixels


@dataclass(frozen=True, slots=True)
class ProductWish:
    """`before` is the product as it was; None for a new one, whose first stock is posted with `reason`."""

    row: CatalogueRow
    threshold: int
    reason: str = ""
    before: StockLevel | None = None


class ProductForm(Form):
    """It stands under the table. Signals: `saved(ProductWish)`; `closed`, saved or not."""

    saved = Signal(object)

    def __init__(self, find: Callable[[str], StockLevel | None], parent: QWidget | None = None) -> None:
        """`find` gives the product of a name, in upper or lower case."""
        super().__init__(parent)
        self._find = find
        self._before: StockLevel | None = None
        self._title = PlainLabel()
        self._title.setWordWrap(True)
        self.name, self.price, self.reason = QLineEdit(), QLineEdit(), QLineEdit()
        self.threshold, self.stock = NumberField(0, MOST_STOCK), NumberField(0, MOST_STOCK)
        self.wrong = PlainLabel()
        self.save_button = button(self.tr("Save"), kind="primary")
        self.close_button = icon_button("x", self.tr("Close the form"))
        self._only_new: list[QWidget] = []
        self._lay_out()
        self._set_up()

    def _lay_out(self) -> None:
        self.wrong.setProperty("role", "bad")
        self.wrong.setWordWrap(True)
        title = row(self._title, self.close_button)
        title.setStretch(0, 1)
        self._fields = QGridLayout()
        self._fields.setHorizontalSpacing(8)
        self._fields.setVerticalSpacing(6)
        self._fields.setColumnStretch(4, 1)
        self._only_new += [self._ask(self.tr("Name"), self.name, 0, 0, 4), self.name]
        self._ask(self.tr("Price"), self.price, 1, 0)
        self._ask(self.tr("Low from"), self.threshold, 1, 2)
        self._only_new += [self._ask(self.tr("First stock"), self.stock, 2, 0), self.stock]
        self._only_new += [self._ask(self.tr("Reason"), self.reason, 2, 2, 2), self.reason]
        end = row(self.wrong, self.save_button)
        end.setStretch(0, 1)
        column(self, title, self._fields, end, margins=(12, 4, 8, 10))

    def _ask(self, words: str, field: QWidget, line: int, at: int, over: int = 1) -> QWidget:
        label = muted(words)
        label.setBuddy(field)
        field.setAccessibleName(words)
        self._fields.addWidget(label, line, at)
        self._fields.addWidget(field, line, at + 1, 1, over)
        return label

    def _set_up(self) -> None:
        self.name.setMaxLength(MAX_NAME)
        self.reason.setMaxLength(200)
        keep_codes(self.name, self.reason)
        self.reason.setPlaceholderText(self.tr("such as a delivery note"))
        self.price.setMaximumWidth(SPIN)
        self.price.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.price.setPlaceholderText(money(1250))
        self.threshold.setSpecialValueText(self.tr("a tenth of it"))
        for spin in (self.threshold, self.stock):
            spin.refused.connect(self.wrong.setText)
            spin.setMaximumWidth(SPIN)
            spin.lineEdit().returnPressed.connect(self._save)
        for field in (self.name, self.price, self.reason):
            field.returnPressed.connect(self._save)
            field.textEdited.connect(self.wrong.clear)
        self.price.editingFinished.connect(self._check_price)
        self.save_button.clicked.connect(self._save)
        self.close_button.clicked.connect(self._close)

    def open_new(self) -> None:
        self._open(None, self.tr("New product"))
        self.name.setFocus(Qt.FocusReason.OtherFocusReason)

    def open_for(self, level: StockLevel) -> None:
        words = self.tr("Edit {0}. To call it otherwise, withdraw it and make a new one.")
        self._open(level, words.format(product(level.name)))
        self.price.setFocus(Qt.FocusReason.OtherFocusReason)
        self.price.selectAll()

    def _open(self, level: StockLevel | None, title: str) -> None:
        self._before = level
        self._title.setText(title)
        self.name.setText(level.name if level else "")
        self.price.setText(decimal_text(level.price).replace(".", QLocale().decimalPoint()) if level else "")
        self.threshold.setValue(level.threshold if level else 0)
        self.stock.setValue(0)
        self.reason.clear()
        self.wrong.clear()
        for widget in self._only_new:
            widget.setVisible(level is None)
        self.open()

    def _save(self) -> None:
        if not self._is_open or first_refused(*self._numbers()) is not None:
            return
        try:
            row = self._row()
        except _WrongField as wrong:
            wrong.field.setFocus(Qt.FocusReason.OtherFocusReason)
            wrong.field.selectAll()
            self.wrong.setText(wrong.words)  # last: leaving the price field may have shown another error
            return
        self._close()
        self.saved.emit(ProductWish(row, self.threshold.value(), self.reason.text().strip(), self._before))

    def _numbers(self) -> tuple[NumberField, ...]:
        return (self.threshold, self.stock) if self._before is None else (self.threshold,)

    def _row(self) -> CatalogueRow:
        if self._before is not None:
            return CatalogueRow(self._before.name, self._read_price(), self._before.on_hand)
        return CatalogueRow(self._read_name(), self._read_price(), self.stock.value())

    def _read_name(self) -> str:
        try:
            name = checked_line(self.name.text(), 1).name
        except UsageError as error:
            raise _WrongField(self.name, said(error.words)) from error
        there = self._find(name)
        if there is None:
            return name
        words = self.tr("{0} is in the catalogue already.")
        if there.withdrawn:
            words = self.tr("{0} is withdrawn: offer it again.")
        raise _WrongField(self.name, words.format(plain(there.name, 60)))

    def _read_price(self) -> int:
        """The price in minor units, typed with a comma or a point. Raises _WrongField."""
        try:
            return read_price(self.price.text())
        except UsageError as error:
            words = said(error.words)
            words = words[:1].upper() + words[1:]
            if not self.price.text().strip():
                words = self.tr("The price is an amount like {0}.").format(money(1250))
            raise _WrongField(self.price, words) from error

    def _check_price(self) -> None:
        """Show what is wrong with the price when its field is left; an empty one is not wrong yet."""
        if self.price.text().strip():
            try:
                self._read_price()
            except _WrongField as wrong:
                self.wrong.setText(wrong.words)


class _WrongField(Exception):
    def __init__(self, field: QLineEdit, words: str) -> None:
        super().__init__(words)
        self.field, self.words = field, words
