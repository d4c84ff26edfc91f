"""The button with the saved filters: choose one, save what is filtered now, rename, remove."""

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QWidget

from desktop.filtering.views import SavedViews
from desktop.style.icons import icon
from desktop.text.formats import plain, plain_tip
from desktop.widgets.frame_dialog import MARGINS, FrameDialog, primary
from desktop.widgets.labels import PlainLabel
from desktop.widgets.layouts import column
from messaging.history.store.saved_views import LONGEST_NAME, SavedView


class ViewsButton(QPushButton):
    def __init__(self, views: SavedViews, filtered: Callable[[], str], parent: QWidget | None = None) -> None:
        """`filtered` gives the present filter as text; empty where everything is shown."""
        super().__init__(self.tr("Views"), parent)
        self._views, self._filtered = views, filtered
        self.setAutoDefault(False)
        self.setToolTip(plain_tip(self.tr("Filters under a name: choose one, or keep what is filtered now")))
        self.setMenu(QMenu(self))
        self.menu().setAccessibleName(self.tr("Views"))
        self.menu().aboutToShow.connect(views.read)
        self.menu().aboutToShow.connect(self._fill)
        views.changed.connect(self._fill)
        self._fill()

    def _fill(self) -> None:
        menu = self.menu()
        for changing in menu.findChildren(QMenu):
            changing.deleteLater()
        menu.clear()
        self._offer(menu, self._views.built_in)
        if self._views.saved:
            menu.addSeparator()
            self._offer(menu, self._views.saved)
        menu.addSeparator()
        keep = menu.addAction(icon("plus"), self.tr("Keep this filter..."))
        keep.setEnabled(bool(self._filtered()))
        keep.triggered.connect(self.ask_to_save)
        for words, picture, act in (
            (self.tr("Rename"), "pencil", self._ask_to_rename),
            (self.tr("Remove"), "trash-2", self._remove),
        ):
            if self._views.saved:
                changing = menu.addMenu(icon(picture), words)
                for view in self._views.saved:
                    action = changing.addAction(_menu_words(view.name))
                    action.triggered.connect(partial(act, view))

    def _offer(self, menu: QMenu, views: list[SavedView]) -> None:
        for view in views:
            action = menu.addAction(f"{_menu_words(view.name)}\t{_menu_words(view.text)}")
            action.triggered.connect(partial(self._views.choose, view))

    def ask_to_save(self) -> None:
        text = self._filtered()
        self._ask(self.tr("Keep this filter"), "", text, partial(self._views.save, text=text))

    def _ask_to_rename(self, view: SavedView) -> None:
        self._ask(self.tr("Rename"), view.name, view.text, partial(self._views.rename, view.name))

    def _remove(self, view: SavedView) -> None:
        self._views.remove(view.name)

    def _ask(self, title: str, name: str, text: str, use: Callable[[str], None]) -> None:
        self.dialog = NameDialog(title, name, text, self.window())
        self.dialog.accepted.connect(partial(_use_name, self.dialog.name, use))
        self.dialog.open()


class NameDialog(FrameDialog):
    """Asks for the name of a filter."""

    def __init__(self, title: str, name: str, text: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.name = QLineEdit(name)
        self.name.setMaxLength(LONGEST_NAME)
        self.name.setMinimumWidth(320)
        self.name.setAccessibleName(self.tr("Name of the view"))
        self.name.setPlaceholderText(self.tr("Name of the view"))
        self.name.selectAll()
        shown = PlainLabel(plain(text))
        shown.setProperty("role", "muted")
        shown.setWordWrap(True)
        self._keep = primary(self.tr("Keep"))
        self.name.textChanged.connect(self._check)
        buttons = self.choice_buttons(self._keep, self.tr("Cancel"))
        column(self, self.name, shown, buttons, margins=MARGINS)
        self._check()

    def _check(self) -> None:
        self._keep.setEnabled(bool(self.name.text().split()))


def _use_name(field: QLineEdit, use: Callable[[str], None]) -> None:
    use(" ".join(field.text().split()))


def _menu_words(text: str) -> str:
    return plain(text).replace("&", "&&").replace("\t", " ")
