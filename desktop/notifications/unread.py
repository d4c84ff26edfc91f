"""Counts the notices that are not read: soon after a change, and in a flood once a second."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.notifications.finder import Finder
from desktop.role.session import Session
from desktop.role.tasks import spawning
from desktop.role.worker import answer
from messaging.history.store.history_store import HistoryStore

COUNT = 200  # milliseconds until unread ones are counted again
COUNT_AGAIN = 1000  # in a flood: a new title lays the window out anew, and draws the whole page


class UnreadCounter(QObject):
    """Signal `counted(unread, missed)`: notices not read, and those of them that came while nobody listened."""

    counted = Signal(int, int)

    def __init__(self, session: Session, finder: Finder, parent: QObject) -> None:
        super().__init__(parent)
        self._finder = finder
        self._counted_at = 0.0  # monotonic seconds
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(spawning(session.spawn, self._count))

    def count_soon(self) -> None:
        """Count after a pause, which more news does not lengthen: it may go on for long."""
        if not self._timer.isActive():
            is_flood = time.monotonic() - self._counted_at < COUNT_AGAIN / 1000
            self._timer.start(COUNT_AGAIN if is_flood else COUNT)

    def count_after_click(self) -> None:
        """Count after the short pause, whatever flood there is: the user looks for what the click has changed."""
        self._timer.start(COUNT)

    async def finish(self) -> None:
        """Count now what would be counted soon: a history that is being closed must not be asked any more."""
        if self._timer.isActive():
            self._timer.stop()
            await self._count()

    async def _count(self) -> None:
        self._counted_at = time.monotonic()
        unread, missed = await answer(self._finder.ask(_unread_and_missed))
        self.counted.emit(unread, missed)


def _unread_and_missed(store: HistoryStore) -> tuple[int, int]:
    return store.notices.unread(), store.notices.unread_missed()
