"""The window: three tabs under one user's name, the problem bar and the status bar."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QAction, QActionGroup, QCloseEvent, QIcon, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QMenu, QTabWidget, QVBoxLayout, QWidget

from desktop.shared import icons, theme
from desktop.shared.problem_bar import ProblemBar
from desktop.shared.session import Session
from desktop.shared.status_bar import StatusBar
from desktop.shared.tab import RoleTab
from desktop.shared.theme import Theme
from desktop.shared.user_chip import UserChip, avatar
from desktop.shared.view_memory import ViewMemory
from messaging.ports import LinkState, Phase

_SIZE = (1180, 760)  # logical pixels at the first start
_THEMES = {Theme.SYSTEM: "Like the system", Theme.LIGHT: "Light", Theme.DARK: "Dark", Theme.CONTRAST: "High contrast"}


class Window(QMainWindow):
    """Signals: `closed` once, when the user has closed it; `new_window_wanted`; `about_wanted`."""

    closed = Signal()
    new_window_wanted = Signal()
    about_wanted = Signal()

    def __init__(
        self, session: Session, problems: ProblemBar, tabs: Mapping[str, RoleTab], memory: ViewMemory, broker: str
    ) -> None:
        super().__init__()
        self.session, self.problems = session, problems
        self.names, self.roles = tuple(tabs), tuple(tabs.values())
        self._memory = memory
        self._is_closed = False
        self._dressed_for = theme.colours()
        self.status = StatusBar(broker, (role.title for role in self.roles))
        self.tabs = self._make_tabs()
        self.chip = UserChip(session.profile)
        self.chip.new_window_wanted.connect(self.new_window_wanted)
        self._lay_out()
        self._make_menus()
        self._connect_roles()
        self.setWindowTitle(f"{session.profile.name} \u2013 Order Desk")
        self._dress()
        self._restore()
        kept = Theme(memory.text("theme", Theme.SYSTEM))
        if kept is not Theme.SYSTEM:
            theme.apply(kept)

    # --- building

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        tabs.tabBar().setAccessibleName("Roles")
        for number, role in enumerate(self.roles):
            tabs.addTab(role, icons.icon(role.icon), role.title)
            tabs.setTabToolTip(number, f"{role.title} (Ctrl+{number + 1})")
            shortcut = QShortcut(QKeySequence(f"Ctrl+{number + 1}"), self)
            shortcut.activated.connect(partial(self.show_tab, number))
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
        column.addWidget(self.problems)
        column.addWidget(self.tabs, 1)
        column.addWidget(self.status)
        self.setCentralWidget(middle)

    def _make_menus(self) -> None:
        file = self.menuBar().addMenu("&File")
        _add(file, "&New window as...", "app-window", "Ctrl+Shift+N", self.new_window_wanted.emit)
        file.addSeparator()
        _add(file, "&Close", "x", "Ctrl+W", self.close)
        view = self.menuBar().addMenu("&View")
        for number, role in enumerate(self.roles):
            _add(view, f"{role.title}\tCtrl+{number + 1}", role.icon, "", partial(self.show_tab, number))
        view.addSeparator()
        self._add_themes(view.addMenu(icons.icon("contrast"), "&Theme"))
        about = self.menuBar().addMenu("&Help")
        _add(about, "&About Order Desk", "info", "", self.about_wanted.emit)

    def _add_themes(self, menu: QMenu) -> None:
        group = QActionGroup(self)
        kept = self._memory.text("theme", Theme.SYSTEM)
        for choice, words in _THEMES.items():
            action = QAction(words, group, checkable=True, checked=choice == kept)
            action.triggered.connect(lambda _=False, c=choice: self.choose_theme(c))
            menu.addAction(action)

    def _connect_roles(self) -> None:
        for number, role in enumerate(self.roles):
            role.count_changed.connect(partial(self._show_count, number))
            role.link_changed.connect(partial(self.status.set_link, role.title))
            role.traffic_changed.connect(lambda t: self.status.set_traffic(t.waiting, t.unconfirmed))
            role.running_changed.connect(partial(self._running_changed, number))

    def _restore(self) -> None:
        if not self._memory.restore_geometry(self):
            self.resize(*_SIZE)
        kept = self._memory.text("tab")
        self.tabs.setCurrentIndex(self.names.index(kept) if kept in self.names else 0)

    # --- living

    def show_tab(self, number: int) -> None:
        """Show it and put the cursor where its user begins."""
        self.tabs.setCurrentIndex(number)
        self.roles[number].focus_first()

    def choose_theme(self, choice: Theme) -> None:
        self._memory.keep("theme", choice.value)
        theme.apply(choice)

    def _show_count(self, number: int, count: int) -> None:
        title = self.roles[number].title
        self.tabs.setTabText(number, f"{title} ({count:,})" if count else title)

    def _running_changed(self, number: int, running: bool) -> None:
        if not self._is_closed:  # what ends with the window begins with it again
            self._memory.keep(f"running/{self.names[number]}", running)
        if not running:
            self.status.set_link(self.roles[number].title, LinkState(Phase.CLOSED))

    def _dress(self) -> None:
        self._dressed_for = theme.colours()
        theme.dress_window(self, self.session.profile.colour)
        self.setWindowIcon(QIcon(avatar(self.session.profile, 64, 1.0)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and theme.colours() is not self._dressed_for:
            self._dress()

    def closeEvent(self, event: QCloseEvent) -> None:
        """The window is gone at once; `app.py` ends the threads behind it."""
        if not self._is_closed:
            self._is_closed = True
            self._memory.keep("tab", self.names[self.tabs.currentIndex()])
            self._memory.keep_geometry(self)
            self.closed.emit()
        event.accept()


def _add(menu: QMenu, words: str, icon: str, keys: str, work: Callable[[], object]) -> None:
    action = menu.addAction(icons.icon(icon), words)
    if keys:
        action.setShortcut(QKeySequence(keys))
    action.triggered.connect(lambda _=False: work())
