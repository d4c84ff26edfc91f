"""Chooses whose notices are shown: this user's, or for an operator everyone's, which have a history of their own."""

from desktop.role.session import Session
from desktop.role.worker import answer
from messaging.history.history import History
from messaging.runtime.profiles import Profile
from messaging.runtime.threads import run_in_thread

EVERYONE = "everyone"  # the name of their history, which the command `listen --all` shares


class Source:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._of_all: History | None = None

    @property
    def is_everyone(self) -> bool:
        return self._of_all is not None

    @property
    def history(self) -> History:
        return self._of_all or self._session.history

    @property
    def profile(self) -> Profile:
        return Profile(EVERYONE, EVERYONE, "") if self._of_all else self._session.profile

    def open_everyone(self) -> None:
        if self._of_all is None:
            path = self._session.settings.folder.history(EVERYONE)
            self._of_all = History(path, EVERYONE, self._session.report_progress)

    async def close_everyone(self) -> None:
        """Return to this user's notices; waits until the thread of the other history has ended."""
        history, self._of_all = self._of_all, None
        if history is not None:
            await answer(run_in_thread(history.close, "closing everyone's notices"))
