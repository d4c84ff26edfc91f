"""Replays messages set aside, one after the other, so that a refused one does not stop the others."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal

from desktop.role.worker import answer
from desktop.text.formats import number
from desktop.warehouse.worker import WarehouseWorker
from messaging.errors import BrokerUnavailable, WrongMove
from messaging.phrases import phrase


class Sender(QObject):
    """Signals: `progressed(words, done, of)` in messages; `finished(words)`."""

    progressed = Signal(str, int, int)
    finished = Signal(str)

    def __init__(self, worker: Callable[[], WarehouseWorker | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._worker = worker

    async def send(self, rows: Sequence[int]) -> None:
        """Replay these rows. Raises what stopped it; or WrongMove, after the last one, where some were refused."""
        refused: list[WrongMove] = []
        for done, row in enumerate(rows):
            self.progressed.emit(self.tr("Sending again"), done, len(rows))
            try:
                await self._send(row)
            except WrongMove as error:
                refused.append(error)
            except BaseException:
                self.finished.emit(self._words(done - len(refused), len(refused)))
                raise
        self.finished.emit(self._words(len(rows) - len(refused), len(refused)))
        if refused:
            raise refused[0]

    async def _send(self, row: int) -> None:
        worker = self._worker()
        if worker is None:
            raise BrokerUnavailable(phrase("sending.the_warehouse_does_not_run_start"))
        await answer(worker.replay([row]))

    def _words(self, sent: int, refused: int) -> str:
        words = self.tr("{0} sent again").format(number(sent))
        return self.tr("{0}; {1} not sent").format(words, number(refused)) if refused else words
