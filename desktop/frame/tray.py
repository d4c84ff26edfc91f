"""The tray: how many notices are unread, and what came while nobody looked."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop.shared import icons
from desktop.shared.colours import LIGHT, ink_on
from desktop.shared.identities import short_id
from desktop.shared.states import of_state
from desktop.shared.texts import plain
from messaging.history.records import KeptNotice

if TYPE_CHECKING:
    from desktop.app import OrderDesk
    from desktop.station import Station

_SIDE = 64  # pixels of the picture; the system makes it smaller
_FOLD = 1500  # milliseconds: what comes in that time is told in one notice
_SHOWN = 6000  # milliseconds


class Tray(QObject):
    """Of the whole program. Where the system has no tray it only counts."""

    def __init__(self, desk: "OrderDesk") -> None:
        super().__init__()
        self._desk = desk
        self.unread: dict[Station, int] = {}
        self.told: list[str] = []  # the last words, for whoever missed the balloon
        self._news: list[tuple[Station, KeptNotice]] = []
        self._last: tuple[Station, KeptNotice | None] | None = None
        self._risen: dict[Station, int] = {}  # more unread than before, where nobody said what
        self._fold = QTimer(self, singleShot=True, interval=_FOLD)
        self._fold.timeout.connect(self.tell)
        self._icon = QSystemTrayIcon(self) if QSystemTrayIcon.isSystemTrayAvailable() else None
        if self._icon is not None:
            self._icon.activated.connect(lambda _: self.open_last())
            self._icon.messageClicked.connect(self.open_last)
            self._menu = QMenu()
            self._menu.addAction(self.tr("Quit")).triggered.connect(desk.close_windows)
            self._icon.setContextMenu(self._menu)
            self._draw()
            self._icon.show()

    def add(self, station: "Station") -> None:
        station.notifications.count_changed.connect(lambda count: self._count(station, count))
        station.notifications.news_arrived.connect(lambda news: self.take(station, news))

    def remove(self, station: "Station") -> None:
        self.unread.pop(station, None)
        self._risen.pop(station, None)
        self._news = [(whose, kept) for whose, kept in self._news if whose is not station]
        if self._last is not None and self._last[0] is station:
            self._last = None
        self._draw()

    def close(self) -> None:
        self._fold.stop()
        if self._icon is not None:
            self._icon.hide()

    def take(self, station: "Station", news: list[KeptNotice]) -> None:
        """Only what came live, and only while its window is not the one in use."""
        fresh = [kept for kept in news if not kept.missed and not kept.read]
        if fresh and not station.window.isActiveWindow():
            self._news.extend((station, kept) for kept in fresh)
            self._start_fold()

    def tell(self) -> None:
        news, self._news = self._news, []
        risen, self._risen = self._risen, {}
        if news:
            self._last = news[-1]
            self.told = [self._words(news)]
        elif risen:
            station = next(reversed(risen))
            self._last = (station, None)
            self.told = [plain(self.tr("{user}: {n} new").format(user=station.window.profile.name, n=risen[station]))]
        else:
            return
        if self._icon is not None and self._icon.supportsMessages():
            self._icon.showMessage("Order Desk", self.told[0], QSystemTrayIcon.MessageIcon.NoIcon, _SHOWN)

    def open_last(self) -> None:
        """A click on the notice or on the icon leads to the order."""
        if self._last is not None and self._last[0] in self._desk.stations:
            station, kept = self._last
            if kept is None or not station.show_order(kept.notice.identity):
                station.window.come_forward()
                station.begin("notifications")
        elif self._desk.stations:
            self._desk.stations[-1].window.come_forward()

    def _words(self, news: "list[tuple[Station, KeptNotice]]") -> str:
        station, kept = news[-1]
        name, state = station.window.profile.name, of_state(kept.notice.status).word
        if len(news) == 1:
            order = short_id(kept.notice.order_id)
            return plain(self.tr("{user}: order {order} is {state}").format(user=name, order=order, state=state))
        words = self.tr("{n} notices, the last for {user}: {state}")
        return plain(words.format(n=len(news), user=name, state=state))

    def _count(self, station: "Station", count: int) -> None:
        before = self.unread.get(station)  # the first figure is what the history held
        self.unread[station] = count
        if before is not None and count > before and not station.window.isActiveWindow():
            self._risen[station] = self._risen.get(station, 0) + count - before
            self._start_fold()
        self._draw()

    def _start_fold(self) -> None:
        if not self._fold.isActive():
            self._fold.start()

    def _draw(self) -> None:
        if self._icon is None:
            return
        count = sum(self.unread.values())
        self._icon.setIcon(QIcon(picture(count)))
        self._icon.setToolTip(self.tr("Order Desk: {n} unread").format(n=count) if count else "Order Desk")


def picture(count: int) -> QPixmap:
    """A box, with the number of unread notices on a disc."""
    drawn = QPixmap(_SIDE, _SIDE)
    drawn.fill(QColor(LIGHT.info))
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    icons.draw(painter, "package", QRect(8, 8, _SIDE - 16, _SIDE - 16), ink_on(QColor(LIGHT.info)))
    if count:
        disc = QRect(_SIDE // 2 - 4, _SIDE // 2 - 4, _SIDE // 2 + 4, _SIDE // 2 + 4)
        painter.setBrush(QColor(LIGHT.bad))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(disc)
        font = painter.font()
        font.setPixelSize(22)  # a picture: it follows the disc, not the user's font
        font.setBold(True)
        painter.setFont(font)
        painter.setPen(QColor("white"))
        painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(count) if count < 100 else "99+")
    painter.end()
    return drawn
