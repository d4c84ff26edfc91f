"""The details behind the status bar: each connection with its whole reason, the user, the broker, the figures."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QFormLayout, QLabel, QVBoxLayout, QWidget

from desktop.widgets.buttons import button
from desktop.widgets.frame_dialog import MARGINS, FrameDialog
from desktop.widgets.labels import PlainLabel, selectable
from desktop.widgets.pill import StatePill
from desktop.window.status_bar import RoleStanding

_POLL_INTERVAL = 500  # milliseconds
_WIDTH = 560

Facts = Sequence[tuple[str, str]]


class StatusDetails(FrameDialog):
    """Polls `standings` and `facts` while it is open."""

    def __init__(
        self, standings: Callable[[], list[RoleStanding]], facts: Callable[[], Facts], parent: QWidget
    ) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Connection details"))
        self._standings, self._facts = standings, facts
        self._roles = [(StatePill(one.style, one.role), _value()) for one in standings()]
        self._values = [(PlainLabel(name), _value()) for name, _ in facts()]
        self._lay_out()
        self._timer = QTimer(self, interval=_POLL_INTERVAL)
        self._timer.timeout.connect(self.poll)
        self._timer.start()
        self.poll()

    def poll(self) -> None:
        for (pill, reason), one in zip(self._roles, self._standings(), strict=True):
            pill.set_state(one.style, reason=one.reason)
            _set_text(reason, one.reason or one.style.hint or "\N{EN DASH}")
        for (_, value), (_, words) in zip(self._values, self._facts(), strict=True):
            _set_text(value, words)

    def text(self) -> str:
        """All details as text for a report, one line each."""
        roles = [f"{one.words}: {one.reason}" for one in self._standings()]
        return "\n".join([*roles, *(f"{name}: {words}" for name, words in self._facts())])

    def _lay_out(self) -> None:
        self.setMinimumWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(*MARGINS)
        form = QFormLayout()
        form.setSpacing(10)
        for pill, reason in self._roles:
            form.addRow(pill, reason)
        for name, value in self._values:
            name.setProperty("role", "muted")
            form.addRow(name, value)
        column.addLayout(form)
        column.addStretch(1)
        buttons = self.closing_buttons()
        copying = button(self.tr("Copy"), "copy")
        copying.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.text()))
        buttons.addButton(copying, QDialogButtonBox.ButtonRole.ActionRole)
        column.addWidget(buttons)


def _value() -> QLabel:
    label = selectable(PlainLabel())
    label.setWordWrap(True)
    return label


def _set_text(label: QLabel, words: str) -> None:
    """Set a label's text only where it differs: otherwise what the user has selected in it would be lost."""
    if label.text() != words:
        label.setText(words)
