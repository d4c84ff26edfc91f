"""The bar that says in one line what was just done, and offers to undo it where that is possible."""

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QProgressBar, QSizePolicy, QWidget

from desktop.text.formats import plain_tip
from desktop.widgets.buttons import button, give_keys, icon_button
from desktop.widgets.labels import PlainLabel
from desktop.widgets.layouts import row
from desktop.widgets.search_fields import forget_typing

Undo = Callable[[], object]


class DoneBar(QFrame):
    """Stays until the next thing is done or it is closed, so that the user can still undo after a while."""

    def __init__(self, can_undo: bool = True, parent: QWidget | None = None) -> None:
        """`can_undo`: whether anything shown here can be undone; then Ctrl+Z does it."""
        super().__init__(parent)
        self.setProperty("role", "card")
        self._undo: Undo | None = None
        self._under_way = ""  # whose progress was shown last
        self.words = PlainLabel()
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.progress = QProgressBar()
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(140)
        self.undo_button = button(self.tr("Undo"), "undo-2")
        self.undo_button.clicked.connect(self._go_back)
        if can_undo:
            give_keys(self.undo_button, "Ctrl+Z")
        self.close_button = icon_button("x", self.tr("Close"))
        self.close_button.clicked.connect(self.dismiss)
        line = row(self.words, self.progress, self.undo_button, self.close_button)
        line.setStretch(0, 1)
        line.setContentsMargins(12, 4, 6, 4)
        self.setLayout(line)
        self.hide()

    def show_done(self, words: str, undo: Undo | None = None) -> None:
        self._show(words)
        self._undo = undo
        if undo is None:
            self._under_way = ""
        self.undo_button.setVisible(undo is not None)
        self.progress.hide()
        if undo is not None:
            forget_typing(self.window())

    def show_progress(self, words: str, done: int, of: int) -> None:
        """Show progress, unless something that can be undone was done since: that stays."""
        if words == self._under_way and self._undo is not None:
            return
        self._under_way = words
        self._show(words)
        self._undo = None
        self.undo_button.hide()
        self.progress.setRange(0, of)
        self.progress.setValue(done)
        self.progress.show()

    def _show(self, words: str) -> None:
        self.words.setText(words)
        self.words.setToolTip(plain_tip(words))
        self.words.setAccessibleName(words)
        self.show()

    def dismiss(self) -> None:
        """Hide the bar: what it offered to undo can be undone no more."""
        self._undo = None
        self.hide()

    def _go_back(self) -> None:
        undo = self._undo
        self.dismiss()
        if undo is not None:
            undo()
