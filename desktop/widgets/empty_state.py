"""What is shown in an empty place: its purpose, and a button for the one thing to do about it."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.style import icons
from desktop.style.theme import colours, sized
from desktop.widgets.labels import PlainLabel

_PICTURE = 36
_GAP = 6


class EmptyState(QFrame):
    """Signal `acted` when the button is clicked; without `action` there is no button.

    The picture is left out where there is little height: a window must fit a small screen.
    """

    acted = Signal()

    def __init__(self, icon: str, title: str, words: str = "", action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._icon, self._drawn = icon, ""
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignHCenter)
        self._picture.setMinimumSize(QSize(_PICTURE, _PICTURE))
        self._title = PlainLabel(title)
        self._title.setFont(sized(self.font(), 1.1, bold=True))
        self._words = PlainLabel(words)
        self._words.setProperty("role", "muted")
        self.button = QPushButton(action)
        self.button.clicked.connect(self.acted)
        self._lay_out()
        self.set_words(words)
        self.button.setVisible(bool(action))

    def set_title(self, title: str) -> None:
        self._title.setText(title)

    def set_words(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))

    def _lay_out(self) -> None:
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(_GAP)
        column.addStretch(1)
        column.addWidget(self._picture)
        for label in (self._title, self._words):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addSpacing(4)
        column.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)

    def minimumSizeHint(self) -> QSize:
        hint = super().minimumSizeHint()
        return hint if self._picture.isHidden() else hint - QSize(0, _PICTURE + _GAP)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        words = self._column.minimumHeightForWidth(event.size().width())
        if not self._picture.isHidden():
            words -= _PICTURE + _GAP
        self._picture.setVisible(event.size().height() >= words + _PICTURE + _GAP)

    def _draw(self) -> None:
        """Draw anew only where the colour differs: Qt announces a change of theme many times."""
        if self._drawn == colours().muted:
            return
        self._drawn = colours().muted
        self._picture.setPixmap(icons.pixmap(self._icon, _PICTURE, QColor(self._drawn), self.devicePixelRatioF()))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.isVisible():
            self._draw()
