"""The window: three tabs under one user's name, the first steps, the problem bar, the log and the status bar."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QIcon, QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QMainWindow, QSplitter, QTabWidget, QVBoxLayout, QWidget

from desktop.role.session import Session
from desktop.role.tab import AnyTab
from desktop.role.view_memory import ViewMemory
from desktop.style import icons, theme
from desktop.style.theme import Theme
from desktop.text import languages
from desktop.text.formats import number as number_words
from desktop.widgets.layouts import set_title
from desktop.widgets.problem_bar import ProblemBar
from desktop.window.actions import Actions
from desktop.window.log_feed import LogFeed
from desktop.window.log_panel import LogPanel
from desktop.window.menus import make_menus
from desktop.window.status_bar import StatusBar
from desktop.window.traffic_rate import TrafficRate
from desktop.window.user_chip import UserChip, avatar
from desktop.window.welcome import Welcome
from desktop.window.window_command import WindowCommand
from messaging.ports import LinkState, Phase
from messaging.runtime.profiles import Profile

_SIZE = QSize(1280, 760)  # logical pixels at the first start, where the screen has them
_LOG_SHARE = (70, 30)  # of the height, tabs and log


class Window(QMainWindow):
    """One user's window.

    Signals: `closed` once, when the user has closed it; `command_asked(WindowCommand)` for what only the program can
    do; `language_chosen(str)`; `role_wanted(str)` when a role is to be shown and started.
    """

    closed = Signal()
    command_asked = Signal(object)
    language_chosen = Signal(str)
    role_wanted = Signal(str)

    def __init__(
        self,
        session: Session,
        problems: ProblemBar,
        tabs: Mapping[str, AnyTab],
        memory: ViewMemory,
        *,
        broker: str,
        log: LogFeed,
    ) -> None:
        super().__init__()
        kept = memory.text("theme", Theme.SYSTEM)
        if kept != Theme.SYSTEM:
            theme.apply(Theme(kept))
        self.session, self.problems, self.profile = session, problems, session.profile
        self.broker_name = broker
        self.names, self.roles = tuple(tabs), tuple(tabs.values())
        self._memory, self._log = memory, log
        self._log_panel: LogPanel | None = None
        self._is_closed = False
        self._drawn_for = theme.colours()
        self._unread = 0
        self.actions_ = Actions(self)
        self.status = StatusBar(broker, (role.title for role in self.roles), who=self.profile.name)
        self.rate = TrafficRate(session.metrics, self)
        self.tabs = self._make_tabs()
        self.welcome = Welcome(self.profile.colour)
        self.welcome.hide()
        self.chip = UserChip(self.profile)
        self._lay_out()
        make_menus(self, self.actions_, kept, languages.chosen())
        self._connect()
        self._show_title()
        self._dress()
        self._restore()

    # --- building

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        tabs.tabBar().setAccessibleName(self.tr("Roles"))
        for number, role in enumerate(self.roles):
            tabs.addTab(role, icons.icon(role.icon), role.title)
            tabs.setTabToolTip(number, f"{role.title} (Ctrl+{number + 1})")
        return tabs

    def _lay_out(self) -> None:
        middle = QWidget()
        column = QVBoxLayout(middle)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        corner = QWidget()
        line = QHBoxLayout(corner)
        line.setContentsMargins(0, 0, 8, 2)
        line.addWidget(self.chip)
        self.tabs.setCornerWidget(corner)
        self.middle = QSplitter(Qt.Orientation.Vertical)
        self.middle.setChildrenCollapsible(False)
        self.middle.addWidget(self.tabs)
        column.addWidget(self.problems)
        column.addWidget(self.welcome)
        column.addWidget(self.middle, 1)
        column.addWidget(self.status)
        self.setCentralWidget(middle)

    def _connect(self) -> None:
        self.chip.command_asked.connect(self.command_asked)
        self.problems.log_wanted.connect(self.show_log)
        self.status.details_wanted.connect(self.asks(WindowCommand.STATUS))
        self.rate.changed.connect(self.status.set_rate)
        self.welcome.chosen.connect(self.role_wanted)
        self.welcome.closing.clicked.connect(self.begin_here)
        for number, role in enumerate(self.roles):
            role.count_changed.connect(partial(self._show_count, number))
            role.link_changed.connect(partial(self.status.set_link, role.title))
            role.traffic_changed.connect(lambda t: self.status.set_traffic(t.waiting, t.unconfirmed))
            role.running_changed.connect(partial(self._running_changed, number))

    def _restore(self) -> None:
        if not self._memory.restore_geometry(self):
            self.resize(_SIZE.boundedTo(self.screen().availableSize()))
        kept = self._memory.text("tab")
        self.tabs.setCurrentIndex(self.names.index(kept) if kept in self.names else 0)
        if self._memory.flag("log", default=False):
            self.show_log()

    def asks(self, command: WindowCommand) -> Callable[[], None]:
        return partial(self.command_asked.emit, command)

    # --- living

    def show_tab(self, number: int) -> None:
        """Show this tab and put the cursor where its user begins."""
        self.tabs.setCurrentIndex(number)
        self.roles[number].focus_first()

    def begin_here(self) -> None:
        self.show_tab(self.tabs.currentIndex())

    def find_here(self) -> None:
        self.roles[self.tabs.currentIndex()].begin_search()

    def choose_theme(self, choice: Theme) -> None:
        self._memory.keep("theme", choice.value)
        theme.apply(choice)

    def come_forward(self) -> None:
        """Show the window in front of all others, also where it was minimised."""
        self.setWindowState((self.windowState() & ~Qt.WindowState.WindowMinimized) | Qt.WindowState.WindowActive)
        self.show()
        self.raise_()
        self.activateWindow()

    def show_profile(self, profile: Profile) -> None:
        """Show that the user has another name or colour."""
        self.profile = profile
        self.chip.show_profile(profile)
        self.status.show_place(profile.name, self.broker_name)
        self._show_title()
        self._dress()

    def show_log(self) -> None:
        if self._log_panel is None:
            self._log_panel = LogPanel(self._log)
            self._log_panel.closed.connect(self.toggle_log)
            self.middle.addWidget(self._log_panel)
            self.middle.setSizes([share * 10 for share in _LOG_SHARE])
        self._log_panel.show()
        self._memory.keep("log", True)

    def toggle_log(self) -> None:
        if self._log_panel is None or self._log_panel.isHidden():
            self.show_log()
        else:
            self._log_panel.hide()
            self._memory.keep("log", False)

    def _show_count(self, number: int, count: int) -> None:
        title = self.roles[number].title
        set_title(self.tabs, number, f"{title} ({number_words(count)})" if count else title)
        if self.names[number] == "notifications":
            self._unread = count
            self._show_title()

    def _show_title(self) -> None:
        unread = f"({number_words(self._unread)}) " if self._unread else ""
        self.setWindowTitle(f"{unread}{self.profile.name} \N{EN DASH} Order Desk")

    def _running_changed(self, number: int, running: bool) -> None:
        if not self._is_closed:  # what ends with the window begins with it again
            self._memory.keep(f"running/{self.names[number]}", running)
        if not running:
            self.status.set_link(self.roles[number].title, LinkState(Phase.CLOSED))

    def _dress(self) -> None:
        theme.dress_window(self, self.profile.colour)
        self._draw_icon()

    def _draw_icon(self) -> None:
        self._drawn_for = theme.colours()
        self.setWindowIcon(QIcon(avatar(self.profile, 64, 1.0)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter press the focused button, as Space does: Qt does so in dialogs only. A held key presses once."""
        at = self.focusWidget()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(at, QAbstractButton):
            if not event.isAutoRepeat():
                at.click()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and theme.colours() is not self._drawn_for:
            self._draw_icon()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hide the window at once; its UserWindow then ends the threads behind it."""
        if not self._is_closed:
            self._is_closed = True
            self._memory.keep("tab", self.names[self.tabs.currentIndex()])
            self._memory.keep_geometry(self)
            self.closed.emit()
        event.accept()
