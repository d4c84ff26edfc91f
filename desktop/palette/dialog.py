"""The command palette: type, Enter."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.palette.delegate import KEYS_ROLE, KIND_ROLE, EntryDelegate
from desktop.palette.entries import Entry, best
from desktop.style.icons import icon
from desktop.text.formats import plain
from desktop.widgets.frame_dialog import FrameDialog
from desktop.widgets.labels import muted

_SIZE = (620, 440)  # logical pixels
_MOVES = {Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown}


class Palette(FrameDialog):
    """Runs the chosen entry after it has closed, because the entry may open a dialog."""

    def __init__(self, entries: Sequence[Entry], parent: QWidget) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Find anything"))
        self._entries = entries
        self._shown: list[Entry] = []
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("An action, a product, an order, a setting"))
        self.field.setAccessibleName(self.tr("What to find"))
        self.field.installEventFilter(self)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("What was found"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setItemDelegate(EntryDelegate(self.list))
        self.nothing = muted(self.tr("Nothing matches."))
        self._lay_out()
        self.field.textChanged.connect(self.show_matches)
        self.field.returnPressed.connect(self.choose)
        self.list.itemClicked.connect(lambda _: self.choose())
        self.show_matches("")

    def show_matches(self, typed: str) -> None:
        self._shown = best(self._entries, typed)
        self.list.clear()
        for entry in self._shown:
            item = QListWidgetItem(icon(entry.icon), plain(entry.words))
            item.setData(KIND_ROLE, entry.kind)
            item.setData(KEYS_ROLE, entry.keys)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, " ".join((item.text(), entry.kind, entry.keys)).strip())
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.setVisible(bool(self._shown))
        self.nothing.setVisible(not self._shown)

    def shown(self) -> list[str]:
        return [entry.words for entry in self._shown]

    def choose(self) -> None:
        number = self.list.currentRow()
        if 0 <= number < len(self._shown):
            self.accept()
            self._shown[number].run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let the arrow keys move in the list while the field keeps the focus."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and event.key() in _MOVES:
            self.list.event(event)
            return True
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        self.resize(*_SIZE)
        column = QVBoxLayout(self)
        column.setContentsMargins(14, 14, 14, 14)
        column.addWidget(self.field)
        column.addWidget(self.list, 1)
        column.addWidget(self.nothing)
        column.addStretch(0)
