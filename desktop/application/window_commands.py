"""Runs the commands of a window that need the whole program: dialogs, another window, other settings."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QDialog

from desktop.application.single_instance import InstanceListener
from desktop.role.tab_names import TABS
from desktop.role.view_memory import ViewMemory
from desktop.widgets.keycap import key_words
from desktop.window.actions import spoken
from desktop.window.tiling import tile
from desktop.window.window_command import WindowCommand
from messaging.errors import OrderDeskError
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings, keep, kept, load

Keys = dict[str, list[tuple[str, str]]]  # by place: what can be done, and by which keys

if TYPE_CHECKING:
    from desktop.connection.address_test import Findings
    from desktop.window.user_window import UserWindow
    from messaging.broker.external import ExternalBroker
    from messaging.broker.node.private import PrivateNode

translate = QCoreApplication.translate

STAGED = (("alice", "client", False), ("bob", "client", False), ("warehouse", "warehouse", True))


class Program(Protocol):
    """What the commands of a window need of the program."""

    settings: Settings
    given: dict[str, object]
    profiles: Profiles
    memory: ViewMemory
    broker: "ExternalBroker | PrivateNode"

    @property
    def user_windows(self) -> "Sequence[UserWindow]": ...

    def open_window(self, user: str, tab: str = "", start: bool = False) -> "UserWindow":
        """Raises OrderDeskError where the name cannot be a user's."""

    def close_windows(self) -> None: ...

    def reopen(self, settings: Settings) -> None:
        """Close every window and open it again with other settings."""


