"""Shows a message set aside: its reason and origin, its bytes as text and as numbers, its headers, and a form."""

import json
from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QTabWidget, QWidget

from desktop.style.theme import sized
from desktop.text.formats import exact, number, plain, plain_tip
from desktop.text.order_ids import short_id
from desktop.text.phrases import said
from desktop.warehouse.set_aside.operators import Operator
from desktop.warehouse.set_aside.order_form import OrderForm
from desktop.warehouse.set_aside.reasons import in_plain_words
from desktop.widgets.labels import PlainLabel, muted
from desktop.widgets.layouts import column
from messaging.warehouse.records import SetAside

MOST_BYTES = 65_536  # that are shown of one message
WIDTH = 16  # bytes in a line of the dump


def shown_bytes(body: bytes) -> str:
    """The bytes as UTF-8; a byte that is no text as \\xNN, so that nothing is guessed or hidden."""
    text = body[:MOST_BYTES].decode("utf-8", "backslashreplace")
    return "".join(sign if sign.isprintable() or sign in "\n\t" else f"\\x{ord(sign):02x}" for sign in text) + _rest(
        body
    )


def dump(body: bytes) -> str:
    """A hex dump; each row has the offset, 16 bytes, and the ASCII characters among them."""
    cut = body[:MOST_BYTES]
    starts = range(0, len(cut), WIDTH)
    return "\n".join(_dump_line(start, cut[start : start + WIDTH]) for start in starts) + _rest(body)


def _dump_line(start: int, part: bytes) -> str:
    text = "".join(chr(byte) if 32 <= byte < 127 else "." for byte in part)
    return f"{start:06x}  {part.hex(' '):<{WIDTH * 3 - 1}}  {text}"


def _rest(body: bytes) -> str:
    left = len(body) - MOST_BYTES
    words = QCoreApplication.translate("SetAsideDetails", "{0} bytes more").format(number(left))
    return f"\n... {words}" if left > 0 else ""


def around(message: SetAside) -> str:
    """Headers and properties of the message as JSON."""
    table = {"headers": message.headers, "properties": message.properties}
    return json.dumps(table, indent=2, ensure_ascii=True, default=repr)


class SetAsideDetails(QWidget):
    def __init__(self, operator: Callable[[], Operator], keep_dropped: int, parent: QWidget | None = None) -> None:
        """`operator` who corrects orders, asked each time; `keep_dropped` days that dropped messages are kept."""
        super().__init__(parent)
        self.words, self.facts = PlainLabel(), muted()
        self.words.setFont(sized(self.font(), 1.0, bold=True))
        self.words.setWordWrap(True)
        self.facts.setWordWrap(True)
        self.raw = _text(self.tr("The message as it came"))
        self.hex = _text(self.tr("The message in bytes"))
        self.around = _text(self.tr("What came with the message"))
        self.form = OrderForm(operator)
        self.pages = QTabWidget()
        self.pages.setDocumentMode(True)
        self.pages.tabBar().setDrawBase(False)
        self.pages.tabBar().setAccessibleName(self.tr("How the message is shown"))
        self.pages.addTab(self.raw, self.tr("Text"))
        self.pages.addTab(self.hex, self.tr("Bytes"))
        self.pages.addTab(self.around, self.tr("Headers"))
        self.pages.addTab(self.form, self.tr("As a form"))
        self.pages.currentChanged.connect(self._show_words)
        column(self, self.words, self.facts, self.pages).setStretch(2, 1)
        self._keep_dropped = keep_dropped
        self._shown: SetAside | None = None

    def show_message(self, message: SetAside) -> None:
        if message == self._shown:
            return  # keeps where the user has scrolled to
        self._shown = message
        self.words.setText(in_plain_words(message.reason))
        self.words.setToolTip(plain_tip(said(message.reason)))
        self.facts.setText(self._facts(message))
        self.raw.setPlainText(shown_bytes(message.body))
        self.hex.setPlainText(dump(message.body))
        self.around.setPlainText(around(message))
        self.form.show_message(message)

    def _show_words(self) -> None:
        """Hide the reason above the form, which has it, too."""
        self.words.setVisible(self.pages.currentWidget() is not self.form)

    def show_form(self) -> None:
        self.pages.setCurrentWidget(self.form)
        self.form.begin()

    def _facts(self, message: SetAside) -> str:
        is_cut, freed_on = message.length > len(message.body), message.freed_on(self._keep_dropped)
        taken = plain(message.taken_by, 60), short_id(message.taken_as)
        sender = message.properties.get("user_id") or message.properties.get("app_id")
        parts = [
            exact(message.at),
            self.tr("from {0}").format(plain(message.queue, 60)),
            self.tr("sent by {0}").format(plain(str(sender), 60)) if sender else "",
            self.tr("{0} bytes").format(number(message.length)),
            self.tr("the first {0} are kept").format(number(len(message.body))) if is_cut else "",
            self.tr("sent again {0} times").format(number(message.replays)) if message.replays else "",
            self.tr("sent by {0} as order {1}").format(*taken) if message.taken_as else "",
            self.tr("kept until {0}").format(freed_on) if freed_on else "",
        ]
        return " · ".join(part for part in parts if part)


def _text(name: str) -> QPlainTextEdit:
    made = QPlainTextEdit()
    made.setReadOnly(True)
    made.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    made.setAccessibleName(name)
    return made
