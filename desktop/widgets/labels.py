"""Labels: plain ones, headings, muted ones, and complaints about what was typed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.style.theme import sized
from messaging.texts import printable_lines


class PlainLabel(QLabel):
    """Shows its text as plain text, never as HTML, and only its printable characters."""

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def setText(self, text: str) -> None:
        super().setText(printable_lines(text))


def heading(text: str) -> QLabel:
    label = PlainLabel(text)
    label.setFont(sized(label.font(), 1.05, bold=True))
    return label


def muted(text: str = "") -> QLabel:
    label = PlainLabel(text)
    label.setProperty("role", "muted")
    return label


def selectable(label: QLabel) -> QLabel:
    """Let the user select the label's text by mouse."""
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class Complaint(QLabel):
    """Says why an input was refused; hidden while it has no words."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "bad")
        self.setWordWrap(True)
        self.hide()

    def show_text(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))