class WindowCommands(QObject):
    """Runs the commands of one window and is deleted with it. Dialogs are imported on first use, for a fast start."""

    def __init__(self, application: Program, user_window: "UserWindow") -> None:
        super().__init__(user_window.window)
        self._application, self._user_window, self._window = application, user_window, user_window.window
        self._bell = InstanceListener(application.settings.folder, user_window.session.profile.user_id, self)
        self._bell.rung.connect(self._rung)
        self._work = {
            WindowCommand.NEW_WINDOW: self._ask_for_user,
            WindowCommand.PROFILE: self._ask_for_name,
            WindowCommand.STAGE: self._stage,
            WindowCommand.CONNECTION: self._connection,
            WindowCommand.PREFERENCES: self.preferences,
            WindowCommand.QUIT: application.close_windows,
            WindowCommand.PALETTE: self._palette,
            WindowCommand.SHORTCUTS: self._shortcuts,
            WindowCommand.STATUS: self._status,
            WindowCommand.FLOW: self._show_flow,
            WindowCommand.ABOUT: self._about,
        }
        self._window.command_asked.connect(self.run)
        self._window.language_chosen.connect(self._choose_language)
        self._window.welcome.kept.connect(partial(application.memory.keep, "welcome"))
        self._window.closed.connect(self._bell.close)

    def run(self, command: WindowCommand) -> None:
        try:
            self._work[command]()
        except OrderDeskError as error:
            self._user_window.problems.report(error)

    def _rung(self, tab: str) -> None:
        """Bring the window forward: the user has started the program a second time."""
        if tab in TABS:
            self._window.show_tab(TABS.index(tab))
        self._window.come_forward()

    # --- who

    def _ask_for_user(self) -> None:
        from desktop.window.dialogs import NewWindowDialog  # noqa: PLC0415

        NewWindowDialog(self._application.profiles.all(), self._start_window, self._window).open()

    def _start_window(self, name: str, second: bool) -> None:
        from desktop.window.dialogs import start_window_as  # noqa: PLC0415

        try:
            user = self._application.profiles.named(name).name
            start_window_as(user, self._application.settings.folder, self._application.given, second)
        except OrderDeskError as error:
            self._user_window.problems.report(error)

    def _ask_for_name(self) -> None:
        from desktop.window.dialogs import ProfileDialog  # noqa: PLC0415

        ProfileDialog(self._window.profile, self._rename, self._window).open()

    def _rename(self, name: str, colour: str) -> None:
        changed = self._application.profiles.change(self._window.profile.user_id, name, colour)
        for user_window in self._application.user_windows:
            if user_window.window.profile.user_id == changed.user_id:
                user_window.window.show_profile(changed)

    def _stage(self) -> None:
        """Open two clients and a warehouse in this process, and tile all windows."""
        there = {user_window.window.profile.name for user_window in self._application.user_windows}
        for user, tab, start in STAGED:
            if user not in there:
                self._application.open_window(user, tab, start)
        for user_window in self._application.user_windows:
            user_window.window.showNormal()
        tile([user_window.window for user_window in self._application.user_windows])

    # --- where and how

    def _connection(self) -> None:
        from desktop.connection.dialog import ConnectionDialog  # noqa: PLC0415

        ruled = translate(
            "WindowCommands", "The command line or environment names a RabbitMQ: the next start will use that one."
        )
        note = ruled if "broker" in self._application.given else ""
        dialog = ConnectionDialog(self._application.settings.broker, self._private_test, note, self._window)
        dialog.applied.connect(self._apply_connection)
        dialog.open()

    def _private_test(self) -> "Findings | None":
        from desktop.connection.address_test import of_private_node  # noqa: PLC0415

        if self._application.settings.broker_urls:
            return None
        broker = self._application.broker
        return of_private_node(broker.wait_ready, broker.management_url)

    def _apply_connection(self, broker: str) -> None:
        try:
            keep(self._application.settings.folder, {"broker": broker or None})
        except OrderDeskError as error:
            self._user_window.problems.report(error)
            return
        if broker != self._application.settings.broker:
            self._application.reopen(replace(self._application.settings, broker=broker))

    def preferences(self, at: str = "") -> None:
        from desktop.preferences.dialog import PreferencesDialog  # noqa: PLC0415

        dialog = PreferencesDialog(kept(self._application.settings.folder), self._application.given, self._window, at)
        dialog.saved.connect(self._save_preferences)
        dialog.open()

    def _save_preferences(self, changes: dict[str, object], reopen: bool) -> None:
        folder = self._application.settings.folder
        try:
            keep(folder, changes)
            settings = load({**self._application.given, "data_dir": str(folder.root)}, {})
        except OrderDeskError as error:
            self._user_window.problems.report(error)
            return
        if reopen:
            self._application.reopen(settings)

    def _choose_language(self, language: str) -> None:
        """Close the windows and open them again: texts are made when widgets are built."""
        from desktop.text import languages  # noqa: PLC0415

        self._application.memory.keep("language", language)
        languages.choose(language)
        self._application.reopen(self._application.settings)

    # --- finding and knowing

    def _palette(self) -> None:
        from desktop.palette.dialog import Palette  # noqa: PLC0415
        from desktop.palette.sources import entries  # noqa: PLC0415

        Palette(entries(self._user_window, self.preferences), self._window).open()

    def _shortcuts(self) -> None:
        from desktop.window.dialogs import ShortcutsDialog  # noqa: PLC0415

        ShortcutsDialog(self.keys(), self._window).open()

    def keys(self) -> Keys:
        """The keys by place: of the window's actions, of every table and field, and of the buttons of each tab."""
        from desktop.palette.sources import button_words  # noqa: PLC0415

        found = {
            translate("WindowCommands", "Window"): _known(
                (spoken(one), one.shortcut()) for one in self._window.actions_.all()
            ),
            translate("WindowCommands", "Everywhere"): [
                (translate("WindowCommands", "Copy the selected rows"), key_words(QKeySequence("Ctrl+C"))),
                (translate("WindowCommands", "Select all rows"), key_words(QKeySequence("Ctrl+A"))),
                (translate("WindowCommands", "Open or add the selected row"), translate("WindowCommands", "Enter")),
                (translate("WindowCommands", "Next page of a tab"), key_words(QKeySequence("Ctrl+Tab"))),
                (translate("WindowCommands", "Close a dialog"), translate("WindowCommands", "Esc")),
            ],
        }
        for role in self._window.roles:
            buttons = role.findChildren(QAbstractButton)
            found[role.title] = _known((button_words(one), one.shortcut()) for one in buttons) + role.other_keys()
        return found

    def _status(self) -> None:
        from desktop.window.status_details import StatusDetails  # noqa: PLC0415

        StatusDetails(self._window.status.standings, self._facts, self._window).open()

    def _show_flow(self) -> None:
        """Show the flow window of this window; each window has one of its own."""
        from desktop.flow.window import FlowWindow  # noqa: PLC0415

        known = (flow for flow in self._window.findChildren(FlowWindow) if not flow.is_over)
        flow = next(known, None) or FlowWindow(self._user_window, self._window)
        flow.show()
        flow.raise_()
        flow.activateWindow()

    def _facts(self) -> list[tuple[str, str]]:
        window, settings = self._window, self._application.settings
        nothing = translate("WindowCommands", "nothing")
        bar = window.status
        return [
            (translate("WindowCommands", "User"), f"{window.profile.name}  ({window.profile.user_id})"),
            ("RabbitMQ", window.broker_name),
            (translate("WindowCommands", "Data directory"), str(settings.folder.root)),
            (translate("WindowCommands", "Waiting to send"), bar.waiting.words or nothing),
            (translate("WindowCommands", "Unconfirmed"), bar.unconfirmed.words or nothing),
            (translate("WindowCommands", "Rate"), bar.rate.words or nothing),
        ]

    def _about(self) -> None:
        from desktop.window.dialogs import AboutDialog  # noqa: PLC0415

        dialog: QDialog = AboutDialog(self._window)
        dialog.open()


def _known(members: Iterable[tuple[str, QKeySequence]]) -> list[tuple[str, str]]:
    return [(words, key_words(pressed)) for words, pressed in members if words and not pressed.isEmpty()]
