"""The toolbar of the notifications: start, whose notices, filters, and what can be done with what is shown."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from desktop.filtering.field import FilterField
from desktop.filtering.views import SavedViews
from desktop.notifications.filters import Filters
from desktop.role.toolbar import RoleToolbar
from desktop.style.icons import icon
from desktop.style.states import of_phase
from desktop.text.formats import number
from desktop.text.phrases import said
from desktop.widgets.buttons import button, give_keys, set_words
from desktop.widgets.elided_label import ElidedLabel
from desktop.widgets.labels import muted
from desktop.widgets.number_field import calm
from messaging.ports import LinkState, Phase


class NotificationsToolbar(RoleToolbar):
    """Signals: those of the base, `read_asked(is_all)`, `everyone_asked(bool)`."""

    read_asked = Signal(bool)
    everyone_asked = Signal(bool)

    def __init__(self, user: str, views: SavedViews, parent: QWidget | None = None) -> None:
        super().__init__("notifications", 96, parent=parent)
        self._user = user
        self._is_everyone, self._reads_all = False, True
        self.whose = calm(QComboBox())
        self.whose.setAccessibleName(self.tr("Whose notices"))
        self.whose.view().setAccessibleName(self.tr("Whose notices"))
        self.whose.addItem(self.tr("My notices"), False)
        self.whose.addItem(self.tr("Everyone's notices"), True)
        self.whose.activated.connect(self._choose_whose)
        self.who, self.unread, self.found = ElidedLabel(), muted(), muted()
        self.who.setProperty("role", "muted")
        self.filters = Filters(views)
        self._make_actions()
        self._lay_out()
        self.show_running(False)
        self.show_unread(0)

    @property
    def search(self) -> FilterField:
        return self.filters.search

    def _make_actions(self) -> None:
        self.read_button = button(self.tr("Mark all read"), "mail-open", "quiet")
        give_keys(self.read_button, "Ctrl+M")
        self.read_button.clicked.connect(self._ask_read)
        self.pause_button = button(
            self.tr("Pause"),
            "pause",
            "quiet",
            self.tr("Hold new notices back; they are kept, and shown when you go on"),
        )
        self.pause_button.setCheckable(True)
        give_keys(self.pause_button, "F6")
        self.columns_button = button(self.tr("Columns"), "settings", "quiet")
        self.export_button = button(
            self.tr("Export"), "download", "quiet", self.tr("Write what is shown to a CSV or JSON file")
        )
        give_keys(self.export_button, "Ctrl+S")

    def _lay_out(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(8)
        line = QHBoxLayout()
        line.setSpacing(8)
        left: tuple[QWidget, ...] = (self.start_button, self.pill, self.whose, self.who)
        right: tuple[QWidget, ...] = (self.found, self.unread, self.read_button, self.pause_button)
        right += (self.columns_button, self.export_button)
        for part in left:
            line.addWidget(part)
        line.setStretchFactor(self.who, 1)
        for part in right:
            line.addWidget(part)
        whole.addLayout(line)
        whole.addWidget(self.filters)

    def _choose_whose(self, index: int) -> None:
        self.everyone_asked.emit(bool(self.whose.itemData(index)))

    def _ask_read(self) -> None:
        self.read_asked.emit(self._reads_all)

    def set_columns_menu(self, menu: QMenu) -> None:
        self.columns_button.setMenu(menu)

    def show_running(self, is_running: bool) -> None:
        super().show_running(is_running)
        set_words(self.start_button, self.tr("Stop") if is_running else self.tr("Start"))
        self.start_button.setIcon(icon("square" if is_running else "play"))
        who = self.tr("everyone") if self._is_everyone else self._user
        words = self.tr("Listening as {0}") if is_running else self.tr("Not listening for {0}")
        if is_running and self._is_everyone:
            words = self.tr("Listening to {0}")
        self.who.show_text(words.format(who))
        if not is_running:
            self.pill.set_state(of_phase(Phase.CLOSED))

    def show_whose(self, is_everyone: bool) -> None:
        self._is_everyone = is_everyone
        self.whose.setCurrentIndex(int(is_everyone))
        self.show_running(self._is_running)

    def show_link(self, state: LinkState) -> None:
        if self._is_running:
            self.pill.set_state(of_phase(state.phase), reason=said(state.reason))

    def show_found(self, count: int | None) -> None:
        """Show how many notices match; None where nothing is filtered."""
        self.found.setText("" if count is None else self.tr("{0} found").format(number(count)))

    def show_unread(self, count: int) -> None:
        self.unread.setText(self.tr("{0} unread").format(number(count)) if count else "")
        self.read_button.setVisible(count > 0)

    def show_selected(self, count: int) -> None:
        """Where several rows are selected the button marks these as read, otherwise all."""
        self._reads_all = count < 2
        words = self.tr("Mark all read") if self._reads_all else self.tr("Mark {0} read").format(number(count))
        set_words(self.read_button, words)
