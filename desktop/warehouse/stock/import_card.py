"""Shows a catalogue from a file before and after it is imported, and what is wrong with which row."""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from desktop.text.formats import number, plain
from desktop.text.phrases import said
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.labels import PlainLabel
from desktop.widgets.layouts import column, row
from messaging.warehouse.records import Imported

if TYPE_CHECKING:  # it loads what the window does not need
    from messaging.warehouse.catalogue_csv import CatalogueFile

MOST_ERRORS = 500  # that are shown; the others are counted
HEIGHT = 110  # logical pixels of the list of errors


class ImportCard(QFrame):
    """Signal `confirmed(CatalogueFile)`: the user has seen what the file holds, and imports it."""

    confirmed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._file: CatalogueFile | None = None
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.errors = QPlainTextEdit()
        self.errors.setReadOnly(True)
        self.errors.setMaximumHeight(HEIGHT)
        self.errors.setAccessibleName(self.tr("Rows that are left out"))
        self.import_button = button(self.tr("Import"), kind="primary")
        self.close_button = icon_button("x", self.tr("Close"))
        line = row(self.words, self.close_button)
        line.setStretch(0, 1)
        column(self, line, self.errors, row(self.import_button, 1), margins=(12, 6, 8, 10))
        self.import_button.clicked.connect(self._confirm)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def open_for(self, path: Path, file: "CatalogueFile") -> None:
        self._file = file
        words = self.tr("{0}: {1} products. Their prices and their stock as counted replace what the books say.")
        shown = words.format(plain(path.name, 60), number(len(file.rows)))
        self._show(f"{shown} {said(file.note)}" if file.note else shown, file.errors)
        self.import_button.setVisible(bool(file.rows))
        (self.import_button if file.rows else self.close_button).setFocus()

    def show_result(self, done: Imported) -> None:
        words = self.tr("Imported: {0} new, {1} changed, {2} as they were.")
        shown = words.format(number(done.added), number(done.changed), number(done.unchanged))
        if done.withdrawn:
            shown += self.tr(" {0} of them are withdrawn and stay so.").format(number(len(done.withdrawn)))
        self._show(shown, (self._file.errors if self._file else ()) + done.errors)
        self.import_button.hide()

    def _show(self, words: str, errors: tuple[str, ...]) -> None:
        left_out = self.tr(" {0} rows are left out:").format(number(len(errors))) if errors else ""
        self.words.setText(words + left_out)
        more = [self.tr("and {0} more").format(number(len(errors) - MOST_ERRORS))] if len(errors) > MOST_ERRORS else []
        self.errors.setPlainText("\n".join([*map(said, errors[:MOST_ERRORS]), *more]))
        self.errors.setVisible(bool(errors))
        self.show()

    def _confirm(self) -> None:
        self.import_button.hide()
        self.confirmed.emit(self._file)
