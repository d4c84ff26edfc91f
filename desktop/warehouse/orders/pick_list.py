"""The pick list: what to take from the shelves for which orders, on paper or as PDF."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QFile, QIODevice, QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter, QTextDocument
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from desktop.text.formats import exact, number, plain, product
from desktop.text.order_ids import short_id
from messaging.domain.orders import now
from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.warehouse.records import WarehouseOrder

translate = QCoreApplication.translate

BOX = "\N{WHITE SQUARE}"


def page(orders: Sequence[WarehouseOrder], names: Mapping[str, str]) -> str:
    """The pick list as HTML, with texts from other users escaped; `names` of users by their ids."""
    units: Counter[str] = Counter()
    for order in orders:
        units.update({line.name: 0 for line in order.lines})
        for line in order.lines:
            units[line.name] += line.reserved
    title = translate("PickList", "Pick list")
    head = translate("PickList", "{0} orders, {1}").format(number(len(orders)), exact(now()))
    shelves = "".join(_row(BOX, number(units[name]), product(name)) for name in sorted(units))
    parts = "".join(_order(order, names) for order in orders)
    return (
        f"<h2>{title}</h2><p>{escape(head)}</p>"
        f"<h3>{translate('PickList', 'From the shelves')}</h3>{_table(shelves)}"
        f"<h3>{translate('PickList', 'By order')}</h3>{parts}"
    )


def _order(order: WarehouseOrder, names: Mapping[str, str]) -> str:
    user = names.get(str(order.user_id), plain(str(order.user_id)))
    head = f"{number(order.number)} · {user} · {short_id(order.order_id)}"
    lines = "".join(_row(BOX, number(line.reserved), product(line.name)) for line in order.lines)
    return f"<p style='margin-bottom:2px'><b>{escape(head)}</b></p>{_table(lines)}"


def _row(*cells: str) -> str:
    """A table row; the units stand beside the name, because across a page the eye would lose the row."""
    box, units, name = (escape(cell) for cell in cells)
    return f"<tr><td>{box}</td><td align='right' width='36'><b>{units}</b></td><td width='100%'>&nbsp;{name}</td></tr>"


def _table(rows: str) -> str:
    return f"<table width='100%' cellspacing='0' cellpadding='2'>{rows}</table>"


def write_pdf(path: Path, orders: Sequence[WarehouseOrder], names: Mapping[str, str]) -> None:
    """Write the pick list. Raises UsageError where the file cannot be written."""
    file = QFile(str(path))
    if not file.open(QIODevice.OpenModeFlag.WriteOnly):
        raise UsageError(phrase("pick_list.cannot_be_written", path=path, errorstring=file.errorString()))
    paper = QPdfWriter(file)
    paper.setTitle(translate("PickList", "Pick list"))
    paper.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    paper.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)  # the document leaves 20 itself
    _document(orders, names).print_(paper)
    del paper  # it ends the file
    file.close()


def print_on_paper(parent: QWidget, orders: Sequence[WarehouseOrder], names: Mapping[str, str]) -> None:
    """Ask for the printer, then print; returns at once."""
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # noqa: PLC0415  # loads what nobody else needs

    document, printer = _document(orders, names), QPrinter()
    dialog = QPrintDialog(printer, parent)
    dialog.accepted.connect(partial(document.print_, printer))
    dialog.finished.connect(dialog.deleteLater)
    QDialog.open(dialog)  # not its own, which wants a slot


def choose_pdf(parent: QWidget) -> QFileDialog:
    """The dialog, opened; it emits `fileSelected(name)`."""
    dialog = QFileDialog(parent, translate("PickList", "Save the pick list"), "pick-list.pdf", "PDF (*.pdf)")
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix("pdf")
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
    return dialog


def _document(orders: Sequence[WarehouseOrder], names: Mapping[str, str]) -> QTextDocument:
    document = QTextDocument()
    document.setDefaultStyleSheet("* { color: black; } h2, h3 { margin-bottom: 4px; }")
    document.setHtml(page(orders, names))
    return document
