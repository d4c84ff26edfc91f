"""The thread of the notifications service; turns its callbacks into signals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.notifications.source import Source
from desktop.role.session import Session
from desktop.role.worker import RoleWorker
from messaging.errors import OrderDeskError
from messaging.history.records import StoredNotice
from messaging.ports import LinkState

if TYPE_CHECKING:  # it loads pika, which must not hold up the window
    from messaging.notifications.service import NotificationsService


class NotificationsWorker(RoleWorker["NotificationsService"]):
    """Runs the service. What arrives goes into the history, and from there to the page."""

    def __init__(self, session: Session, source: Source) -> None:
        super().__init__()
        self._session = session
        self._profile, self._history, self._everyone = source.profile, source.history, source.is_everyone

    def build(self) -> NotificationsService:
        from messaging.notifications.service import NotificationsService  # noqa: PLC0415  # loads pika, in this thread

        s = self._session
        return NotificationsService(
            self._profile,
            self._history,
            s.broker,
            s.settings,
            _Watcher(self),
            everyone=self._everyone,
            metrics=s.metrics,
        )


class _Watcher:
    """Called in the threads of the service."""

    def __init__(self, worker: NotificationsWorker) -> None:
        self._worker = worker

    def link_changed(self, state: LinkState) -> None:
        self._worker.link_changed.emit(state)

    def notices_arrived(self, notices: list[StoredNotice]) -> None:
        """Nothing to do: the page receives them from the history."""

    def failed(self, error: OrderDeskError) -> None:
        self._worker.failed.emit(error)
