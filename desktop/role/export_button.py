"""The button that exports a table to a file; while it is writing, the same button stops it."""

from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QPushButton

from desktop.role.row_export import RowExport
from desktop.text.formats import number
from desktop.widgets.buttons import set_words
from desktop.widgets.done_bar import DoneBar


class ExportButton(QObject):
    def __init__(
        self,
        button: QPushButton,
        export: RowExport[Any],
        done: DoneBar,
        spawn: Callable[[Coroutine[Any, Any, None]], None],
        *,
        title: str,
        name: str,
    ) -> None:
        """`title` of the dialog that asks for a file; `name` is suggested for it, without suffix."""
        super().__init__(button)
        self._button, self._export, self._done, self._spawn = button, export, done, spawn
        self._title, self._name, self._words = title, name, button.text()
        self.dialog: QFileDialog | None = None
        self.is_writing = False
        button.clicked.connect(self._ask_or_stop)

    def _ask_or_stop(self) -> None:
        if self.is_writing:
            self._export.cancel()
            return
        self.dialog = dialog = QFileDialog(self._button.window(), self._title)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters([self.tr("CSV for spreadsheets (*.csv)"), self.tr("JSON (*.json)")])
        dialog.setDefaultSuffix("csv")
        dialog.selectFile(f"{self._name}.csv")
        dialog.filterSelected.connect(self._choose_suffix)
        dialog.fileSelected.connect(lambda chosen: self._spawn(self.write(Path(chosen))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _choose_suffix(self, chosen: str) -> None:
        assert self.dialog is not None, "the dialog has just emitted a signal"
        suffix = "json" if "json" in chosen else "csv"
        name = next((Path(one).name for one in self.dialog.selectedFiles()), self._name)
        self.dialog.setDefaultSuffix(suffix)
        self.dialog.selectFile(f"{name.removesuffix('.csv').removesuffix('.json')}.{suffix}")

    async def write(self, path: Path) -> None:
        words = self.tr("Writing {0}").format(path.name)
        self.is_writing = True
        set_words(self._button, self.tr("Stop"))
        try:
            rows = await self._export.export(path, lambda done, of: self._done.show_progress(words, done, of))
        except BaseException:
            self._done.dismiss()
            raise
        finally:
            self.is_writing = False
            set_words(self._button, self._words)
        stopped = self.tr("Stopped: nothing was written")
        written = self.tr("1 row written to {0}") if rows == 1 else self.tr("{1} rows written to {0}")
        self._done.show_done(stopped if rows is None else written.format(path.name, number(rows)))
