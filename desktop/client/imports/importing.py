"""Imports orders from a CSV file: asks for it, reads and shows it, places the orders in portions.

The same file again places nothing.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QMimeData, QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.client.imports.import_dialog import ImportDialog, Planned, sum_up
from desktop.client.worker import ClientWorker
from desktop.role.session import Session
from desktop.role.tasks import spawning
from desktop.role.worker import answer
from messaging.client.orders_csv import OrdersFile, read_orders_csv
from messaging.domain.orders import now
from messaging.history.records import PlacedMany
from messaging.history.store.history_store import HistoryStore

PORTION = 100  # orders placed in one commit, so that it can be stopped and other work gets its turn


class Importing(QObject):
    """Asks for a file and shows it in a dialog, which places the orders."""

    def __init__(
        self,
        session: Session,
        parent: QWidget,
        prices: Callable[[], Mapping[str, int]],
        worker: Callable[[], ClientWorker],
    ) -> None:
        """`prices` in minor units by name; `worker` gives the worker, started where it does not run."""
        super().__init__(parent)
        self._session, self._window, self._prices, self._worker = session, parent, prices, worker
        self._is_stopped = False

    def ask_for_file(self) -> None:
        dialog = QFileDialog(self._window, self.tr("Import orders"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([self.tr("Orders as CSV (*.csv *.txt)"), self.tr("All files (*)")])
        dialog.fileSelected.connect(spawning(self._session.spawn, self.show))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    async def show(self, path: str | Path) -> None:
        """Show what is in the file; nothing is placed before the user has seen it and clicks."""
        path = Path(path)
        file, digests = await answer(self._session.history.ask(_read, path, self._session.profile.user_id))
        dialog = ImportDialog(path.name, self._window)
        dialog.show_file(file, digests, self._prices())
        dialog.place_asked.connect(spawning(self._session.spawn, self._place, dialog))
        dialog.stop_asked.connect(self._stop)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _stop(self) -> None:
        self._is_stopped = True

    async def _place(self, dialog: ImportDialog, planned: list[Planned]) -> None:
        self._is_stopped = False
        worker, parts, done = self._worker(), list[PlacedMany](), 0
        dialog.show_progress(0, len(planned))
        try:
            while done < len(planned) and not self._is_stopped:
                portion = planned[done : done + PORTION]
                at = now()  # not when the file was read
                orders = [(one.label, replace(one.order, created_at=at)) for one in portion]
                parts.append(await answer(worker.place_many(orders, [one.total for one in portion])))
                done += len(portion)
                dialog.show_progress(done, len(planned))
        finally:
            dialog.show_result(sum_up(parts), len(planned) - done)


def dropped_file(data: QMimeData) -> Path | None:
    """The CSV file that is dragged; None for anything else, or for several files."""
    paths = [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]
    return paths[0] if len(paths) == 1 and paths[0].suffix.casefold() in (".csv", ".txt") else None


def _read(store: HistoryStore, path: Path, user_id: str) -> tuple[OrdersFile, dict[str, str]]:
    file = read_orders_csv(path, user_id)
    return file, store.orders.digests([order.identity for _, order in file.orders])
