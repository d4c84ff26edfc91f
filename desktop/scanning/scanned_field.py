"""The field a code is read into: the keys reach it, and are undone when they prove to be a code."""

from dataclasses import dataclass

from PySide6.QtCore import QPersistentModelIndex
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QLineEdit, QWidget

from desktop.tables.search_keys import SearchKeys

KEEPS_CODES = "keepsCodes"  # a property of fields for any text: a code that is no product stays there


def field_of(widget: QWidget | None) -> QLineEdit | None:
    """The field that this widget's keys write into; None where they do something else."""
    if isinstance(widget, QAbstractSpinBox):
        field: QLineEdit | None = widget.lineEdit()
    elif isinstance(widget, QComboBox):
        field = widget.lineEdit()
    else:
        field = widget if isinstance(widget, QLineEdit) else _completed_field(widget)
    return None if field is None or field.isReadOnly() else field


def _completed_field(widget: QWidget | None) -> QLineEdit | None:
    """The field of a completion list, which hands its keys on."""
    parent = widget.parentWidget() if widget is not None and widget.isWindow() else None
    return parent if isinstance(parent, QLineEdit) else None


def keep_codes(*fields: QLineEdit) -> None:
    for field in fields:
        field.setProperty(KEEPS_CODES, True)


@dataclass(frozen=True, slots=True)
class Before:
    """The state of a field before the first key, and the selection in the table that it searches."""

    field: QLineEdit
    text: str
    cursor: int
    start: int
    length: int
    chosen: tuple[QPersistentModelIndex, ...]

    @classmethod
    def of(cls, field: QLineEdit) -> "Before":
        keys = field.findChild(SearchKeys)
        chosen = keys.chosen() if keys is not None else ()
        return cls(field, field.text(), field.cursorPosition(), field.selectionStart(), field.selectionLength(), chosen)

    @property
    def typed(self) -> str:
        """The text without its selection, which the first key replaced."""
        return self.text if self.start < 0 else self.text[: self.start] + self.text[self.start + self.length :]

    def restore(self) -> None:
        self.field.setText(self.text)
        self.field.setCursorPosition(self.cursor)
        if self.start >= 0:
            self.field.setSelection(self.start, self.length)
        keys = self.field.findChild(SearchKeys)
        if keys is not None:
            keys.choose_again(self.chosen)
