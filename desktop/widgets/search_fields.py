"""Search fields, and what typing in fields leaves to be undone."""

from typing import TypeVar

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.style.icons import icon

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
    """Leaves Ctrl+Z to the page while a field has nothing to undo: Qt's fields always take it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_undo = event.matches(QKeySequence.StandardKey.Undo)
            if is_undo and isinstance(watched, QLineEdit) and not watched.isUndoAvailable():
                event.ignore()
                return True
        return super().eventFilter(watched, event)


def forget_typing(window: QWidget) -> None:
    """Make every field of the window forget what could be undone in it, so that Ctrl+Z undoes what is done next."""
    for field in window.findChildren(QLineEdit):
        if field.isUndoAvailable():
            start, length, at = field.selectionStart(), field.selectionLength(), field.cursorPosition()
            field.setText(field.text())
            field.setCursorPosition(at)
            if length:
                field.setSelection(start, length)
