"""Taking rows of the history along: to the clipboard, or to a file, piece by piece so that others get their turn."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.shared.paged_table import PagedTable
from desktop.shared.worker import answer
from messaging.history.export import Export
from messaging.history.store import HistoryStore

PORTION = 500  # rows read and written in one piece of work

R = TypeVar("R")
Ask = Callable[[Callable[[HistoryStore], Any]], "Future[Any]"]


class Kind(Generic[R]):
    """What is taken along: how rows are read by their numbers (in that order), and written."""

    def __init__(
        self,
        header: Sequence[str],
        read: Callable[[HistoryStore, Sequence[int]], list[R]],
        add: Callable[[Export, list[R]], None],
    ) -> None:
        self.header, self.read, self.add = header, read, add


class Taking(QObject):
    """Signals: `progressed(done, whole)`, `exported(path, rows)`; a file that was chosen comes as `chosen(path)`."""

    progressed = Signal(int, int)
    exported = Signal(str, int)
    chosen = Signal(str)

    def __init__(self, view: PagedTable, ask: Ask, kind: Kind[Any], also: int = -1) -> None:
        """`also`: a column that is copied though it is hidden, see `shown_columns`."""
        super().__init__(view)
        self._view, self._ask, self._kind, self._also = view, ask, kind, also
        self._is_cancelled = False

    def cancel(self) -> None:
        self._is_cancelled = True

    async def copy(self, numbers: list[int]) -> None:
        rows = await answer(self._ask(lambda store: self._kind.read(store, numbers)))
        QGuiApplication.clipboard().setText(self._view.as_text(rows, also=self._also))

    def ask_for_file(self, parent: QWidget, title: str) -> QFileDialog:
        dialog = QFileDialog(parent, title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("CSV for spreadsheets (*.csv)"), self.tr("JSON (*.json)")])
        dialog.setDefaultSuffix("csv")
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("json" if "json" in chosen else "csv"))
        dialog.fileSelected.connect(self.chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    async def export(self, path: Path | str) -> None:
        """Everything that is shown, as it was when the export began."""
        self._is_cancelled = False
        places = self._view.rows.places
        whole = len(places)
        file: Export = await answer(self._ask(lambda _store: Export(Path(path), self._kind.header)))
        try:
            for start in range(0, whole, PORTION):
                if self._is_cancelled:
                    break
                first = len(places) - whole + start  # new ones may have come on top
                await answer(self._ask(partial(self._add, file, list(places[first : first + PORTION]))))
                self.progressed.emit(min(start + PORTION, whole), whole)
        except BaseException:
            await answer(self._ask(lambda _store: file.give_up()))
            raise
        if self._is_cancelled:
            await answer(self._ask(lambda _store: file.give_up()))
            self.progressed.emit(whole, whole)
        else:
            await answer(self._ask(lambda _store: file.finish()))
            self.exported.emit(str(path), file.rows)

    def _add(self, file: Export, numbers: Sequence[int], store: HistoryStore) -> None:
        """In the history's thread."""
        self._kind.add(file, self._kind.read(store, numbers))
