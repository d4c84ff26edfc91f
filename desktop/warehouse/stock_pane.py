"""The stock with its two postings: a delivery came in, or the shelf holds something else than the books."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLineEdit, QSpinBox, QWidget

from desktop.shared.empty import EmptyState, plain_label
from desktop.shared.panes import button, column, heading, heading_row, icon_button, muted, row, search_field
from desktop.shared.tables import Table, TableWithEmptyState
from desktop.shared.texts import number, product
from desktop.warehouse.stock_model import StockModel
from messaging.orders import MAX_QUANTITY
from messaging.stock import StockLevel


class StockPane(QWidget):
    """Signals: `restock_asked(name, units, reason)`, `adjust_asked(name, change, reason)`."""

    restock_asked = Signal(str, int, str)
    adjust_asked = Signal(str, int, str)

    def __init__(self, model: StockModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.search = search_field(self.tr("Find a product"), "stockSearch")
        self.view = Table(model, self.tr("Stock"))
        self.form = PostingForm()
        self._count = muted()
        self.restock_button = button(self.tr("Restock..."), "package", hint=self.tr("A delivery of it came in"))
        self.adjust_button = button(self.tr("Adjust..."), "pencil", hint=self.tr("Correct what the books say"))
        self._set_up()
        empty = EmptyState("boxes", self.tr("No products"), self.tr("The catalogue is made when the books are opened."))
        column(
            self,
            heading_row(heading(self.tr("Stock")), self._count, 1, self.search),
            TableWithEmptyState(self.view, empty),
            self.form,
            row(self.restock_button, self.adjust_button, 1),
        )

    def _set_up(self) -> None:
        self.view.setObjectName("stockView")
        self.view.setSelectionMode(Table.SelectionMode.SingleSelection)
        self.view.set_widths(12, 7, 8, 8, 7, stretch=0)
        self.search.setMaximumWidth(200)
        self.search.textChanged.connect(self.view.rows.search)
        self.view.chosen.connect(lambda level: self._open(level, False))
        self.view.current_changed.connect(self._chosen)
        self.restock_button.clicked.connect(lambda: self._open(self.view.current_row(), False))
        self.adjust_button.clicked.connect(lambda: self._open(self.view.current_row(), True))
        self.form.posted.connect(self._post)
        self._model.rowsInserted.connect(self._tell_count)
        self._model.rowsRemoved.connect(self._tell_count)
        self._model.modelReset.connect(self._tell_count)
        self._chosen(None)

    def _chosen(self, level: StockLevel | None) -> None:
        self.restock_button.setEnabled(level is not None)
        self.adjust_button.setEnabled(level is not None)

    def _tell_count(self) -> None:
        self._count.setText(number(self._model.rowCount()))

    def _open(self, level: StockLevel | None, is_adjusting: bool) -> None:
        if level is not None:
            self.form.open_for(level.name, is_adjusting)

    def _post(self, name: str, units: int, reason: str, is_adjusting: bool) -> None:
        signal = self.adjust_asked if is_adjusting else self.restock_asked
        signal.emit(name, units, reason)


class PostingForm(QFrame):
    """One line under the table, so that the stock stays in sight. Signal `posted(name, units, reason, adjusting)`."""

    posted = Signal(str, int, str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._name, self._is_adjusting = "", False
        self._words = plain_label()
        self.units, self.reason = QSpinBox(), QLineEdit()
        self.units.setAccessibleName(self.tr("Units"))
        self.units.setMinimumWidth(90)
        self.reason.setPlaceholderText(self.tr("Reason"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setMaxLength(200)
        self.apply_button = button(self.tr("Post"), kind="primary")
        self.close_button = icon_button("x", self.tr("Close the form"))
        column(
            self,
            row(self._words, 1, self.close_button),
            row(self.units, self.reason, self.apply_button),
            margins=(12, 4, 8, 10),
        )
        self.apply_button.clicked.connect(self._post)
        self.reason.returnPressed.connect(self._post)
        self.reason.textChanged.connect(self._check)
        self.units.valueChanged.connect(self._check)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def open_for(self, name: str, is_adjusting: bool) -> None:
        self._name, self._is_adjusting = name, is_adjusting
        words = self.tr("Adjust {0} by (- takes away)") if is_adjusting else self.tr("Restock {0}: units that came in")
        self._words.setText(words.format(product(name)))
        self.units.setRange(-MAX_QUANTITY if is_adjusting else 1, MAX_QUANTITY)
        self.units.setValue(-1 if is_adjusting else 10)
        self.reason.clear()
        self._check()
        self.show()
        self.units.setFocus(Qt.FocusReason.OtherFocusReason)
        self.units.selectAll()

    def _check(self) -> None:
        """A correction needs its reason: the ledger must say why."""
        has_reason = bool(self.reason.text().strip()) or not self._is_adjusting
        self.apply_button.setEnabled(self.units.value() != 0 and has_reason)

    def _post(self) -> None:
        if self.apply_button.isEnabled():
            self.hide()
            self.posted.emit(self._name, self.units.value(), self.reason.text().strip(), self._is_adjusting)
