"""The menu of the filter field with what can be typed into it."""

from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.filtering.keys import BEFORE, IS, SINCE, FilterSubject, key, mark
from desktop.style.states import QT_TRANSLATE_NOOP
from messaging.history.store.search.search_terms import Field

HINTS = {
    Field.ORDER.value: QT_TRANSLATE_NOOP("Hints", "the order's id, its beginning or end"),
    Field.PRODUCT.value: QT_TRANSLATE_NOOP("Hints", 'what was ordered: milk, "whole milk"'),
    Field.STATE.value: QT_TRANSLATE_NOOP("Hints", "what became of it: refused, shipped"),
    Field.USER.value: QT_TRANSLATE_NOOP("Hints", "whose order: a name or an id"),
    SINCE: QT_TRANSLATE_NOOP("Hints", "from then on: 30min, 2h, 3d, 14:05, yesterday, 2026-11-20"),
    BEFORE: QT_TRANSLATE_NOOP("Hints", "until then"),
}


class Hints(QMenu):
    """Signal `chosen(text)`: a text to append to the field."""

    chosen = Signal(str)

    def __init__(self, subject: FilterSubject, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("What can be typed"))
        for name in subject.keys:
            if name == IS:
                words = ", ".join(mark(one) for one in subject.marks)
            else:
                words = QCoreApplication.translate("Hints", HINTS[name])
            self._offer(f"{key(name)}:", words)
        self.addSeparator()
        self._offer("-", self.tr("in front: what must not be, as in -state:shipped or -milk"))
        self._offer(",", self.tr("between two: either will do, as in state:refused,shipped"))
        last = self.addAction(self.tr("Other words are looked for everywhere; all of them must be found"))
        last.setEnabled(False)

    def _offer(self, text: str, words: str) -> None:
        action = QAction(f"{text}\t{words}", self)
        action.triggered.connect(partial(self.chosen.emit, text))
        self.addAction(action)
