"""Taking notices along: to the clipboard, or to a file."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.notifications.finder import Finder
from desktop.notifications.notices_model import REASON
from desktop.shared.paged_table import PagedTable
from desktop.shared.worker import answer
from messaging.history.export import NOTICE_HEADER, Export
from messaging.history.records import KeptNotice
from messaging.history.store import HistoryStore

PORTION = 500  # notices read and written in one piece of work, so that others get their turn


class Taking(QObject):
    """Signals: `progressed(done, whole)`, `exported(path, rows)`; a file that was chosen comes as `chosen(path)`."""

    progressed = Signal(int, int)
    exported = Signal(str, int)
    chosen = Signal(str)

    def __init__(self, view: PagedTable, finder: Finder) -> None:
        super().__init__(view)
        self._view, self._finder = view, finder
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True

    async def copy(self, numbers: list[int]) -> None:
        rows = await answer(self._finder.ask(lambda store: in_order(store, numbers)))
        QGuiApplication.clipboard().setText(self._view.as_text(rows, also=REASON))

    def ask_for_file(self, parent: QWidget) -> QFileDialog:
        dialog = QFileDialog(parent, self.tr("Export notices"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("CSV for spreadsheets (*.csv)"), self.tr("JSON (*.json)")])
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else "csv"))
        dialog.fileSelected.connect(self.chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    async def export(self, path: Path) -> None:
        """Everything that is shown, as it was when the export began."""
        self.is_cancelled = False
        places = self._view.rows.places
        whole = len(places)
        file = await answer(self._finder.ask(lambda _store: Export(path, NOTICE_HEADER)))
        try:
            for start in range(0, whole, PORTION):
                if self.is_cancelled:
                    break
                first = len(places) - whole + start  # new ones may have come on top
                portion = list(places[first : first + PORTION])
                await answer(self._finder.ask(partial(_add, file, portion)))
                self.progressed.emit(min(start + PORTION, whole), whole)
        except BaseException:
            await answer(self._finder.ask(lambda _store: file.give_up()))
            raise
        if self.is_cancelled:
            self.progressed.emit(whole, whole)
            await answer(self._finder.ask(lambda _store: file.give_up()))
        else:
            await answer(self._finder.ask(lambda _store: file.finish()))
            self.exported.emit(str(path), file.rows)


def _add(file: Export, numbers: Sequence[int], store: HistoryStore) -> None:
    file.add_notices(in_order(store, numbers))


def in_order(store: HistoryStore, numbers: Sequence[int]) -> list[KeptNotice]:
    found = {kept.row: kept for kept in store.notices_at(numbers)}
    return [found[number] for number in numbers if number in found]
