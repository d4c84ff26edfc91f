"""Shows the message as it was delivered: its body as JSON, one field a line, and its headers."""

import json

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QPlainTextEdit, QPushButton, QWidget

from desktop.notifications.json_colours import JsonColours
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.layouts import column, row
from messaging.contract import codec
from messaging.history.records import StoredNotice
from messaging.texts import readable_json

LEAST = 9  # lines of text that are visible at least


class MessageView(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._body = self._headers = ""
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setAccessibleName(self.tr("The message as JSON"))
        self.text.setTabChangesFocus(True)
        self.text.setMinimumHeight(LEAST * self.text.fontMetrics().lineSpacing() + 16)
        self._colours = JsonColours(self.text.document())
        self.body_button = self._choice(self.tr("Message"))
        self.headers_button = self._choice(self.tr("Headers"))
        self._choices = QButtonGroup(self)
        for choice in (self.body_button, self.headers_button):
            self._choices.addButton(choice)
        self.body_button.setChecked(True)
        self._choices.buttonClicked.connect(self._show)
        copy = icon_button("copy", self.tr("Copy what is shown"))
        copy.clicked.connect(self._copy)
        column(self, row(self.body_button, self.headers_button, 1, copy), self.text).setStretch(1, 1)

    def _choice(self, words: str) -> QPushButton:
        made = button(words, kind="quiet")
        made.setCheckable(True)
        return made

    def show_body(self, stored: StoredNotice) -> None:
        """Show the body; the headers follow with `show_headers`."""
        self._body = readable_json(json.dumps(json.loads(codec.encode(stored.notice)), indent=2, ensure_ascii=False))
        self._headers = ""
        self._show()

    def show_headers(self, headers: str) -> None:
        """`headers` as JSON; empty where the notice came with an answer to a question."""
        indented = json.dumps(json.loads(headers), indent=2, ensure_ascii=False) if headers else ""
        self._headers = readable_json(indented)
        self._show()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _show(self) -> None:
        asked = self.tr("It came with an answer of the warehouse, not as a message of its own: it had no headers.")
        shown = self._body if self.body_button.isChecked() else self._headers or asked
        if shown != self.text.toPlainText():  # keeps selection and scroll position
            self.text.setPlainText(shown)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colours.rehighlight()
