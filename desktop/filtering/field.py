"""The field a filter is typed into: it offers completions, and shows what it does not understand."""

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.filtering.completion import Completion
from desktop.filtering.hints import Hints
from desktop.filtering.keys import FilterSubject
from desktop.filtering.parsing import ParsedFilter, parse_filter
from desktop.style.icons import icon
from desktop.tables.table import Table
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.search_fields import as_search

NOTE_AFTER = 700  # milliseconds without a key until it shows what it does not understand
LONGEST = 2000  # characters
_ONWARDS = (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FilterField(QLineEdit):
    """Signal `asked` when the user has stopped typing: read `parsed()` then.

    Lay `note` out in a row of its own: it shows what is not understood, and is hidden otherwise.
    Enter and the down arrow move to the table, Esc clears the field.
    """

    asked = Signal()

    def __init__(
        self, words: str, name: str, subject: FilterSubject, typing: int, parent: QWidget | None = None
    ) -> None:
        """`typing` milliseconds without a key pass until `asked`."""
        super().__init__(parent)
        self._subject = subject
        self.table: Table[Any] | None = None  # the one that is filtered
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
        self._ask_soon = QTimer(self, singleShot=True, interval=typing)
        self._ask_soon.timeout.connect(self.asked)
        self._note_later = QTimer(self, singleShot=True, interval=NOTE_AFTER)
        self._note_later.timeout.connect(self._show_unclear)
        self.textChanged.connect(self._changed)

    def set_names(self, names: Mapping[str, str]) -> None:
        """`names` of users by their ids, to complete and to search them."""
        self.completion.names = names

    def parsed(self) -> ParsedFilter:
        return parse_filter(self.text(), self._subject, self.completion.names)

    def add(self, text: str) -> None:
        """Append a piece, which the user completes where it ends with a colon; a comma continues the last piece."""
        before = self.text().rstrip()
        self.setText(f"{before}{text}" if text == "," else f"{before} {text}".lstrip())
        self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.completion.popup.isVisible():
            super().keyPressEvent(event)  # the completer gets it afterwards
        elif event.key() in _ONWARDS:
            self._is_leading = True
            if self._ask_soon.isActive():
                self._ask_soon.stop()
                self.asked.emit()
            else:
                self.lead_to_table()
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)

    def lead_to_table(self) -> None:
        """Move the focus to the table, if Enter was pressed; call it when the rows asked for are shown."""
        table = self.table
        if self._is_leading and table is not None and table.rows.rowCount():
            table.setFocus()
            if not table.selectionModel().hasSelection():
                table.select(0)
        self._is_leading = False

    def _changed(self) -> None:
        self._is_leading = False
        self._ask_soon.start()
        if self._is_unclear:
            self._show_unclear()
        else:
            self._note_later.start()

    def _show_unclear(self) -> None:
        unclear = self.parsed().unclear
        self._is_unclear = bool(unclear)
        self.note.show_text("; ".join(unclear))
        self.note.setVisible(self._is_unclear)

    def _show_hints(self) -> None:
        self.hints.popup(self.mapToGlobal(QPoint(0, self.height())))
