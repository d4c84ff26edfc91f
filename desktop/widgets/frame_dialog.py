"""The base of the window's dialogs. They are opened, never `exec`uted."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QPushButton, QWidget

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


def primary(words: str) -> QPushButton:
    button = QPushButton(words)
    button.setProperty("kind", "primary")
    return button
