"""Copies rows of a history to the clipboard, or exports them to a file, in portions for other work to get its turn."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from PySide6.QtGui import QGuiApplication

from desktop.role.worker import answer
from desktop.tables.paged_table import PagedTable
from messaging.history.export import Export
from messaging.history.store.history_store import HistoryStore

PORTION = 500  # rows read and written in one piece of work

R = TypeVar("R")
T = TypeVar("T")


class Ask(Protocol):
    def __call__(self, work: Callable[[HistoryStore], T], /) -> "Future[T]": ...


class ExportKind(Generic[R]):
    """One kind of rows: how they are read by their numbers, and how they are written."""

    def __init__(
        self,
        header: Sequence[str],
        read: Callable[[HistoryStore, Sequence[int]], list[R]],
        number: Callable[[R], int],
        add: Callable[[Export, list[R]], None],
    ) -> None:
        self.header, self.add = header, add
        self._read, self._number = read, number

    def read(self, store: HistoryStore, numbers: Sequence[int]) -> list[R]:
        """The rows with these numbers, in this order; numbers without a row are left out."""
        found = {self._number(row): row for row in self._read(store, numbers)}
        return [found[number] for number in numbers if number in found]


class RowExport(Generic[R]):
    def __init__(self, view: PagedTable[R], ask: Ask, kind: ExportKind[R], also: int = -1) -> None:
        """`also`: a column that is copied though it is hidden, see `shown_columns`."""
        self._view, self._ask, self._kind, self._also = view, ask, kind, also
        self._is_cancelled = False

    def cancel(self) -> None:
        self._is_cancelled = True

    async def copy(self, numbers: list[int]) -> None:
        rows = await answer(self._ask(partial(self._kind.read, numbers=numbers)))
        QGuiApplication.clipboard().setText(self._view.as_text(rows, also=self._also))

    async def export(
        self, path: Path, progressed: Callable[[int, int], object] = lambda _done, _whole: None
    ) -> int | None:
        """Write all rows that are shown when the export begins; returns how many, or None where it was cancelled.

        `progressed(done, whole)` in rows. Raises UsageError where the file cannot be written.
        """
        self._is_cancelled = False
        places = self._view.rows.places
        whole = len(places)
        file = await self._in_thread(partial(Export, path, self._kind.header))
        try:
            for start in range(0, whole, PORTION):
                if self._is_cancelled:
                    break
                first = len(places) - whole + start  # new ones may have come on top
                await answer(self._ask(partial(self._add, file, list(places[first : first + PORTION]))))
                progressed(min(start + PORTION, whole), whole)
        except BaseException:
            await self._in_thread(file.give_up)
            raise
        if self._is_cancelled:
            await self._in_thread(file.give_up)
            return None
        await self._in_thread(file.finish)
        return file.rows

    async def _in_thread(self, work: Callable[[], T]) -> T:
        """Run work on the file in the history's thread, in order with what is read."""
        return await answer(self._ask(lambda _store: work()))

    def _add(self, file: Export, numbers: Sequence[int], store: HistoryStore) -> None:
        """Runs in the history's thread."""
        self._kind.add(file, self._kind.read(store, numbers))
