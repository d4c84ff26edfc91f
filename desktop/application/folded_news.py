"""Notices that come while their window is not in use, folded: all that come within a while are shown as one."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from desktop.style.states import of_state
from desktop.tables.lines_table import summary
from desktop.text.formats import number, plain
from desktop.text.phrases import said
from messaging.history.records import StoredNotice

if TYPE_CHECKING:
    from desktop.window.user_window import UserWindow

FOLD = 1500  # milliseconds: notices that come within this time are shown together
MARKUP = str.maketrans("<>&", "\u2039\u203a\uff06")  # some desktops read markup in a message: look-alikes are not read
REST = 10_000  # milliseconds at least between two messages


class FoldedNews(QObject):
    """Signal `folded(UserWindow, StoredNotice, headline, words)`: the notice is the last of those that are shown."""

    folded = Signal(object, object, str, str)

    def __init__(self, parent: QObject | None = None, *, fold: int = FOLD, rest: int = REST) -> None:
        super().__init__(parent)
        self._items: list[tuple[UserWindow, StoredNotice]] = []
        self._fold = fold
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._emit)
        self._resting = QTimer(self, singleShot=True, interval=rest)

    def take(self, user_window: "UserWindow", news: Sequence[StoredNotice]) -> None:
        if is_in_use(user_window) or not user_window.window.isVisible():  # one that is closing is not visible
            return
        self._items.extend((user_window, kept) for kept in news if not kept.read)
        if self._items and not self._timer.isActive():
            self._timer.start(max(self._fold, self._resting.remainingTime()))

    def forget(self, user_window: "UserWindow") -> None:
        self._items = [item for item in self._items if item[0] is not user_window]

    def close(self) -> None:
        self._items = []
        self._timer.stop()
        self._resting.stop()

    def _emit(self) -> None:
        """Leave out notices of windows that have come into use meanwhile: their users see them there."""
        items, self._items = [item for item in self._items if not is_in_use(item[0])], []
        if items:
            self._resting.start()
            self.folded.emit(*items[-1], headline(items), words(items))


def is_in_use(user_window: "UserWindow") -> bool:
    """Whether this window, or one of its dialogs, is the active one."""
    active = QApplication.activeWindow()
    while active is not None and active is not user_window.window:
        active = active.parentWidget()
    return active is not None


def headline(items: Sequence[tuple["UserWindow", StoredNotice]]) -> str:
    """`alice: Processed`, `alice: 6 notices`, `6 notices` where several windows are meant."""
    user_window, last = items[-1]
    name = user_window.window.profile.name
    if len(items) == 1:
        return _shown(f"{name}: {of_state(last.notice.status).word}")
    many = QCoreApplication.translate("FoldedNews", "{n} notices").format(n=number(len(items)))
    return many if len({whose for whose, _ in items}) > 1 else _shown(f"{name}: {many}")


def words(items: Sequence[tuple["UserWindow", StoredNotice]]) -> str:
    """What was ordered, and the reason where there is one; of many, how many of which state, or of which user."""
    _, last = items[-1]
    if len(items) == 1:
        what = summary([(line.name, line.quantity) for line in last.notice.lines])
        return _shown(f"{what} ({said(last.notice.words)})" if last.notice.reason else what)
    counted = Counter(whose.window.profile.name for whose, _ in items)
    if len(counted) == 1:
        counted = Counter(of_state(kept.notice.status).word for _, kept in items)
    return _shown(", ".join(f"{word}: {number(count)}" for word, count in counted.most_common()))


def _shown(text: str) -> str:
    return plain(text).translate(MARKUP)
