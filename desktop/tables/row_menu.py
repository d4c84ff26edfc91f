"""A menu for the row under the mouse, or under the cursor by the menu key."""

from collections.abc import Callable
from typing import Generic, TypeVar

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QMenu

from desktop.style.icons import icon
from desktop.tables.paged_table import PagedTable

R = TypeVar("R")


class RowMenu(QMenu, Generic[R]):
    def __init__(self, view: PagedTable[R]) -> None:
        super().__init__(view)
        self._view = view
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open)

    def fill(self, row: R) -> None:
        """Fill the menu with what can be done with this row; called each time the menu opens."""
        raise NotImplementedError

    def _open(self, where: QPoint) -> None:
        row = self._view.current()
        if row is not None and self._view.selectionModel().hasSelection():
            self.fill(row)
            self.popup(self._view.viewport().mapToGlobal(where))

    def add(self, words: str, picture: str, work: Callable[[], object]) -> QAction:
        action = self.addAction(words)
        if picture:
            action.setIcon(icon(picture))
        action.triggered.connect(lambda _checked=False: work())
        return action

    def add_copies(self, order_id: str) -> None:
        """Add actions that copy the selected rows and the order's id."""
        self.addSeparator()
        copy = self.add(self.tr("Copy"), "copy", lambda: self._view.copy_asked.emit(self._view.selected_numbers()))
        copy.setShortcut("Ctrl+C")
        self.add(self.tr("Copy the order's id"), "", lambda: QGuiApplication.clipboard().setText(order_id))
