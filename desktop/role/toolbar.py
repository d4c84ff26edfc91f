"""What the toolbars of the roles have in common: the button that starts and stops the role, and its state."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.style.states import of_phase
from desktop.widgets.buttons import button, give_keys
from desktop.widgets.pill import StatePill
from messaging.ports import LinkState, Phase


class RoleToolbar(QWidget):
    """Signals: `start_asked`, `stop_asked`. A toolbar adds to `show_running` and says in `show_link` what it shows."""

    start_asked = Signal()
    stop_asked = Signal()

    def __init__(self, role: str, width: int, kind: str = "", parent: QWidget | None = None) -> None:
        """`width` of the start button at least, in logical pixels; `kind` as a button has it."""
        super().__init__(parent)
        self._is_running = False
        self.start_button = button("", kind=kind)
        self.start_button.setObjectName(f"{role}Start")
        self.start_button.setMinimumWidth(width)
        self.start_button.clicked.connect(self._start_or_stop)
        give_keys(self.start_button, "F5")
        self.pill = StatePill(of_phase(Phase.CLOSED))

    def can_start(self) -> bool:
        """Whether what the user has set lets the role start; asked when the button is clicked."""
        return True

    def show_running(self, is_running: bool) -> None:
        self._is_running = is_running

    def show_link(self, state: LinkState) -> None:
        """Show how the connection stands; called also while the role does not run."""
        raise NotImplementedError

    def _start_or_stop(self) -> None:
        if self._is_running:
            self.stop_asked.emit()
        elif self.can_start():
            self.start_asked.emit()
