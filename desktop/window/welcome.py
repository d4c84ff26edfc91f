"""The first steps: three cards over the tabs say what can be done. The tabs below can be used at once."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from desktop.style import icons
from desktop.style.theme import accent_of, sized
from desktop.widgets.buttons import button, icon_button
from desktop.widgets.labels import PlainLabel, muted
from desktop.widgets.layouts import row

_PICTURE = 28  # logical pixels


class Welcome(QWidget):
    """Signals: `chosen(str)`, the tab whose role is to start; `kept(bool)`, whether to show the cards next time."""

    chosen = Signal(str)
    kept = Signal(bool)

    def __init__(self, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        client = (self.tr("Place an order"), self.tr("Choose products, press Place. It waits on disk until it can go."))
        warehouse = (self.tr("Run the warehouse"), self.tr("Take orders as they come and reserve the stock."))
        watch = (self.tr("Watch"), self.tr("See what becomes of your orders, the moment it happens."))
        self.cards = {
            "client": Card("shopping-cart", *client, self.tr("Choose products"), colour),
            "warehouse": Card("warehouse", *warehouse, self.tr("Start the warehouse"), colour),
            "notifications": Card("bell", *watch, self.tr("Listen"), colour),
        }
        for name, card in self.cards.items():
            card.button.clicked.connect(lambda _=False, n=name: self._choose(n))
        self.never = QCheckBox(self.tr("Do not show again"))
        self.never.toggled.connect(lambda on: self.kept.emit(not on))
        self.closing = icon_button("x", self.tr("Hide the first steps"))
        self.closing.clicked.connect(self.hide)
        self._lay_out()

    def _choose(self, name: str) -> None:
        self.hide()
        self.chosen.emit(name)

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 12, 4)
        column.setSpacing(6)
        title = PlainLabel(self.tr("What would you like to do?"))
        title.setFont(sized(self.font(), 1.1, bold=True))
        column.addLayout(row(title, 1, self.never, self.closing))
        cards = QHBoxLayout()
        cards.setSpacing(10)
        for card in self.cards.values():
            cards.addWidget(card, 1)
        column.addLayout(cards)


class Card(QFrame):
    def __init__(self, icon: str, title: str, words: str, action: str, colour: str) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)  # all of one width
        self._icon, self._colour, self._drawn = icon, colour, ""
        self._picture = QLabel()
        self._picture.setFixedSize(QSize(_PICTURE, _PICTURE))
        self._title = PlainLabel(title)
        self._title.setFont(sized(self.font(), 1.05, bold=True))
        self._words = muted(words)
        self._words.setWordWrap(True)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop)  # the three begin at one height
        self.button = button(action)
        self.button.setAccessibleDescription(words)
        self._lay_out()
        self._draw()

    def _lay_out(self) -> None:
        line = QHBoxLayout(self)
        line.setContentsMargins(14, 10, 14, 10)
        line.setSpacing(12)
        line.addWidget(self._picture, alignment=Qt.AlignmentFlag.AlignTop)
        texts = QVBoxLayout()
        texts.setSpacing(6)
        texts.addWidget(self._title)
        texts.addWidget(self._words, 1)
        texts.addWidget(self.button, alignment=Qt.AlignmentFlag.AlignLeft)
        line.addLayout(texts, 1)

    def _draw(self) -> None:
        """Draw anew only where the colour differs: Qt announces a change of theme many times."""
        accent = accent_of(self._colour)
        if self._drawn != accent.name():
            self._drawn = accent.name()
            self._picture.setPixmap(icons.pixmap(self._icon, _PICTURE, accent, self.devicePixelRatioF()))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
