"""The actions of a window: menus show them, the palette finds them, the sheet of keys lists them."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu

from desktop.style import icons


class Actions(QObject):
    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._all: list[QAction] = []

    def add(self, menu: QMenu, words: str, icon: str, work: Callable[[], object], keys: str = "") -> QAction:
        """Add an action to a menu; `words` may have a mnemonic (&)."""
        action = QAction(words, self)
        if icon:
            action.setIcon(icons.icon(icon))
            action.setProperty("picture", icon)
        if keys:
            action.setShortcut(QKeySequence(keys))
        action.triggered.connect(lambda _=False: work())
        menu.addAction(action)
        self._all.append(action)
        return action

    def choices(
        self, menu: QMenu, words: dict[str, str], chosen: str, work: Callable[[str], object], icon: str = ""
    ) -> None:
        """Add exclusive choices, of which the one in force is checked; `icon` stands beside them in the palette."""
        group = QActionGroup(menu)
        for choice, shown in words.items():
            action = QAction(shown, group, checkable=True, checked=choice == chosen)
            action.triggered.connect(lambda _=False, c=choice: work(c))
            action.setProperty("group", menu.title().replace("&", ""))
            action.setProperty("picture", icon)
            menu.addAction(action)
            self._all.append(action)

    def all(self) -> tuple[QAction, ...]:
        return tuple(self._all)


def spoken(action: QAction) -> str:
    """The action's words without their mnemonic; before those of a choice, the name of its menu."""
    words = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").partition("\t")[0]
    group = action.property("group")
    return f"{group}: {words}" if group else words
