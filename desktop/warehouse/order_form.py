"""A failed order as a form, with what is wrong marked: corrected, it can be sent as an order of its own."""

import json
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHeaderView, QLineEdit, QTableWidget, QTableWidgetItem, QWidget

from desktop.shared.colours import Tone
from desktop.shared.empty import plain_label
from desktop.shared.icons import icon
from desktop.shared.panes import button, column, muted, row
from desktop.shared.row_model import LEFT
from desktop.shared.theme import colours
from desktop.warehouse.reasons import BadField, bad_field, in_plain_words
from messaging.errors import UnreadableMessage
from messaging.orders import MAX_LINES, OnShortage, OrderStatus
from messaging.warehouse.records import SetAside
from messaging.wire import MAX_BYTES, read_order

TEXTS = ("order_id", "user_id", "created_at")
COLUMNS = ("name", "quantity")
SPARE = 2  # empty lines to add products


class OrderForm(QWidget):
    """Signal `send_asked(row, Order)`: the order is in order now; `row` is the message set aside."""

    send_asked = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = 0
        self.words = plain_label()
        self.words.setWordWrap(True)
        self.fields = {name: QLineEdit() for name in TEXTS}
        self.on_shortage = QComboBox()
        self.lines = QTableWidget(0, len(COLUMNS))
        self.send_button = button(self.tr("Send corrected"), "send", hint=self.tr("As an order; this one is dropped"))
        self._set_up()

    def _set_up(self) -> None:
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(4)
        for name, field in self.fields.items():
            field.setAccessibleName(name)
            field.setMaxLength(128)
            form.addRow(muted(name), field)
        self.on_shortage.setAccessibleName("on_shortage")
        self.on_shortage.view().setAccessibleName("on_shortage")
        self.on_shortage.addItems([choice.value for choice in OnShortage])
        form.addRow(muted("on_shortage"), self.on_shortage)
        self.lines.setHorizontalHeaderLabels(COLUMNS)
        self.lines.setAccessibleName(self.tr("Lines of the order"))
        self.lines.verticalHeader().hide()
        self.lines.horizontalHeader().setDefaultAlignment(LEFT)
        self.lines.setTabKeyNavigation(False)
        self.lines.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        column(self, self.words, form, self.lines, row(self.send_button, 1)).setStretch(2, 1)
        self.send_button.clicked.connect(self._send)

    def cell(self, number: int, place: int) -> QTableWidgetItem:
        item = self.lines.item(number, place)
        assert item is not None, "every cell is filled, if with nothing"
        return item

    def show_message(self, message: SetAside) -> None:
        self._row = message.row
        found = _read(message.body)
        for part in (*self.fields.values(), self.on_shortage, self.lines, self.send_button):
            part.setEnabled(found is not None)
        self._fill(found or {})
        if found is None:
            self._mark(None, self.tr("It cannot be read as an order at all: there is nothing to fill a form with."))
        else:
            self._mark(bad_field(message.reason), in_plain_words(message.reason))

    def _fill(self, found: dict[str, Any]) -> None:
        for name, field in self.fields.items():
            field.setText(_text(found.get(name)))
        wanted = self.on_shortage.findText(_text(found.get("on_shortage")))
        self.on_shortage.setCurrentIndex(max(wanted, 0))
        given = found.get("order")
        lines = [line for line in given if isinstance(line, dict)][:MAX_LINES] if isinstance(given, list) else []
        self.lines.setRowCount(len(lines) + SPARE)
        for number in range(len(lines) + SPARE):
            line = lines[number] if number < len(lines) else {}
            for place, name in enumerate(COLUMNS):
                self.lines.setItem(number, place, QTableWidgetItem(_text(line.get(name))))

    def _mark(self, bad: BadField | None, words: str) -> None:
        """By words, border and icon: never by colour alone."""
        self.words.setText(words)
        self.words.setProperty("role", "bad" if words else "")
        self.words.style().polish(self.words)
        for name, field in self.fields.items():
            is_bad = bad == BadField(name)
            field.setStyleSheet(f"border: 2px solid {colours().bad};" if is_bad else "")
            field.setAccessibleDescription(words if is_bad else "")
        for number in range(self.lines.rowCount()):
            for place, name in enumerate(COLUMNS):
                is_bad = bad is not None and bad.line == number + 1 and bad.name in (name, "")
                picture = icon("circle-x", Tone.BAD) if is_bad else None
                self.cell(number, place).setData(Qt.ItemDataRole.DecorationRole, picture)

    def _send(self) -> None:
        try:
            order = read_order(self._body())
        except UnreadableMessage as error:
            self._mark(bad_field(str(error)), in_plain_words(str(error)))
            return
        self._mark(None, "")
        self.send_asked.emit(self._row, order)

    def _body(self) -> bytes:
        filled = [[self.cell(n, c).text().strip() for c in range(2)] for n in range(self.lines.rowCount())]
        order: dict[str, object] = {name: _number_or_text(field.text().strip()) for name, field in self.fields.items()}
        order["created_at"] = self.fields["created_at"].text().strip()
        order["order"] = [{"name": name, "quantity": _number_or_text(units)} for name, units in filled if name or units]
        order["status"] = OrderStatus.NEW.value
        order["on_shortage"] = self.on_shortage.currentText()
        return json.dumps(order).encode()


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
