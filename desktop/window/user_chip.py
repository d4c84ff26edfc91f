"""The user of the window: a round avatar in the user's colour, the name, and a menu."""

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from desktop.style import icons
from desktop.style.colours import ink_on
from desktop.style.theme import accent_of
from desktop.text.formats import plain_tip
from desktop.window.window_command import WindowCommand
from messaging.runtime.profiles import Profile

_AVATAR = 22  # logical pixels
_GAP = 6  # between avatar and name


class UserChip(QToolButton):
    """Shows the user. Signal `command_asked(WindowCommand)` when a command is chosen from its menu."""

    command_asked = Signal(object)

    def __init__(self, profile: Profile, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._profile = profile
        self.setProperty("kind", "quiet")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setIconSize(QSize(_AVATAR + _GAP, _AVATAR))
        self.setMenu(self._menu())
        self.show_profile(profile)

    def show_profile(self, profile: Profile) -> None:
        self._profile = profile
        self.setText(profile.name.replace("&", "&&"))
        name = self.tr("You are {name}").format(name=profile.name)
        self.setAccessibleName(name)
        self.setToolTip(plain_tip(name + "\n" + self.tr("User id {id}").format(id=profile.user_id)))
        self._draw()

    def _menu(self) -> QMenu:
        menu = QMenu(self)
        again = menu.addAction(icons.icon("app-window"), self.tr("New window as..."))
        again.triggered.connect(lambda: self.command_asked.emit(WindowCommand.NEW_WINDOW))
        changing = menu.addAction(icons.icon("pencil"), self.tr("Name and colour..."))
        changing.triggered.connect(lambda: self.command_asked.emit(WindowCommand.PROFILE))
        copying = menu.addAction(icons.icon("copy"), self.tr("Copy user id"))
        copying.triggered.connect(lambda: QGuiApplication.clipboard().setText(self._profile.user_id))
        return menu

    def _draw(self) -> None:
        self.setIcon(QIcon(avatar(self._profile, _AVATAR, self.devicePixelRatioF(), _GAP)))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()


def avatar(profile: Profile, size: int, scale: float, room: int = 0) -> QPixmap:
    """Draw the first letter of the name on a disc of the user's colour; `room`: empty logical pixels at its right."""
    accent = accent_of(profile.colour)
    drawn = QPixmap(QSize(size + room, size) * scale)
    drawn.setDevicePixelRatio(scale)
    drawn.fill(QColor(0, 0, 0, 0))
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(accent)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(0, 0, size, size)
    font = painter.font()
    font.setPixelSize(round(size * 0.55))  # a picture: it follows the disc, not the user's font
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(ink_on(accent))
    where = QRect(QPoint(0, 0), QSize(size, size))
    painter.drawText(where, Qt.AlignmentFlag.AlignCenter, profile.name[:1].upper())
    painter.end()
    return drawn
