"""The field a filter is typed into: it offers what may be meant, and says what it does not understand."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.filtering.completion import Completion
from desktop.filtering.hints import Hints
from desktop.filtering.keys import Subject
from desktop.filtering.reading import ParsedFilter, typed
from desktop.style.icons import icon
from desktop.tables.table import Table
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.parts import as_search

NOTE_AFTER = 700  # milliseconds without a key: what is half typed need not be clear
LONGEST = 2000  # characters
_ONWARDS = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterField(QLineEdit):
    """Signal `asked` once it is not typed any more. `note` is for a line of its own; it is seen when it has to be.

    Enter and the arrow down go on in the table, Esc asks for everything.
    """

    asked = Signal()

    def __init__(self, words: str, name: str, subject: Subject, typing: int, parent: QWidget | None = None) -> None:
        """`typing`: milliseconds without a key until it is asked."""
        super().__init__(parent)
        self._subject = subject
        self.table: Table[Any] | None = None  # what is filtered
        self._is_leading = self._is_unclear = False
        as_search(self, words, name)
        self.setMaxLength(LONGEST)
        self.note = ElidedLabel()
        self.note.setProperty("role", "warn")
        self.note.hide()
        self.completion = Completion(self, subject)
        self.hints = Hints(subject, self)
        self.hints.chosen.connect(self.add)
        ask = QAction(icon("info"), self.tr("What can be typed"), self)
        ask.triggered.connect(self._show_hints)
        self.addAction(ask, QLineEdit.ActionPosition.TrailingPosition)
        self._soon = QTimer(self, singleShot=True, interval=typing)
        self._soon.timeout.connect(self.asked)
        self._later = QTimer(self, singleShot=True, interval=NOTE_AFTER)
        self._later.timeout.connect(self._tell_unclear)
        self.textChanged.connect(self._changed)

    def know(self, names: Mapping[str, str]) -> None:
        """Users' names by their ids."""
        self.completion.names = names

    def typed(self) -> ParsedFilter:
        return typed(self.text(), self._subject, self.completion.names)

    def add(self, text: str) -> None:
        """One more thing that must hold, to be typed on where it ends with a colon; a comma goes on with the last."""
        before = self.text().rstrip()
        self.setText(f"{before}{text}" if text == "," else f"{before} {text}".lstrip())
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.completion.popup.isVisible():
            super().keyPressEvent(event)  # the completion is asked afterwards
        elif event.key() in _ONWARDS:
            self._is_leading = True
            if self._soon.isActive():
                self._soon.stop()
                self.asked.emit()
            else:
                self.go_on()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def go_on(self) -> None:
        """To be called when what was asked for is shown: who pressed Enter goes on there."""
        table = self.table
        if self._is_leading and table is not None and table.rows.rowCount():
            table.setFocus()
            if not table.selectionModel().hasSelection():
                table.select(0)
        self._is_leading = False

    def _changed(self) -> None:
        self._is_leading = False
        self._soon.start()
        if self._is_unclear:
            self._tell_unclear()
        else:
            self._later.start()

    def _tell_unclear(self) -> None:
        unclear = self.typed().unclear
        self._is_unclear = bool(unclear)
        self.note.show_text("; ".join(unclear))
        self.note.setVisible(self._is_unclear)

    def _show_hints(self) -> None:
        self.hints.popup(self.mapToGlobal(QPoint(0, self.height())))
