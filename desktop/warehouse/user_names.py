"""The names of the users who ordered: an order has only their ids."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from desktop.role.session import Session
from desktop.role.worker import answer
from desktop.text.formats import plain
from messaging.runtime.profiles import Profiles


class UserNames(QObject):
    """`known` has the name of each user so far by id, or the id where this machine has no name. Signal `changed`."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.known: Mapping[str, str] = {}
        self._met: set[str] = set()

    def meet(self, users: Iterable[str]) -> None:
        """Read the names, where one of these users is new."""
        new = set(users) - self.known.keys() - self._met
        if new:
            self._met |= new
            self._session.spawn(self._look_up())

    async def _look_up(self) -> None:
        profiles = Profiles(self._session.settings.folder)
        found = await answer(self._session.books.ask(lambda _: profiles.names()))
        self.known = {user: plain(user) for user in self._met} | found
        self.changed.emit()
