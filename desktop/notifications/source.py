"""Whose notices are shown: this user's, or as an operator everyone's, with a history of its own."""

from desktop.role.session import Session
from desktop.role.worker import answer
from messaging.history.history import History
from messaging.runtime.profiles import Profile
from messaging.runtime.threads import run_in_thread

EVERYONE = "everyone"  # the name of the history, as the command `listen --all` has it


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
            self._of_all = History(self._session.settings.folder.history(EVERYONE), EVERYONE, self._session.told)

    async def close_everyone(self) -> None:
        """Back to this user's; waits for the other history's thread, elsewhere."""
        history, self._of_all = self._of_all, None
        if history is not None:
            await answer(run_in_thread(history.close, "closing everyone's notices"))
