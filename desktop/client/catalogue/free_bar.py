"""Draws free stock as a number behind a small bar; only stock that runs out has a colour."""

from typing import Any, cast

from PySide6.QtCore import QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QApplication, QStyle, QStyleOptionViewItem

from desktop.client.catalogue.catalogue_model import Product
from desktop.style.colours import Tone
from desktop.style.theme import colours
from desktop.tables.row_model import Index
from desktop.tables.table import PlainDelegate, Table

_WIDTH, _HEIGHT, _PAD = 48, 6, 8  # logical pixels


class FreeBar(PlainDelegate):
    def __init__(self, view: Table[Product]) -> None:
        super().__init__(view)
        self._view = view

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        self.initStyleOption(option, index)
        options = cast(Any, option)  # the stubs leave out the fields of QStyleOptionViewItem
        style = options.widget.style() if options.widget else QApplication.style()
        product = self._view.row(index.row())
        ink = _ink(product) if product else None
        if ink is not None:
            options.palette.setColor(options.palette.ColorRole.Text, ink)
            options.palette.setColor(options.palette.ColorRole.HighlightedText, ink)
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, options.widget)
        if product and product.free is not None:
            _draw_bar(painter, options.rect, product)

    def sizeHint(self, option: QStyleOptionViewItem, index: QPersistentModelIndex | Any) -> QSize:
        return super().sizeHint(option, index) + QSize(_WIDTH + 2 * _PAD, 0)


def _tone(product: Product) -> Tone:
    if not product.free or product.free < 0:
        return Tone.BAD
    return Tone.WARN if product.is_low else Tone.NEUTRAL


def _ink(product: Product) -> QColor | None:
    """The colour of the number; None for that of other text."""
    if product.free is None:
        return QColor(colours().muted)
    return colours().tone(_tone(product)) if product.is_low else None


def _draw_bar(painter: QPainter, rect: Any, product: Product) -> None:
    theme = colours()
    groove = QRectF(rect.left() + _PAD, rect.center().y() - _HEIGHT / 2 + 0.5, _WIDTH, _HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.groove)
    painter.drawRoundedRect(groove, _HEIGHT / 2, _HEIGHT / 2)
    if product.share > 0:
        filled = QRectF(groove)
        filled.setWidth(max(groove.width() * product.share, _HEIGHT))
        painter.setBrush(theme.tone(_tone(product)) if product.is_low else QColor(theme.control))
        painter.drawRoundedRect(filled, _HEIGHT / 2, _HEIGHT / 2)
    painter.restore()
