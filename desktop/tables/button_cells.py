"""A column of icons that act as buttons."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

from PySide6.QtCore import QAbstractItemModel, QEvent, QRect, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from desktop.tables.row_model import Index
from desktop.tables.table import PlainDelegate, Table
from desktop.widgets.buttons import ICON

R = TypeVar("R")


class ButtonCells(PlainDelegate, Generic[R]):
    """Makes a column of icons into buttons.

    Of a double click only the first click counts where the table itself answers to double clicks.
    """

    _pressed = Signal(object)

    def __init__(self, view: Table[R], counts_double: bool = True) -> None:
        super().__init__(view)
        self._view = view
        self._counts_double = counts_double
        self._skip = False

    def on_pressed(self, slot: Callable[[R], object]) -> None:
        """Call `slot` with the row whose button was pressed."""
        self._pressed.connect(slot)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        options = cast(Any, option)  # the stubs leave out the fields of QStyleOptionViewItem
        picture, options.icon = QIcon(options.icon), QIcon()
        style = options.widget.style() if options.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, options.widget)
        where = QRect(0, 0, ICON, ICON)
        where.moveCenter(options.rect.center())
        lit = bool(options.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_Selected))
        painter.save()
        painter.setOpacity(1.0 if lit else 0.65)
        picture.paint(painter, where)
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick:
            self._skip = not self._counts_double
            return False
        if event.type() != QEvent.Type.MouseButtonRelease or not isinstance(event, QMouseEvent):
            return False
        if event.button() == Qt.MouseButton.LeftButton and not self._skip:
            self._pressed.emit(self._view.row(index.row()))
        self._skip = False
        return False
