"""What can be typed into the filter, one click away from the field."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.notifications.language import BEFORE, SINCE, key
from desktop.shared.states import QT_TRANSLATE_NOOP
from messaging.history.words import Field

HINTS = (
    (Field.ORDER.value, QT_TRANSLATE_NOOP("Hints", "the order's id, its beginning or end")),
    (Field.PRODUCT.value, QT_TRANSLATE_NOOP("Hints", 'what was ordered: milk, "whole milk"')),
    (Field.STATE.value, QT_TRANSLATE_NOOP("Hints", "what became of it: refused, shipped")),
    (Field.USER.value, QT_TRANSLATE_NOOP("Hints", "whose order: a name or an id")),
    (SINCE, QT_TRANSLATE_NOOP("Hints", "received since: 30min, 2h, 3d, 14:05, yesterday, 2026-11-20")),
    (BEFORE, QT_TRANSLATE_NOOP("Hints", "received before that")),
)


class Hints(QMenu):
    """Signal `chosen(text)`: what is to be put into the field."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What can be typed"))
        for name, words in HINTS:
            action = QAction(f"{key(name)}:\t{QCoreApplication.translate('Hints', words)}", self)
            action.triggered.connect(lambda _checked=False, name=name: self.chosen.emit(f"{key(name)}:"))
            self.addAction(action)
        self.addSeparator()
        last = self.addAction(self.tr("Other words are looked for everywhere; all of them must be found"))
        last.setEnabled(False)
