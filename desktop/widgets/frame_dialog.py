"""The base of the window's dialogs. They are opened, never `exec`uted."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLayout, QPushButton, QVBoxLayout, QWidget

from desktop.widgets.layouts import column

MARGINS = (20, 18, 20, 16)


class FrameDialog(QDialog):
    """Deletes itself when closed; `title` also names it for a screen reader."""

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

    def closing_buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        closing = primary(self.tr("Close"))
        box.addButton(closing, QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        return box

    def choice_buttons(self, accepting: QPushButton, cancel: str) -> QDialogButtonBox:
        """The button that accepts the dialog, and one with the words `cancel` that rejects it."""
        box = QDialogButtonBox()
        box.addButton(accepting, QDialogButtonBox.ButtonRole.AcceptRole)
        box.addButton(QPushButton(cancel), QDialogButtonBox.ButtonRole.RejectRole)
        box.accepted.connect(self.accept)
        box.rejected.connect(self.reject)
        return box

    def stack(self, *parts: QWidget | QLayout) -> QVBoxLayout:
        """Lay out the dialog as one column with the margins of all dialogs."""
        layout = column(self, *parts, margins=MARGINS)
        layout.setSpacing(10)
        return layout


def primary(words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "primary")
    return button
