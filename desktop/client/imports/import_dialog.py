"""Shows the orders of a file before they are placed, and what is wrong with which row."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QPushButton, QWidget

from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.tables.lines_table import summary
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.tables.table import Table
from desktop.text.formats import money, number, plain
from desktop.text.phrases import said
from desktop.widgets.buttons import button
from desktop.widgets.labels import PlainLabel, heading
from desktop.widgets.layouts import column, row
from messaging.client.orders_csv import OrdersFile, RowError
from messaging.domain.orders import OnShortage, Order
from messaging.domain.stock import total_of
from messaging.history.records import PlacedMany

SIZE = (760, 520)  # logical pixels
ERRORS_HEIGHT = 150  # logical pixels at most where orders are shown above
QWIDGETSIZE_MAX = (1 << 24) - 1  # Qt's constant for no limit
MOST_NAMED = 5  # orders that are named; the others are counted


@dataclass(frozen=True, slots=True)
class Planned:
    """One order of the file. `is_known`: the same order was placed before, and is not placed again.

    `is_taken`: another order was placed under this name or id, so this one is left out.
    `strange`: products that are not in the catalogue; the warehouse will refuse the order.
    """

    label: str
    order: Order
    total: int | None
    is_known: bool
    strange: tuple[str, ...] = ()
    is_taken: bool = False


class PlannedModel(RowModel[Planned]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.order.identity, parent)
        shortage = {
            OnShortage.REJECT: self.tr("refuse"),
            OnShortage.PARTIAL: self.tr("send what there is"),
            OnShortage.WAIT: self.tr("wait"),
        }
        self.columns = (
            Column(self.tr("Order"), lambda r: plain(r.label)),
            Column(self.tr("What"), _what, tip=lambda r: "\n".join(_what(r).split(", "))),
            Column(self.tr("If stock is short"), lambda r: shortage[r.order.on_shortage]),
            Column(self.tr("Total"), lambda r: money(r.total), sort=lambda r: r.total or 0, align=RIGHT),
            Column(self.tr("State"), self._state, icon=self._mark, tip=self._hint),
        )

    def _state(self, row: Planned) -> str:
        if row.is_known:
            return self.tr("placed")
        if row.is_taken:
            return self.tr("name taken")
        return self.tr("unknown product") if row.strange else self.tr("new")

    def _mark(self, row: Planned) -> object:
        if row.is_known:
            return icon("history")
        return icon("triangle-alert", Tone.WARN) if row.strange or row.is_taken else icon("circle-dot", Tone.INFO)

    def _hint(self, row: Planned) -> str:
        if row.is_known:
            return self.tr("It was placed before and is not placed again")
        if row.is_taken:
            return self.tr("Another order was placed under this name or id: give it a new one")
        if row.strange:
            return self.tr("Not in the catalogue: {0}").format(", ".join(plain(name) for name in row.strange))
        return ""


def _what(row: Planned) -> str:
    return summary([(line.name, line.quantity) for line in row.order.lines])


class ErrorsModel(RowModel[RowError]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row, parent)
        self.columns = (
            Column(self.tr("Line"), lambda r: number(r.line), sort=lambda r: r.line, align=RIGHT),
            Column(self.tr("Field"), lambda r: plain(r.field)),
            Column(self.tr("Problem"), lambda r: plain(said(r.problem)), tip=lambda r: said(r.problem)),
        )


class ImportDialog(QDialog):
    """Signals: `place_asked(list[Planned])`; `stop_asked`: the user closes it while orders are placed, and it stays."""

    place_asked = Signal(list)
    stop_asked = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import orders"))
        self.resize(*SIZE)
        self._is_placing, self._done = False, 0
        self._planned: list[Planned] = []
        self.words = PlainLabel()
        self.words.setWordWrap(True)
        self.orders, self.errors = PlannedModel(self), ErrorsModel(self)
        self.orders_view = Table(self.orders, self.tr("Orders of the file"))
        self.orders_view.set_widths(16, 20, 18, 10, 21, stretch=1)
        self.errors_view = Table(self.errors, self.tr("Rows that cannot be taken"))
        self.errors_view.set_widths(6, 12, 20, stretch=2)
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Orders placed"))
        self.progress.hide()
        self.place_button = button("", kind="primary")
        self.close_button = button(self.tr("Cancel"))
        self.place_button.clicked.connect(self._place)
        self.close_button.clicked.connect(self.reject)
        column(
            self,
            heading(plain(name, 80)),
            self.words,
            self.orders_view,
            self.errors_view,
            self.progress,
            row(1, self.close_button, self.place_button),
            margins=(16, 14, 16, 14),
        ).setStretch(2, 1)

    def show_file(self, file: OrdersFile, digests: Mapping[str, str], prices: Mapping[str, int]) -> None:
        """`digests` by identity, of orders that were placed before; `prices` in minor units by name."""
        self._planned = [_planned(label, order, digests.get(order.identity), prices) for label, order in file.orders]
        self.orders.synchronise(self._planned)
        self.errors.synchronise(file.errors)
        self.errors_view.setVisible(bool(file.errors))
        new = len(self._new())
        self.words.setText(" ".join(self._words_of(file, new)))
        self.orders_view.setVisible(bool(self._planned))
        self.errors_view.setMaximumHeight(ERRORS_HEIGHT if self._planned else QWIDGETSIZE_MAX)
        several = self.tr("Place {0} orders").format(number(new))
        self.place_button.setText(self.tr("Place one order") if new == 1 else several)
        self.place_button.setEnabled(new > 0)
        self._focus(self.place_button if new else self.close_button)

    def _words_of(self, file: OrdersFile, new: int) -> list[str]:
        words = [self.tr("Orders: {0}, new ones: {1}.").format(number(len(self._planned)), number(new))]
        if file.note:
            words.append(said(file.note))
        if file.errors:
            wrong = self.tr("Rows with errors: {0}; their orders are left out.")
            words.append(wrong.format(number(len(file.errors))))
        if file.left_out:
            words.append(self.tr("Left out: {0}.").format(_named(file.left_out)))
        if taken := [planned.label for planned in self._planned if planned.is_taken]:
            words.append(self.tr("Another order has the name of: {0}. Give them new names.").format(_named(taken)))
        strange = sum(1 for planned in self._new() if planned.strange)
        if strange:
            words.append(self.tr("Orders with products that the catalogue lacks: {0}.").format(number(strange)))
        return words

    def show_progress(self, done: int, whole: int) -> None:
        """So many of the new orders are placed, counted from the first."""
        self._done = done
        self.progress.setMaximum(whole)
        self.progress.setValue(done)
        self.words.setText(self.tr("Placed: {0} of {1}").format(number(done), number(whole)))

    def show_result(self, done: PlacedMany, left: int) -> None:
        """`left` orders were not placed, because the user stopped it."""
        self._is_placing = False
        self._mark_placed()
        several = self.tr("{0} orders are placed.").format(number(done.placed))
        words = [self.tr("One order is placed.") if done.placed == 1 else several]
        if done.repeated:
            words.append(self.tr("There already: {0}.").format(number(done.repeated)))
        if left:
            words.append(self.tr("Stopped, not placed: {0}; import the file again for them.").format(number(left)))
        if done.conflicts:
            named = self.tr("Another order has the name of: {0}. Give them new names.")
            words.append(named.format(_named(done.conflicts)))
        self.words.setText(" ".join(words))
        self.progress.hide()
        self.place_button.hide()
        self.close_button.setText(self.tr("Close"))
        self.close_button.setEnabled(True)
        self._focus(self.close_button)

    def _focus(self, made: QPushButton) -> None:
        """Let Enter click this button: a table would take the key."""
        made.setDefault(True)
        made.setFocus()

    def _new(self) -> list[Planned]:
        return [planned for planned in self._planned if not (planned.is_known or planned.is_taken)]

    def _mark_placed(self) -> None:
        placed = self._new()[: self._done]
        self.orders.update_rows(replace(planned, is_known=True) for planned in placed)

    def _place(self) -> None:
        self._is_placing = True
        self.place_button.setEnabled(False)
        self.close_button.setText(self.tr("Stop"))
        self.progress.show()
        self.place_asked.emit(self._new())

    def reject(self) -> None:
        """Close the dialog; while orders are placed only stop placing."""
        if self._is_placing:
            self.close_button.setEnabled(False)
            self.stop_asked.emit()
        else:
            super().reject()


def _planned(label: str, order: Order, digest: str | None, prices: Mapping[str, int]) -> Planned:
    is_known, is_taken = digest == order.digest, digest not in (None, order.digest)
    return Planned(label, order, _total(order, prices), is_known, _strange(order, prices), is_taken)


def _named(labels: Sequence[str]) -> str:
    more = f" + {number(len(labels) - MOST_NAMED)}" if len(labels) > MOST_NAMED else ""
    return ", ".join(plain(label, 40) for label in labels[:MOST_NAMED]) + more


def _total(order: Order, prices: Mapping[str, int]) -> int | None:
    return total_of([(line.name, line.quantity) for line in order.lines], prices)


def _strange(order: Order, prices: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(line.name for line in order.lines if line.name not in prices)


def sum_up(parts: Sequence[PlacedMany]) -> PlacedMany:
    """The result of all portions together."""
    conflicts = tuple(label for part in parts for label in part.conflicts)
    return PlacedMany(sum(part.placed for part in parts), sum(part.repeated for part in parts), conflicts)
