"""Builds and closes everything: settings, log, broker, windows."""

import asyncio
import getpass
import sys
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import msgspec
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from desktop.application.arguments import Arguments
from desktop.application.event_loop import run
from desktop.application.gc_policy import GuiGarbage
from desktop.application.process_metrics import ProcessMetrics
from desktop.application.qt_log import log_qt_messages
from desktop.application.signals import Signals
from desktop.application.single_instance import raise_window
from desktop.application.tray import Tray
from desktop.application.window_commands import WindowCommands
from desktop.role.tab_names import TABS
from desktop.role.tasks import Tasks
from desktop.role.view_memory import ViewMemory
from desktop.role.worker import answer, join_all
from desktop.style import theme
from desktop.style.theme import Theme
from desktop.text import languages
from desktop.window.log_feed import LogFeed
from desktop.window.user_window import UserWindow
from messaging.bootstrap.prompts import say
from messaging.broker.choose import broker_for
from messaging.broker.external import ExternalBroker
from messaging.broker.node.private import PrivateNode
from messaging.broker.urls import without_password
from messaging.errors import UsageError
from messaging.runtime.profiles import Profiles, checked_name
from messaging.runtime.settings import Settings, load, readable_by_others
from messaging.runtime.threads import run_in_thread
from messaging.telemetry.logs import install_crash_hook, start_logging
from messaging.telemetry.reporting import reporting

_PATIENCE = 5.0  # seconds that the program's own tasks may take when it ends
SWITCH = 0.0005  # seconds; with Python's own 5 ms a window that draws beside a busy worker would wait too long
INTERRUPTED = 130  # the exit code of a program that was ended from outside


class Application:
    """The running program: one broker and any number of windows. It ends when the last window is closed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.given = given_by_hand(settings)
        self.broker: ExternalBroker | PrivateNode = broker_for(settings)
        self.profiles = Profiles(settings.folder)
        self.memory = ViewMemory.of_program(settings.folder)
        self.log = LogFeed()
        self.user_windows: list[UserWindow] = []
        self.numbers = ProcessMetrics()
        self.tasks = Tasks(self.show_crash)
        self.tray = Tray(self.user_windows, self.close_windows)
        self._all_closed = asyncio.Event()
        self._reopening = False
        self._started: object = None
        languages.choose(self.memory.text("language"))

    def open_window(self, user: str, tab: str = "", start: bool = False) -> UserWindow:
        """Open a window for this user, whose profile is made if it is new.

        `tab`: one of TABS, or empty for the tab of the last time; `start`: start its role. Raises OrderDeskError where
        the name cannot be a user's.
        """
        profile = self.profiles.named(user)
        user_window = UserWindow(profile, self.settings, self.broker, broker_name(self.settings), self.log)
        self.user_windows.append(user_window)
        self.numbers.add(user_window.session.metrics)
        self._all_closed.clear()
        user_window.closed.add_done_callback(lambda _: self._closed(user_window))
        WindowCommands(self, user_window)
        self.tray.add(user_window)
        user_window.open(tab, start)
        self._start_broker()  # after the window is there: a node that boots takes every core
        self._welcome(user_window, tab)
        return user_window

    def last_user(self) -> str:
        """The user whose window was opened last; before the first one, the name of the account on this machine."""
        last = self.profiles.last_used()
        return last.name if last else account_name()

    def show_crash(self, error: BaseException) -> None:
        """Show an unexpected error in every window."""
        for user_window in self.user_windows:
            user_window.problems.report(error)

    def close_windows(self) -> None:
        for user_window in list(self.user_windows):
            user_window.window.close()

    async def until_closed(self) -> None:
        await self._all_closed.wait()

    async def close(self) -> None:
        """Close the windows that are still open, wait until their threads have ended, leave the broker."""
        await self.tasks.finish(_PATIENCE)
        await self._close_user_windows()
        self.tray.close()
        self.log.close()
        await answer(run_in_thread(self.broker.close, "closing the broker"))

    def reopen(self, settings: Settings) -> None:
        """Close every window and open it again with other settings; what ran runs again."""
        if not self._reopening:
            self._reopening = True
            self.tasks.spawn(self._reopen(settings))

    async def _reopen(self, settings: Settings) -> None:
        stood = [(one.window.profile.name, one.shown_tab(), one.warehouse.running) for one in self.user_windows]
        try:
            await self._close_user_windows()
            if settings != self.settings:
                await answer(run_in_thread(self.broker.close, "closing the broker"))
                self.settings, self.broker = settings, broker_for(settings)
            for user, tab, had_warehouse in stood:
                user_window = self.open_window(user)
                user_window.window.show_tab(TABS.index(tab))
                if had_warehouse:
                    user_window.warehouse.start()
        finally:
            self._reopening = False
            self._end_if_empty()

    async def _close_user_windows(self) -> None:
        user_windows = list(self.user_windows)
        self.close_windows()
        await asyncio.gather(*(user_window.closed for user_window in user_windows))

    def _start_broker(self) -> None:
        """Start the broker with the first window: a start that only raises another process's window needs none."""
        if self._started is not self.broker:
            self._started = self.broker
            self.broker.start()

    def _closed(self, user_window: UserWindow) -> None:
        self.user_windows.remove(user_window)
        self.tray.remove(user_window)
        self._end_if_empty()

    def _end_if_empty(self) -> None:
        if not self.user_windows and not self._reopening:
            self._all_closed.set()

    def _welcome(self, user_window: UserWindow, tab: str) -> None:
        """Show the first steps, unless the user has named a tab or hidden them for good."""
        user_window.window.welcome.setVisible(not tab and self.memory.flag("welcome", default=True))


