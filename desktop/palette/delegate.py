"""Draws an entry of the palette: icon and words at the left, kind and keys at the right."""

from typing import Any, cast

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.style.theme import colours
from desktop.tables.row_model import Index
from desktop.widgets.keycap import draw_keys, keys_width

KIND_ROLE = Qt.ItemDataRole.UserRole + 1
KEYS_ROLE = Qt.ItemDataRole.UserRole + 2

_ICON, _PAD, _GAP, _HEIGHT = 16, 10, 10, 32  # logical pixels


class EntryDelegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(0, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        options = cast(Any, option)  # the stubs leave out the fields of QStyleOptionViewItem
        words, picture = options.text, QIcon(options.icon)
        options.text, options.icon = "", QIcon()
        options.state &= ~QStyle.StateFlag.State_HasFocus
        style = options.widget.style() if options.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, options.widget)
        room = options.rect.adjusted(_PAD, 0, -_PAD, 0)
        where = QRect(QPoint(room.left(), room.center().y() - _ICON // 2 + 1), QSize(_ICON, _ICON))
        painter.save()
        picture.paint(painter, where)
        room.setLeft(where.right() + _GAP)
        self._draw_words(painter, room, words, str(index.data(KIND_ROLE)), str(index.data(KEYS_ROLE)))
        painter.restore()

    def _draw_words(self, painter: QPainter, room: QRect, words: str, kind: str, keys: str) -> None:
        metrics, ink = painter.fontMetrics(), colours()
        if keys:
            width = keys_width(metrics, keys)
            draw_keys(painter, QRect(room.right() - width, room.top(), width, room.height()), keys)
            room.setRight(room.right() - width - _GAP)
        wide = metrics.horizontalAdvance(kind)
        painter.setPen(QColor(ink.muted))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, kind)
        room.setRight(room.right() - wide - _GAP)
        painter.setPen(QColor(ink.text))
        cut = metrics.elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, cut)
