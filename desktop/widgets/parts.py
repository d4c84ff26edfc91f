"""Small parts that all tabs are put together from: headings, search fields, buttons."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSplitter,
    QTabWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.style.icons import icon
from desktop.style.theme import sized
from desktop.text.formats import plain_tip
from desktop.widgets.empty_state import plain_label
from desktop.widgets.keycap import key_words

GAP = 8  # logical pixels between parts of one pane
HEADING = 32  # logical pixels
ICON = 16


def heading(text: str) -> QLabel:
    label = plain_label(text)
    label.setFont(sized(label.font(), 1.05, bold=True))
    return label


def muted(text: str = "") -> QLabel:
    label = plain_label(text)
    label.setProperty("role", "muted")
    return label


class Complaint(QLabel):
    """What could not be taken, in words; it takes no place while there is nothing to say."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", "bad")
        self.setWordWrap(True)
        self.hide()

    def say(self, words: str) -> None:
        self.setText(words)
        self.setVisible(bool(words))


def row(*parts: QWidget | int) -> QHBoxLayout:
    """Widgets side by side; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GAP)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        else:
            layout.addWidget(part)
    return layout


def heading_row(*parts: QWidget | int) -> QHBoxLayout:
    """As high as a field, whatever stands in it, so that panes side by side begin at one height."""
    layout = row(*parts)
    layout.addStrut(HEADING)
    return layout


def column(
    parent: QWidget, *parts: QWidget | QLayout, margins: tuple[int, int, int, int] = (0, 0, 0, 0)
) -> QVBoxLayout:
    layout = QVBoxLayout(parent)
    layout.setContentsMargins(*margins)
    layout.setSpacing(GAP)
    for part in parts:
        if isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return layout


def button(text: str, picture: str = "", kind: str = "", hint: str = "") -> QPushButton:
    made = QPushButton(text)
    made.setAutoDefault(False)
    made.setIconSize(QSize(ICON + 4, ICON))  # the picture is at the left: room before the words
    if picture:
        made.setIcon(icon(picture))
    if kind:
        made.setProperty("kind", kind)
    if hint:
        made.setToolTip(plain_tip(hint))
    return made


def give_keys(made: QAbstractButton, keys: str) -> None:
    """A shortcut while the button is seen, told in its tool tip."""
    made.setProperty("keys", keys)
    made.setShortcut(QKeySequence(keys))
    shown = key_words(QKeySequence(keys))
    hint = made.toolTip().removesuffix("</qt>")
    made.setToolTip(f"{hint}  ({shown})</qt>" if hint else plain_tip(shown))


def say(made: QAbstractButton, words: str) -> None:
    """Other words on it; Qt takes the shortcut away with the old ones."""
    made.setText(words)
    if keys := made.property("keys"):
        made.setShortcut(QKeySequence(str(keys)))


def icon_button(picture: str, words: str) -> QToolButton:
    """A quiet button with a picture only; `words` say what it does."""
    made = QToolButton()
    made.setIcon(icon(picture))
    made.setIconSize(QSize(ICON, ICON))
    made.setProperty("kind", "quiet")
    made.setToolTip(plain_tip(words))
    made.setAccessibleName(words)
    return made


F = TypeVar("F", bound=QLineEdit)


def search_field(words: str, name: str) -> QLineEdit:
    return as_search(QLineEdit(), words, name)


def as_search(field: F, words: str, name: str) -> F:
    field.setPlaceholderText(words)
    field.setAccessibleName(words)
    field.setObjectName(name)
    field.setClearButtonEnabled(True)
    field.installEventFilter(_LeavesUndo(field))
    field.addAction(QAction(icon("search"), "", field), QLineEdit.ActionPosition.LeadingPosition)
    field.setStyleSheet("QToolButton { min-height: 0; padding: 0; border: 0; background: transparent; }")
    return field


class _LeavesUndo(QObject):
    """A field with nothing to undo leaves the keys for it to the page: Qt's fields keep them always."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_undo = event.matches(QKeySequence.StandardKey.Undo)
            if is_undo and isinstance(watched, QLineEdit) and not watched.isUndoAvailable():
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def forget_typing(window: QWidget) -> None:
    """What there is to undo from now on is not what was typed before."""
    for field in window.findChildren(QLineEdit):
        if field.isUndoAvailable():
            start, length, at = field.selectionStart(), field.selectionLength(), field.cursorPosition()
            field.setText(field.text())
            field.setCursorPosition(at)
            if length:
                field.setSelection(start, length)


def line() -> QFrame:
    made = QFrame()
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made


def scrolled(body: QWidget) -> QScrollArea:
    """As wide as its place, as high as it needs; on the ground of what stands around it."""
    made = QScrollArea(widgetResizable=True)
    made.setFrameShape(QFrame.Shape.NoFrame)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setWidget(body)
    for part in (made, made.viewport(), body):
        part.setAutoFillBackground(False)
    return made


def splitter(direction: Qt.Orientation, *parts: QWidget, shares: tuple[int, ...]) -> QSplitter:
    made = QSplitter(direction)
    made.setChildrenCollapsible(False)
    made.setHandleWidth(12)
    for number, (part, share) in enumerate(zip(parts, shares, strict=True)):
        made.addWidget(part)
        made.setStretchFactor(number, share)
    made.setSizes([share * 100 for share in shares])
    return made


def set_title(tabs: QTabWidget, place: int, words: str) -> None:
    """Qt lays out and draws the whole page anew, also for the title that it has."""
    if tabs.tabText(place) != words:
        tabs.setTabText(place, words)
