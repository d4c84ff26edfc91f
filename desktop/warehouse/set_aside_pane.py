"""What could not be taken: why, when, from where, and the message itself, byte for byte."""

import json

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from desktop.shared.empty import EmptyState
from desktop.shared.moments import clock
from desktop.shared.panes import column, splitter
from desktop.shared.row_model import RIGHT, Column, RowModel
from desktop.shared.tables import Table, TableWithEmptyState
from desktop.shared.texts import exact, number, plain
from messaging.warehouse.records import SetAside

MOST_BYTES = 65_536  # shown of one message


class SetAsideModel(RowModel[SetAside]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.row, parent)
        self.columns = (
            Column(self.tr("Time"), lambda r: clock(r.at), sort=lambda r: r.at, tip=lambda r: exact(r.at)),
            Column(self.tr("Reason"), lambda r: plain(r.reason), tip=lambda r: r.reason),
            Column(self.tr("Queue"), lambda r: r.queue),
            Column(self.tr("Bytes"), lambda r: number(len(r.body)), sort=lambda r: len(r.body), align=RIGHT),
        )


def shown_bytes(body: bytes) -> str:
    """Text where it is text; what is not is written as \\xNN, so that nothing is guessed or hidden."""
    text = body[:MOST_BYTES].decode("utf-8", "backslashreplace")
    visible = "".join(sign if sign.isprintable() or sign in "\n\t" else f"\\x{ord(sign):02x}" for sign in text)
    return visible if len(body) <= MOST_BYTES else f"{visible}\n... {len(body) - MOST_BYTES:,} bytes more"


def whole(message: SetAside) -> str:
    """The bytes, then what came with them."""
    table = {"headers": message.headers, "properties": message.properties}
    around = json.dumps(table, indent=2, ensure_ascii=True, default=repr)
    return f"{shown_bytes(message.body)}\n\n{around}\n\n{message.reason}"


class SetAsidePane(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SetAsideModel(self)
        self.view = Table(self.model, self.tr("Messages set aside"))
        self.view.setObjectName("setAsideView")
        self.view.set_widths(10, 30, 20, 9, stretch=1)
        self.raw = QPlainTextEdit()
        self.raw.setReadOnly(True)
        self.raw.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.raw.setAccessibleName(self.tr("The message as it came"))
        self.raw.setPlaceholderText(self.tr("Choose a message to see it as it came."))
        empty = EmptyState(
            "archive-x",
            self.tr("Nothing was set aside"),
            self.tr("Messages that cannot be read or taken are kept here whole, with the reason."),
        )
        table = TableWithEmptyState(self.view, empty)
        parts = splitter(Qt.Orientation.Vertical, table, self.raw, shares=(6, 4))
        column(self, parts)
        self.raw.hide()
        self.view.current_changed.connect(self._show)

    def _show(self, message: SetAside | None) -> None:
        self.raw.setVisible(message is not None)
        self.raw.setPlainText(whole(message) if message else "")
