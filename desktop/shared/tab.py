"""What the window asks of a tab, and what a tab tells the window."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desktop.shared.session import Session


class RoleTab(QWidget):
    """One role's page. Signals:

    `count_changed(int)` the figure beside the title (0 shows none);
    `link_changed(LinkState)` its connection, for the status bar;
    `traffic_changed(Traffic)` what is waiting to send and unconfirmed (client tab);
    `news_arrived(list[KeptNotice])` what came just now, for the desktop's notices (notifications tab);
    `running_changed(bool)` its role was started or stopped.
    """

    title = ""
    icon = ""

    count_changed = Signal(int)
    link_changed = Signal(object)
    traffic_changed = Signal(object)
    news_arrived = Signal(list)
    running_changed = Signal(bool)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session

    @property
    def running(self) -> bool:
        """Whether its role's worker has been started and not stopped."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the role; nothing happens where it runs."""
        raise NotImplementedError

    async def stop(self) -> None:
        """Stop the role and wait for its thread; nothing happens where it does not run."""
        raise NotImplementedError

    def begin_search(self) -> None:
        """Put the cursor where the user searches in what is shown."""
        self.focus_first()

    def focus_first(self) -> None:
        """Put the cursor where the user begins, when the tab is shown."""
        self.setFocus()
