"""One user's window with everything behind it: builds the parts in order, and closes them in reverse."""

import asyncio
import logging
import sys
import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop.client.tab import ClientTab
from desktop.notifications.tab import NotificationsTab
from desktop.role.session import Session
from desktop.role.tab import AnyTab
from desktop.role.tab_names import TABS
from desktop.role.tasks import Tasks
from desktop.role.view_memory import ViewMemory
from desktop.role.worker import answer
from desktop.warehouse.tab import WarehouseTab
from desktop.widgets.problem_bar import ProblemBar
from desktop.window.log_feed import LogFeed
from desktop.window.main_window import Window
from messaging.history.history import History
from messaging.ports import Broker
from messaging.runtime.database_thread import DatabaseThread
from messaging.runtime.profiles import Profile
from messaging.runtime.settings import Settings
from messaging.runtime.threads import run_in_thread
from messaging.runtime.upgrading import Told

if TYPE_CHECKING:  # it loads SQLAlchemy, which must not hold up the window
    from messaging.warehouse.store.warehouse_store import WarehouseStore

LOG = logging.getLogger(__name__)

_PATIENCE = 1.0  # seconds that handlers under way may take when the window closes


class UserWindow:
    """A user's session, its tabs and its window. `closed` is done when no thread of it is left."""

    def __init__(self, profile: Profile, settings: Settings, broker: Broker, broker_name: str, log: LogFeed) -> None:
        self.problems = ProblemBar()
        self.tasks = Tasks(self.problems.report)
        self.memory = ViewMemory.of(settings.folder, profile)
        self._opening = opening = Opening()
        self.session = Session(
            profile=profile,
            settings=settings,
            broker=broker,
            history=History(settings.folder.history(profile.user_id), profile.user_id, opening.reporter("history")),
            books=DatabaseThread("books", lambda: _open_books(settings.database_url, opening.reporter("books"))),
            spawn=self.tasks.spawn,
            report=self.problems.report,
            report_progress=opening.reporter("other history"),
        )
        self.client = ClientTab(self.session)
        self.warehouse = WarehouseTab(self.session)
        self.notifications = NotificationsTab(self.session)
        self.roles: dict[str, AnyTab] = dict(zip(TABS, (self.client, self.warehouse, self.notifications), strict=True))
        self.window = Window(self.session, self.problems, self.roles, self.memory, broker=broker_name, log=log)
        self.closed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        opening.progressed.connect(self.window.status.show_under_way)
        self.window.closed.connect(self._begin_to_close)
        self.window.role_wanted.connect(self.begin)
        for begun in (self.client.basket_pane.place_asked, self.warehouse.toolbar.start_asked):
            begun.connect(self.window.welcome.hide)  # a user who works needs no first steps
        self._closing: asyncio.Task[None] | None = None

    def open(self, tab: str = "", start: bool = False) -> None:
        """Show the window; the client starts, and the listener unless it was stopped. `start`: start the tab's role."""
        if tab:
            self.window.show_tab(TABS.index(tab))
        else:
            self.window.begin_here()
        self.window.show()
        self.client.start()
        if self.memory.flag("running/notifications", default=True):
            self.notifications.start()
        LOG.info("The window of %s opened", self.session.profile.name)
        if start:
            self.roles[tab or TABS[self.window.tabs.currentIndex()]].start()

    def begin(self, tab: str) -> None:
        """Show a role's tab and start the role."""
        self.window.show_tab(TABS.index(tab))
        self.roles[tab].start()

    def shown_tab(self) -> str:
        return TABS[self.window.tabs.currentIndex()]

    def show_order(self, identity: str) -> bool:
        """Bring the window forward and select this order; returns False where the order is not in memory."""
        self.window.come_forward()
        if self.client.orders.of_identity(identity) is None:
            return False
        self.lead_to_order(identity)
        return True

    def lead_to_order(self, identity: str) -> None:
        """Bring the window forward and select one of the user's orders, whatever is shown or filtered."""
        self.window.come_forward()
        self.window.show_tab(TABS.index("client"))
        self.client.show_order(identity)

    def _begin_to_close(self) -> None:
        self._closing = asyncio.get_running_loop().create_task(self._close())

    async def _close(self) -> None:
        """Stop the workers first, then close what they used."""
        began = time.monotonic()
        try:
            ended = await asyncio.gather(*(role.stop() for role in self.roles.values()), return_exceptions=True)
            await self.tasks.finish(_PATIENCE)
            ended += await asyncio.gather(
                *(
                    answer(run_in_thread(database.close, "closing a database"))
                    for database in (self.session.history, self.session.books)
                ),
                return_exceptions=True,
            )
            for error in filter(None, ended):
                sys.excepthook(type(error), error, error.__traceback__)
            LOG.info("The window of %s closed in %.2f s", self.session.profile.name, time.monotonic() - began)
        finally:
            self.window.deleteLater()
            self.closed.set_result(None)


class Opening(QObject):
    """Carries the progress of opening older databases from their threads into the window's thread."""

    progressed = Signal(str, object)  # Words

    def reporter(self, database: str) -> Told:
        return partial(self.progressed.emit, database)


def _open_books(url: str, report: Told) -> "WarehouseStore":
    from messaging.warehouse.store.warehouse_store import WarehouseStore  # noqa: PLC0415  # loads SQLAlchemy, in the books' thread

    return WarehouseStore(url, report)
