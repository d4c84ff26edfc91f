"""Who the users are that ordered: an order carries only an id."""

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QObject, Signal

from desktop.role.session import Session
from desktop.role.worker import answer
from desktop.text.formats import plain
from messaging.runtime.profiles import Profiles


class UserNames(QObject):
    """`known`: the name of each user met so far, or the id where this machine does not know it. Signal `changed`."""

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.known: Mapping[str, str] = {}
        self._met: set[str] = set()

    def meet(self, users: Iterable[str]) -> None:
        """Names are read when somebody not known yet has ordered, once for each."""
        new = set(users) - self.known.keys() - self._met
        if new:
            self._met |= new
            self._session.spawn(self._look_up())

    async def _look_up(self) -> None:
        profiles = Profiles(self._session.settings.folder)
        found = await answer(self._session.books.ask(lambda _: profiles.names()))
        self.known = {user: plain(user) for user in self._met} | found
        self.changed.emit()
