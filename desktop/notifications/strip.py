"""Who listens, to what end, and the field to filter by."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desktop.shared.icons import icon
from desktop.shared.panes import button, muted, search_field
from desktop.shared.pill import StatePill
from desktop.shared.states import of_phase
from desktop.shared.texts import number
from messaging.ports import LinkState, Phase


class Strip(QWidget):
    """Signals: `start_asked`, `stop_asked`, `all_read`."""

    start_asked = Signal()
    stop_asked = Signal()
    all_read = Signal()

    def __init__(self, user: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._user = user
        self._is_running = False
        self.start_button = button("")
        self.start_button.setObjectName("notificationsStart")
        self.start_button.setMinimumWidth(96)
        self.start_button.clicked.connect(self._switch)
        self.pill = StatePill(of_phase(Phase.CLOSED))
        self.who = muted()
        self.unread = muted()
        self.read_button = button(self.tr("Mark all read"), "mail-open", "quiet")
        self.read_button.clicked.connect(self.all_read)
        self.search = search_field(self.tr("Filter by order, product, state or reason"), "noticesSearch")
        self.search.setMinimumWidth(300)
        self._lay_out()
        self.show_running(False)
        self.show_unread(0)

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        left: tuple[QWidget, ...] = (self.start_button, self.pill, self.who)
        right: tuple[QWidget, ...] = (self.unread, self.read_button, self.search)
        for part in left:
            line.addWidget(part)
        line.addStretch(1)
        for part in right:
            line.addWidget(part)

    def _switch(self) -> None:
        (self.stop_asked if self._is_running else self.start_asked).emit()

    def show_running(self, is_running: bool) -> None:
        self._is_running = is_running
        self.start_button.setText(self.tr("Stop") if is_running else self.tr("Start"))
        self.start_button.setIcon(icon("square" if is_running else "play"))
        words = self.tr("Listening as {0}") if is_running else self.tr("Not listening for {0}")
        self.who.setText(words.format(self._user))
        if not is_running:
            self.pill.set_state(of_phase(Phase.CLOSED))

    def show_link(self, state: LinkState) -> None:
        if self._is_running:
            self.pill.set_state(of_phase(state.phase), reason=state.reason)

    def show_unread(self, count: int) -> None:
        self.unread.setText(self.tr("{0} unread").format(number(count)) if count else "")
        self.read_button.setVisible(count > 0)
