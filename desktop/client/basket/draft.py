"""Keeps the basket on disk, so that it is there again when the program has been closed or has died."""

from concurrent.futures import Future

from PySide6.QtCore import QObject, QTimer

from desktop.client.basket.basket import Basket
from desktop.role.session import Session
from desktop.role.tasks import spawning
from desktop.role.worker import answer

DRAFT_AFTER = 50  # milliseconds after a change until the basket is written


class BasketDraft(QObject):
    """Writes the basket soon after each change, but not while an order of it is being placed.

    What is written with the order empties the draft in the same commit: until then it must stay on disk.
    """

    def __init__(self, session: Session, basket: Basket) -> None:
        super().__init__(basket)
        self._history, self._basket = session.history, basket
        self._is_changed = False  # since the start: what is on disk from the last time is then out of date
        self._placing = 0  # orders of the basket that are not on disk yet
        self._save_later = QTimer(self, singleShot=True, interval=DRAFT_AFTER)
        self._save_later.timeout.connect(spawning(session.spawn, self.save))
        basket.changed.connect(self._basket_changed)

    async def load(self) -> None:
        """Fill the basket as it was written the last time, unless it has been changed since the start."""
        draft = await answer(self._history.ask(lambda store: store.draft.load()))
        if draft is not None and not self._is_changed:
            self._basket.replace(*draft)

    async def save(self) -> None:
        await answer(self._write())

    async def finish(self) -> None:
        """Write now what would be written soon."""
        if self._save_later.isActive():
            self._save_later.stop()
            await self.save()

    def begin_placing(self) -> None:
        """Write what the basket holds, then nothing until `end_placing`."""
        if self._save_later.isActive():
            self._save_later.stop()
            self._write()
        self._placing += 1

    def end_placing(self) -> None:
        self._placing -= 1

    def _basket_changed(self) -> None:
        self._is_changed = True
        if not self._placing:
            self._save_later.start()

    def _write(self) -> "Future[None]":
        lines, on_shortage = self._basket.lines(), self._basket.on_shortage
        return self._history.ask(lambda store: store.draft.save(lines, on_shortage))
