"""The tray icon shows how many notices are unread, and notices that came while no window was in use."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from desktop.application.folded_news import FoldedNews
from desktop.application.tray_icon import MOST, tray_icon
from messaging.history.records import StoredNotice
from messaging.texts import printable, printable_lines

if TYPE_CHECKING:
    from desktop.window.user_window import UserWindow

_SHOWN = 6000  # milliseconds
_CLICKS = (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick)


class Tray(QObject):
    """The program's one icon in the system tray.

    Where the system has no tray, the window's entry in the task bar asks for attention instead. The tray is looked
    for again whenever there is something to show, for it may come later.
    """

    def __init__(self, windows: "Sequence[UserWindow]", quit_all: Callable[[], None]) -> None:
        """`windows` are those that are open now; `quit_all` closes them."""
        super().__init__()
        self._windows, self._quit_all = windows, quit_all
        self.unread: dict[UserWindow, int] = {}
        self.news = FoldedNews(self)
        self.news.folded.connect(self._show)
        self.shown: tuple[str, str] | None = None  # headline and words that were shown last
        self._last: tuple[UserWindow, StoredNotice] | None = None
        self._drawn = -1  # the count in the picture
        self._menu = QMenu()
        self._icon: QSystemTrayIcon | None = None
        self._look_for_tray()

    def add(self, user_window: "UserWindow") -> None:
        user_window.notifications.count_changed.connect(lambda count: self._count(user_window, count))
        user_window.notifications.news_arrived.connect(lambda news: self.news.take(user_window, news))
        self._fill_menu()  # with each window: the language may be another one

    def remove(self, user_window: "UserWindow") -> None:
        self.unread.pop(user_window, None)
        self.news.forget(user_window)
        if self._last is not None and self._last[0] is user_window:
            self._last = None
        self._draw()

    def close(self) -> None:
        self.news.close()
        if self._icon is not None:
            self._icon.hide()
        self._menu.deleteLater()

    def open_last(self) -> None:
        """Lead to the order of the notice that was shown last; at the next click, or without a notice, to a window."""
        last, self._last = self._last, None
        if last is not None:
            user_window, kept = last
            user_window.session.history.mark_read([kept.row])
            if not user_window.show_order(kept.notice.identity):
                user_window.begin("notifications")
                user_window.notifications.show_order(kept.row)
        elif self._windows:
            self._windows[-1].window.come_forward()

    def _show(self, user_window: "UserWindow", kept: StoredNotice, headline: str, words: str) -> None:
        self._last, self.shown = (user_window, kept), (headline, words)
        self._look_for_tray()
        if self._icon is not None:
            self._icon.showMessage(printable(headline), printable_lines(words), self._icon.icon(), _SHOWN)
        else:
            QApplication.alert(user_window.window)

    def _look_for_tray(self) -> None:
        if self._icon is None and QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(self)
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(lambda reason: self.open_last() if reason in _CLICKS else None)
            self._icon.messageClicked.connect(self.open_last)
            self._draw()
            self._icon.show()

    def _fill_menu(self) -> None:
        self._menu.clear()
        self._menu.addAction(self.tr("Open Order Desk")).triggered.connect(self.open_last)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("Quit")).triggered.connect(self._quit_all)

    def _count(self, user_window: "UserWindow", count: int) -> None:
        self.unread[user_window] = count
        self._draw()

    def _draw(self) -> None:
        if self._icon is None:
            return
        count = sum(self.unread.values())
        if min(count, MOST + 1) != self._drawn:  # in a flood it is counted five times a second
            self._drawn = min(count, MOST + 1)
            self._icon.setIcon(tray_icon(self._drawn))
        self._icon.setToolTip(self.tr("Order Desk: {n} unread").format(n=count) if count else "Order Desk")
