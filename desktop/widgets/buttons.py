"""Push buttons and icon buttons, and the keys that press them."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton

from desktop.style.icons import icon
from desktop.text.formats import plain_tip
from desktop.widgets.keycap import key_words

ICON = 16  # logical pixels


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
    """Give the button a shortcut, which holds while the button is visible and stands in its tool tip."""
    made.setProperty("keys", keys)
    made.setShortcut(QKeySequence(keys))
    shown = key_words(QKeySequence(keys))
    hint = made.toolTip().removesuffix("</qt>")
    made.setToolTip(f"{hint}  ({shown})</qt>" if hint else plain_tip(shown))


def set_words(made: QAbstractButton, words: str) -> None:
    """Change the words of a button and keep its shortcut, which Qt takes away with the old words."""
    made.setText(words)
    if keys := made.property("keys"):
        made.setShortcut(QKeySequence(str(keys)))


def icon_button(picture: str, words: str) -> QToolButton:
    """A button without a frame that shows only an icon; `words` are its tooltip and accessible name."""
    made = QToolButton()
    made.setIcon(icon(picture))
    made.setIconSize(QSize(ICON, ICON))
    made.setProperty("kind", "quiet")
    made.setToolTip(plain_tip(words))
    made.setAccessibleName(words)
    return made
