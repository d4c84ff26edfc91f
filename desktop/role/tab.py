"""The base of the three pages: what the window calls, which signals it gets, how the worker starts and stops."""

import time
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop.role.session import Session
from desktop.role.tasks import spawning
from desktop.role.toolbar import RoleToolbar
from desktop.role.worker import RoleWorker
from messaging.phrases import phrase
from messaging.ports import LinkState, Phase

SHORT, LONG = 2.0, 60.0  # seconds from an error that ended a worker to the next start
W = TypeVar("W", bound=RoleWorker[Any])


class RoleTab(QWidget, Generic[W]):
    """One role's page. A page says in `make_worker` what serves it, and in `use_toolbar` what starts and stops it.

    Signals:

    `count_changed(int)` the figure beside the title (0 shows none);
    `link_changed(LinkState)` its connection, for the status bar;
    `traffic_changed(Traffic)` what is waiting to send and unconfirmed (client tab);
    `news_arrived(list[StoredNotice])` what came just now, for the desktop's notices (notifications tab);
    `running_changed(bool)` its role was started or stopped.
    """

    title = ""
    icon = ""

    count_changed = Signal(int)
    link_changed = Signal(object)
    traffic_changed = Signal(object)
    news_arrived = Signal(list)
    running_changed = Signal(bool)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.worker: W | None = None
        self._pause, self._began = 0.0, 0.0  # seconds before the next start; when the last one was, monotonic

    # --- the role

    @property
    def running(self) -> bool:
        """Whether its role's worker has been started and not stopped."""
        return self.worker is not None

    def make_worker(self) -> W:
        """Make a new worker with its own signals connected; the base connects `link_changed`, `failed` and `broke`."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the role; nothing happens where it runs."""
        if self.worker is not None:
            return
        self.worker = worker = self.make_worker()
        worker.link_changed.connect(self.link_changed)
        worker.failed.connect(self.session.report)
        worker.broke.connect(partial(self._worker_broke, worker))
        self._began = time.monotonic()
        self.running_changed.emit(True)
        worker.start()

    def started_worker(self) -> W:
        """The worker, started where it does not run."""
        self.start()
        assert self.worker is not None
        return self.worker

    async def stop(self) -> None:
        """Stop the role and wait for its thread; nothing happens where it does not run."""
        worker, self.worker = self.worker, None
        if worker is not None:
            worker.stop()
            await worker.stopped()
            self.running_changed.emit(False)

    def _worker_broke(self, worker: W) -> None:
        """Start again where an error has ended the worker: after a pause, each time longer where it did not last."""
        if worker is not self.worker:
            return
        has_lasted = time.monotonic() - self._began > LONG
        self._pause = SHORT if has_lasted or not self._pause else min(self._pause * 2, LONG)
        self.link_changed.emit(LinkState(Phase.WAITING, phrase("tab.an_error_has_ended_it_it"), self._pause))
        QTimer.singleShot(int(self._pause * 1000), self, partial(self._start_again, worker))

    def _start_again(self, broken: W) -> None:
        if broken is self.worker:  # nobody has stopped it meanwhile
            self.worker = None
            self.start()

    def use_toolbar(self, toolbar: RoleToolbar) -> None:
        """Let this toolbar start and stop the role, and show whether it runs and how its connection stands."""
        toolbar.start_asked.connect(self.start)
        toolbar.stop_asked.connect(self.spawning(self.stop))
        self.running_changed.connect(toolbar.show_running)
        self.link_changed.connect(toolbar.show_link)

    # --- the page

    def other_keys(self) -> list[tuple[str, str]]:
        """What is done by keys that belong to no button: words, and the keys."""
        return []

    def begin_search(self) -> None:
        """Put the cursor where the user searches in what is shown."""
        self.focus_first()

    def focus_first(self) -> None:
        """Put the cursor where the user begins, when the tab is shown."""
        self.setFocus()

    def spawning(self, handler: Callable[..., Coroutine[Any, Any, None]]) -> Callable[..., None]:
        """A slot that lets a coroutine function of this page handle a signal."""
        return spawning(self.session.spawn, handler)


AnyTab: TypeAlias = RoleTab[Any]