def given_by_hand(settings: Settings) -> dict[str, object]:
    """The settings that the command line or the environment gave: they win over settings.toml and the defaults."""
    alone = msgspec.to_builtins(load({"data_dir": settings.data_dir}, {}))
    return {name: value for name, value in msgspec.to_builtins(settings).items() if value != alone[name]}


def account_name() -> str:
    try:
        return checked_name(getpass.getuser())
    except (KeyError, OSError, UsageError):  # an account without a name, as in some containers
        return "me"


def broker_name(settings: Settings) -> str:
    """The broker as the status bar names it, without a password."""
    if not settings.broker_urls:
        return QCoreApplication.translate("Application", "Private RabbitMQ")
    more = f" +{len(settings.broker_urls) - 1}" if len(settings.broker_urls) > 1 else ""
    return without_password(settings.broker_urls[0]) + more


def make_application() -> QApplication:
    QCoreApplication.setApplicationName("Order Desk")
    QCoreApplication.setOrganizationName("order-desk")
    qt_application = QApplication(sys.argv[:1])
    qt_application.setQuitOnLastWindowClosed(False)
    theme.apply(Theme.SYSTEM)
    qt_application.styleHints().colorSchemeChanged.connect(lambda _: theme.apply_again())
    return qt_application


def show_window(arguments: Arguments) -> int:
    """Open a window as the command line says; gives the program's exit code when the last one is closed."""
    if warning := readable_by_others(arguments.settings.folder):
        say(f"order-desk: {warning}")
    with start_logging(arguments.settings.folder.log, arguments.settings.log_level):
        return serve(arguments.settings, partial(one_window, arguments))


async def one_window(arguments: Arguments, application: Application) -> int:
    user = arguments.user or application.last_user()
    profile = application.profiles.named(user)
    if not arguments.new_window and raise_window(application.settings.folder, profile.user_id, arguments.tab):
        return 0
    application.open_window(user, arguments.tab, arguments.start)
    await application.until_closed()
    return 0


async def _while_open(application: Application, working: "asyncio.Future[int]") -> int:
    """Wait for the work and give its result; cancel the work when the last window is closed before it has ended."""
    closed = asyncio.ensure_future(application.until_closed())
    await asyncio.wait((working, closed), return_when=asyncio.FIRST_COMPLETED)
    closed.cancel()
    await asyncio.wait((working,), timeout=0.1)  # it may end for the same reason
    if working.done():
        return working.result()
    working.cancel()
    return INTERRUPTED


def serve(settings: Settings, work: Callable[[Application], Coroutine[Any, Any, int]]) -> int:
    """Run `work` with a running application in this process's one QApplication."""
    sys.setswitchinterval(SWITCH)
    undo_qt_log = log_qt_messages()
    qt_application = make_application()
    garbage = GuiGarbage()
    try:
        return run(qt_application, run_application(settings, work))
    finally:
        join_all()
        garbage.close()
        undo_qt_log()


async def run_application(settings: Settings, work: Callable[[Application], Coroutine[Any, Any, int]]) -> int:
    """Run `work` with a new Application, then close its windows and the broker, also where `work` fails."""
    application = Application(settings)
    signals = Signals(application.close_windows)
    undo_crash_hook = install_crash_hook(application.show_crash)
    try:
        with reporting(application.numbers.total, settings.folder, "desktop"):
            return await _while_open(application, asyncio.ensure_future(work(application)))
    finally:
        signals.close()
        await application.close()
        undo_crash_hook()
