"""The one place that builds and closes everything: settings, log, broker, windows."""

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

_PATIENCE = 5.0  # seconds for what the program itself has under way when it ends
SWITCH = 0.0005  # seconds; Python's own 5 ms, for each time a drawing window meets a busy worker, would add up
INTERRUPTED = 130  # the exit code of a program that was ended from outside


class Application:
    """The running program: one broker, any number of windows. Ends when the last window is closed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.given = told_by_hand(settings)
        self.broker: ExternalBroker | PrivateNode = broker_for(settings)
        self.profiles = Profiles(settings.folder)
        self.memory = ViewMemory.of_program(settings.folder)
        self.log = LogFeed()
        self.stations: list[UserWindow] = []
        self.numbers = ProcessMetrics()
        self.tasks = Tasks(self.show_crash)
        self.tray = Tray(self.stations, self.close_windows)
        self._all_closed = asyncio.Event()
        self._reopening = False
        self._started: object = None
        languages.choose(self.memory.text("language"))

    def open_window(self, user: str, tab: str = "", start: bool = False) -> UserWindow:
        """Raises OrderDeskError where the name cannot be a user's."""
        profile = self.profiles.named(user)
        station = UserWindow(profile, self.settings, self.broker, broker_name(self.settings), self.log)
        self.stations.append(station)
        self.numbers.add(station.session.metrics)
        self._all_closed.clear()
        station.closed.add_done_callback(lambda _: self._closed(station))
        WindowCommands(self, station)
        self.tray.add(station)
        station.open(tab, start)
        self._start_broker()  # after the window is there: a node that boots takes every core
        self._welcome(station, tab)
        return station

    def last_user(self) -> str:
        """Who was here last; the first time the name of the account on this machine, where it has one."""
        last = self.profiles.last_used()
        return last.name if last else account_name()

    def show_crash(self, error: BaseException) -> None:
        """From any place that has a bug: every window says so."""
        for station in self.stations:
            station.problems.report(error)

    def close_windows(self) -> None:
        for station in list(self.stations):
            station.window.close()

    async def until_closed(self) -> None:
        await self._all_closed.wait()

    async def close(self) -> None:
        """Close the windows that are still open, wait until their threads have ended, leave the broker."""
        await self.tasks.finish(_PATIENCE)
        await self._close_stations()
        self.tray.close()
        self.log.close()
        await answer(run_in_thread(self.broker.close, "closing the broker"))

    def reopen(self, settings: Settings) -> None:
        """Close every window and open it again with other settings; what ran runs again."""
        if not self._reopening:
            self._reopening = True
            self.tasks.spawn(self._reopen(settings))

    async def _reopen(self, settings: Settings) -> None:
        stood = [(one.window.profile.name, one.shown_tab(), one.warehouse.running) for one in self.stations]
        try:
            await self._close_stations()
            if settings != self.settings:
                await answer(run_in_thread(self.broker.close, "closing the broker"))
                self.settings, self.broker = settings, broker_for(settings)
            for user, tab, had_warehouse in stood:
                station = self.open_window(user)
                station.window.show_tab(TABS.index(tab))
                if had_warehouse:
                    station.warehouse.start()
        finally:
            self._reopening = False
            self._end_if_empty()

    async def _close_stations(self) -> None:
        stations = list(self.stations)
        self.close_windows()
        await asyncio.gather(*(station.closed for station in stations))

    def _start_broker(self) -> None:
        """With the first window: a start that only brings another one to the front needs no RabbitMQ."""
        if self._started is not self.broker:
            self._started = self.broker
            self.broker.start()

    def _closed(self, station: UserWindow) -> None:
        self.stations.remove(station)
        self.tray.remove(station)
        self._end_if_empty()

    def _end_if_empty(self) -> None:
        if not self.stations and not self._reopening:
            self._all_closed.set()

    def _welcome(self, station: UserWindow, tab: str) -> None:
        """Whoever names a tab knows the way."""
        station.window.welcome.setVisible(not tab and self.memory.flag("welcome", default=True))


def told_by_hand(settings: Settings) -> dict[str, object]:
    """What the command line or the environment said, against settings.toml and the defaults."""
    alone = msgspec.to_builtins(load({"data_dir": settings.data_dir}, {}))
    return {name: value for name, value in msgspec.to_builtins(settings).items() if value != alone[name]}


def account_name() -> str:
    try:
        return checked_name(getpass.getuser())
    except (KeyError, OSError, UsageError):  # an account without a name, as in some containers
        return "me"


def broker_name(settings: Settings) -> str:
    """What the status bar shows: never a password."""
    if not settings.broker_urls:
        return QCoreApplication.translate("Application", "Private RabbitMQ")
    more = f" +{len(settings.broker_urls) - 1}" if len(settings.broker_urls) > 1 else ""
    return without_password(settings.broker_urls[0]) + more


def make_application() -> QApplication:
    QCoreApplication.setApplicationName("Order Desk")
    QCoreApplication.setOrganizationName("order-desk")
    application = QApplication(sys.argv[:1])
    application.setQuitOnLastWindowClosed(False)
    theme.apply(Theme.SYSTEM)
    application.styleHints().colorSchemeChanged.connect(lambda _: theme.apply_again())
    return application


def show_window(arguments: Arguments) -> int:
    """Open a window as the command line says; gives the program's exit code when the last one is closed."""
    if warning := readable_by_others(arguments.settings.folder):
        say(f"order-desk: {warning}")
    with start_logging(arguments.settings.folder.log, arguments.settings.log_level):
        return serve(arguments.settings, partial(one_window, arguments))


async def one_window(arguments: Arguments, desk: Application) -> int:
    user = arguments.user or desk.last_user()
    profile = desk.profiles.named(user)
    if not arguments.new_window and raise_window(desk.settings.folder, profile.user_id, arguments.tab):
        return 0
    desk.open_window(user, arguments.tab, arguments.start)
    await desk.until_closed()
    return 0


async def _while_open(desk: Application, working: "asyncio.Future[int]") -> int:
    """The work's result; it is cancelled where the last window is closed before it has ended."""
    closed = asyncio.ensure_future(desk.until_closed())
    await asyncio.wait((working, closed), return_when=asyncio.FIRST_COMPLETED)
    closed.cancel()
    await asyncio.wait((working,), timeout=0.1)  # it may end for the same reason
    if working.done():
        return working.result()
    working.cancel()
    return INTERRUPTED


def serve(settings: Settings, work: Callable[[Application], Coroutine[Any, Any, int]]) -> int:
    """Run `work` with a running desk in this process's one application."""
    sys.setswitchinterval(SWITCH)
    undo_qt_log = log_qt_messages()
    application = make_application()
    garbage = GuiGarbage()
    try:
        return run(application, run_desk(settings, work))
    finally:
        join_all()
        garbage.close()
        undo_qt_log()


async def run_desk(settings: Settings, work: Callable[[Application], Coroutine[Any, Any, int]]) -> int:
    """Whatever happens to `work`, its windows are closed and the broker is left."""
    desk = Application(settings)
    signals = Signals(desk.close_windows)
    undo_crash_hook = install_crash_hook(desk.show_crash)
    try:
        with reporting(desk.numbers.total, settings.folder, "desktop"):
            return await _while_open(desk, asyncio.ensure_future(work(desk)))
    finally:
        signals.close()
        await desk.close()
        undo_crash_hook()
