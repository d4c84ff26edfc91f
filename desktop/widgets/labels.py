"""Labels: plain ones, headings, muted ones, and complaints about what was typed."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.style.theme import sized
from messaging.texts import printable_lines


class PlainLabel(QLabel):
    """Never reads its text as HTML, and shows nothing of it that is not printable."""

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


class Complaint(QLabel):
    """What could not be taken, in words; it takes no place while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "bad")
        self.setWordWrap(True)
        self.hide()

    def show_text(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))
