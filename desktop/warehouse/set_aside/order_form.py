"""A message set aside as a form with the bad field marked: corrected, it can be sent as a new order."""

import json
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from desktop.scanning.scanned_field import keep_codes
from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.style.theme import colours
from desktop.tables.row_model import LEFT
from desktop.text.formats import plain_tip
from desktop.warehouse.set_aside.operators import Operator, own_fields
from desktop.warehouse.set_aside.reasons import BadField, bad_field, field_words, in_plain_words
from desktop.widgets.buttons import button
from desktop.widgets.labels import PlainLabel, muted
from desktop.widgets.layouts import column, row
from desktop.widgets.number_field import calm
from messaging.contract.codec import MAX_BYTES, read_order
from messaging.domain.orders import MAX_LINES, OnShortage, OrderStatus
from messaging.errors import UnreadableMessage
from messaging.warehouse.records import SetAside

TEXTS = ("order_id", "user_id", "created_at")
COLUMNS = ("name", "quantity")
SPARE = 2  # empty lines, to add products


class OrderForm(QWidget):
    """Signal `send_asked(row, Order)`: the order is valid now; `row` of the message set aside."""

    send_asked = Signal(int, object)

    def __init__(self, operator: Callable[[], Operator], parent: QWidget | None = None) -> None:
        """`operator` who corrects orders, asked each time."""
        super().__init__(parent)
        self._row = 0
        self._operator = operator
        self._bad: BadField | None = None
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.fields = {name: QLineEdit() for name in TEXTS}
        self.on_shortage = calm(QComboBox())
        self.lines = QTableWidget(0, len(COLUMNS))
        self.send_button = button(
            self.tr("Send corrected"), kind="primary", hint=self.tr("As an order; this one is dropped")
        )
        self._set_up()

    def _set_up(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(4)
        for number, (name, field) in enumerate(self.fields.items()):
            field.setMaxLength(128)
            keep_codes(field)
            self._add_field(grid, number, name, field)
        self.on_shortage.view().setAccessibleName(field_words("on_shortage"))
        for choice, words in self._choices().items():
            self.on_shortage.addItem(words, choice.value)
        self._add_field(grid, len(self.fields), "on_shortage", self.on_shortage)
        self.lines.setHorizontalHeaderLabels([sentence(field_words(name)) for name in COLUMNS])
        self.lines.setAccessibleName(self.tr("Lines of the order"))
        self.lines.verticalHeader().hide()
        self.lines.setShowGrid(False)
        self.lines.horizontalHeader().setDefaultAlignment(LEFT)
        self.lines.setTabKeyNavigation(False)
        self.lines.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        line = row(self.words, self.send_button)
        line.setStretch(0, 1)
        column(self, line, grid, self.lines).setStretch(2, 1)
        self.send_button.clicked.connect(self._send)

    def _add_field(self, grid: QGridLayout, number: int, name: str, field: QWidget) -> None:
        """Add the field, two in a row: the lines below need the height."""
        words = field_words(name)
        field.setAccessibleName(words)
        field.setToolTip(plain_tip(self.tr("In the message: {0}").format(name)))
        grid.addWidget(muted(sentence(words)), number // 2, number % 2 * 2)
        grid.addWidget(field, number // 2, number % 2 * 2 + 1)
        grid.setColumnStretch(number % 2 * 2 + 1, 1)

    def _choices(self) -> dict[OnShortage, str]:
        return {
            OnShortage.REJECT: self.tr("Refuse the order"),
            OnShortage.PARTIAL: self.tr("Send what there is, the rest waits"),
            OnShortage.WAIT: self.tr("Wait for all of it"),
        }

    def cell(self, number: int, column: int) -> QTableWidgetItem:
        item = self.lines.item(number, column)
        assert item is not None, "every cell is filled, if with nothing"
        return item

    def show_message(self, message: SetAside) -> None:
        self._row = message.row
        found = _read(message.body)
        is_own = found is not None and self._operator().sends_as_own(message, found.get("user_id"))
        if found is not None and is_own:
            found |= own_fields(self._operator())
        self._show_whose(is_own)
        for part in (*self.fields.values(), self.on_shortage, self.lines, self.send_button):
            part.setEnabled(found is not None)
        self._fill(found or {})
        if found is None:
            self._mark(None, self.tr("It cannot be read as an order at all: there is nothing to fill a form with."))
        else:
            self._mark(bad_field(message.reason), in_plain_words(message.reason))

    def must_take_over(self, message: SetAside) -> bool:
        """Whether the message can only be sent as an order of the operator."""
        found = _read(message.body)
        return found is not None and self._operator().must_take_over(message, found.get("user_id"))

    def _show_whose(self, is_own: bool) -> None:
        for field in self.fields.values():
            field.setReadOnly(is_own)
        self.send_button.setText(self.tr("Send in my name") if is_own else self.tr("Send corrected"))
        own = self.tr("As an order of your own, with a new number; this one is dropped")
        self.send_button.setToolTip(plain_tip(own if is_own else self.tr("As an order; this one is dropped")))

    def _fill(self, found: dict[str, Any]) -> None:
        for name, field in self.fields.items():
            field.setText(_text(found.get(name)))
            field.setCursorPosition(0)
        wanted = self.on_shortage.findData(_text(found.get("on_shortage")))
        self.on_shortage.setCurrentIndex(max(wanted, 0))
        given = found.get("order")
        lines = [line for line in given if isinstance(line, dict)][:MAX_LINES] if isinstance(given, list) else []
        self.lines.setRowCount(len(lines) + SPARE)
        for number in range(len(lines) + SPARE):
            line = lines[number] if number < len(lines) else {}
            for at, name in enumerate(COLUMNS):
                self.lines.setItem(number, at, QTableWidgetItem(_text(line.get(name))))

    def _mark(self, bad: BadField | None, words: str) -> None:
        """Mark the bad field by words, border and icon, never by colour alone."""
        self._bad = bad
        self.words.setText(words)
        self.words.setProperty("role", "bad" if words else "")
        self.words.style().polish(self.words)
        for name, field in self.fields.items():
            is_bad = bad == BadField(name)
            field.setStyleSheet(f"border: 2px solid {colours().bad};" if is_bad else "")
            field.setAccessibleDescription(words if is_bad else "")
        for number in range(self.lines.rowCount()):
            for at, name in enumerate(COLUMNS):
                is_bad = bad is not None and bad.line == number + 1 and bad.name in (name, "")
                picture = icon("circle-x", Tone.BAD) if is_bad else None
                self.cell(number, at).setData(Qt.ItemDataRole.DecorationRole, picture)
                if is_bad:
                    self.lines.scrollToItem(self.cell(number, at))

    def begin(self) -> None:
        """Put the cursor into the field that is marked."""
        name, line = (self._bad.name, self._bad.line) if self._bad else ("", 0)
        self.fields.get(name, self.lines).setFocus()
        if line:
            self.lines.setCurrentCell(line - 1, COLUMNS.index(name) if name in COLUMNS else 0)

    def _send(self) -> None:
        try:
            order = read_order(self._body())
        except UnreadableMessage as error:
            self._mark(bad_field(error.words), in_plain_words(error.words))
            return
        self._mark(None, "")
        self.send_asked.emit(self._row, order)

    def _body(self) -> bytes:
        filled = [[self.cell(n, c).text().strip() for c in range(2)] for n in range(self.lines.rowCount())]
        order: dict[str, object] = {name: _number_or_text(field.text().strip()) for name, field in self.fields.items()}
        order["created_at"] = self.fields["created_at"].text().strip()
        order["order"] = [{"name": name, "quantity": _number_or_text(units)} for name, units in filled if name or units]
        order["status"] = OrderStatus.NEW.value
        order["on_shortage"] = self.on_shortage.currentData()
        return json.dumps(order).encode()


def sentence(words: str) -> str:
    """The words with a capital first letter."""
    return words[:1].upper() + words[1:]


def _read(body: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(body[: MAX_BYTES + 1])
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value)[:200]


def _number_or_text(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 20 else text
