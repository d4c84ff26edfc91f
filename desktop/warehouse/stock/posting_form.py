"""The form for a posting of stock; for a delivery it shows which waiting orders would be served."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.scanning.scanned_field import keep_codes
from desktop.text.formats import number, product
from desktop.warehouse.stock.allotment_table import AllotmentTable
from desktop.warehouse.stock.form import Form
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.labels import Complaint, PlainLabel, muted
from desktop.widgets.layouts import column, row
from desktop.widgets.number_field import NumberField, first_refused
from messaging.domain.orders import MAX_QUANTITY
from messaging.domain.stock import StockLevel
from messaging.warehouse.records import Allotment

TYPING = 150  # milliseconds without a key until the preview is asked for


class Posting(Enum):
    RESTOCK = auto()
    ADJUST = auto()


@dataclass(frozen=True, slots=True)
class Posted:
    """`units` that came in, or by which the stock is corrected, up or down."""

    name: str
    kind: Posting
    units: int
    reason: str = ""


class PostingForm(Form):
    """It stands under the table, so that the stock stays visible. Signals: `posted(Posted)`; `preview_wanted(name,
    units)` while a delivery is typed, to be answered with `show_preview`; `closed`, posted or not."""

    posted = Signal(object)
    preview_wanted = Signal(str, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._kind, self._free = "", Posting.RESTOCK, 0
        self._words = PlainLabel()
        self._words.setWordWrap(True)
        self.preview = muted()
        self.preview.setWordWrap(True)
        self.allotments = AllotmentTable()
        self.units, self.reason = NumberField(), QLineEdit()
        self.wrong = Complaint()
        self.apply_button = button(self.tr("Post"), kind="primary")
        self.close_button = icon_button("x", self.tr("Close the form"))
        self._typed = QTimer(self, interval=TYPING, singleShot=True)
        self._set_up()

    def _set_up(self) -> None:
        self.units.setAccessibleName(self.tr("Units"))
        self.units.setMinimumWidth(90)
        self.units.refused.connect(self.wrong.show_text)
        self.reason.setPlaceholderText(self.tr("Reason"))
        self.reason.setAccessibleName(self.tr("Reason"))
        self.reason.setMaxLength(200)
        keep_codes(self.reason)
        line = row(self._words, self.close_button)
        line.setStretch(0, 1)
        fields = row(self.units, self.reason, self.apply_button)
        fields.setStretch(1, 1)
        column(self, line, fields, self.wrong, self.preview, self.allotments, margins=(12, 4, 8, 10))
        self.apply_button.clicked.connect(self._post)
        self.reason.returnPressed.connect(self._post)
        self.units.lineEdit().returnPressed.connect(self._post)
        self.reason.textChanged.connect(self._check)
        for changed in (self.units.valueChanged, self.units.lineEdit().textEdited):
            changed.connect(self._check)
            changed.connect(self._ask_preview_soon)
        self._typed.timeout.connect(self._ask_preview)
        self.close_button.clicked.connect(self._close)

    def open_for(self, level: StockLevel, kind: Posting) -> None:
        self._name, self._kind, self._free = level.name, kind, level.free
        words = {
            Posting.RESTOCK: self.tr("Restock {0}: units that came in"),
            Posting.ADJUST: self.tr("Adjust {0} by (- takes away)"),
        }[kind]
        self._words.setText(words.format(product(level.name)))
        least, first = {
            Posting.RESTOCK: (1, 10),
            Posting.ADJUST: (-MAX_QUANTITY, -1),
        }[kind]
        self.units.setRange(least, MAX_QUANTITY)
        self.units.setValue(first)
        self.reason.clear()
        needed, free = self.tr("Reason (needed)"), self.tr("Reason")
        self.reason.setPlaceholderText(needed if kind is Posting.ADJUST else free)
        self.preview.hide()
        self.allotments.hide()
        self.wrong.show_text("")
        self._check()
        self.open()
        self.units.setFocus(Qt.FocusReason.OtherFocusReason)
        self.units.selectAll()
        self._ask_preview()

    def show_preview(self, name: str, units: int, allotted: Sequence[Allotment], names: Mapping[str, str]) -> None:
        """Show who would be served; ignored where another product or number was typed since it was asked for."""
        if (name, units, Posting.RESTOCK) != (self._name, self.units.typed(), self._kind):
            return
        taken = sum(one.units.get(name, 0) for one in allotted)
        words = self.tr("No waiting order is served by it: all of it becomes free.")
        if allotted:
            words = self.tr("Waiting orders served: {0}. They get {1} of it, {2} stay free.")
        free = self._free + units - taken
        self.preview.setText(words.format(number(len(allotted)), number(taken), number(free)))
        self.preview.show()
        self.allotments.show_allotted(allotted, names)

    def _ask_preview_soon(self) -> None:
        self._typed.start()

    def _ask_preview(self) -> None:
        units = self.units.typed()
        if self._is_open and self._kind is Posting.RESTOCK and units is not None:
            self.preview_wanted.emit(self._name, units)
        else:
            self.preview.hide()
            self.allotments.hide()

    def _check(self) -> None:
        self.apply_button.setEnabled(self._can_post())

    def _can_post(self) -> bool:
        """A correction needs its reason: the ledger must say why."""
        has_reason = bool(self.reason.text().strip()) or self._kind is not Posting.ADJUST
        return self.units.typed() != 0 and has_reason

    def _post(self) -> None:
        if self._is_open and self._can_post() and first_refused(self.units) is None:
            self._close()
            self.posted.emit(Posted(self._name, self._kind, self.units.value(), self.reason.text().strip()))
