"""A list of orders in one state, with buttons for what can be done about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from desktop.scanning.scanned_field import keep_codes
from desktop.style.colours import Tone
from desktop.style.theme import colours
from desktop.tables.lines_table import summary
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.tables.search_keys import SearchKeys
from desktop.tables.table import Table, TableWithEmptyState
from desktop.text.formats import exact, number, plain, relative
from desktop.text.order_ids import short_id
from desktop.widgets.buttons import button, give_keys
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.labels import muted
from desktop.widgets.layouts import column, row
from desktop.widgets.search_fields import search_field
from desktop.widgets.two_clicks import FEW, TwoClicks
from messaging.warehouse.records import WarehouseOrder

MOST_REASON = 200  # characters

NO, RECEIVED, USER, ORDER, WHAT, RESERVED, MISSING, CHANGED = range(8)


@dataclass(frozen=True, slots=True)
class Act:
    """A button. `sure` is its text while it asks for a second click, with `{0}` for the number of orders.

    `from_many`: it asks only where more than FEW orders are selected, and sends no reason to their users.
    """

    name: str
    words: str
    picture: str
    sure: str
    keys: str = ""
    from_many: bool = False


class WarehouseOrdersModel(RowModel[WarehouseOrder]):
    """`names` of the users known on this machine, by id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.identity, parent, search=self._words)
        self.names: Mapping[str, str] = {}
        self.columns = (
            Column(self.tr("No."), lambda r: number(r.number), sort=lambda r: r.number, align=RIGHT),
            Column(
                self.tr("Received"),
                lambda r: relative(r.received_at),
                sort=lambda r: r.received_at,
                tip=lambda r: exact(r.received_at),
            ),
            Column(self.tr("User"), self._user, tip=lambda r: str(r.user_id)),
            Column(self.tr("Order"), lambda r: short_id(r.order_id), tip=lambda r: str(r.order_id)),
            Column(self.tr("What"), _what, tip=_what),
            Column(self.tr("Reserved"), _reserved, sort=_units_reserved, align=RIGHT),
            Column(self.tr("Missing"), _missing, tip=_missing, colour=lambda r: colours().tone(Tone.WARN)),
            Column(
                self.tr("Since"),
                lambda r: relative(r.changed_at),
                sort=lambda r: r.changed_at,
                tip=lambda r: exact(r.changed_at),
            ),
        )

    def _user(self, row: WarehouseOrder) -> str:
        return self.names.get(str(row.user_id), plain(str(row.user_id)))

    def _words(self, row: WarehouseOrder) -> str:
        return f"{row.number} {self._user(row)} {row.order_id} {_what(row)}"


def _what(order: WarehouseOrder) -> str:
    return summary([(line.name, line.quantity) for line in order.lines])


def _missing(order: WarehouseOrder) -> str:
    return summary([(line.name, line.missing) for line in order.lines if line.missing])


def _units_reserved(order: WarehouseOrder) -> int:
    return sum(line.reserved for line in order.lines)


def _reserved(order: WarehouseOrder) -> str:
    asked = sum(line.quantity for line in order.lines)
    return f"{number(_units_reserved(order))} / {number(asked)}"


class OrdersList(QWidget):
    """Signal `acted(name, identities, reason)`: the button of that act was pressed with these orders selected."""

    acted = Signal(str, list, str)

    def __init__(
        self, title: str, empty: EmptyState, acts: Sequence[Act], hidden: Sequence[int], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.model = WarehouseOrdersModel(self)
        self.view = Table(self.model, title)
        self.view.set_widths(5, 10, 9, 12, 20, 10, 18, 8, stretch=WHAT)
        for which in hidden:
            self.view.setColumnHidden(which, True)
        self.view.give_up(24, *(n for n in (ORDER, RECEIVED, NO) if n not in hidden))
        self.search = search_field(self.tr("Find user, order, product"), f"{title} search")
        self.all_button = button(self.tr("Select all"), kind="quiet")
        self.reason = QLineEdit()
        self._chosen = muted()
        self._acts = tuple(acts)
        self.act_buttons = {act.name: button(act.words, act.picture) for act in acts}
        self._asking = {act.name: self._two_clicks(act) for act in acts}
        self.tools = row(*self.act_buttons.values(), self.reason)
        self._set_up(empty)

    def selected(self) -> list[WarehouseOrder]:
        return self.view.selected()

    def show_orders(self, orders: Sequence[WarehouseOrder], names: Mapping[str, str]) -> None:
        self.show_names(names)
        self.model.synchronise(orders)

    def show_names(self, names: Mapping[str, str]) -> None:
        if names is not self.model.names:
            self.model.names = names
            self.model.refresh(USER)

    def _set_up(self, empty: EmptyState) -> None:
        self.reason.setMaxLength(MOST_REASON)
        keep_codes(self.reason)
        self.reason.setPlaceholderText(self.tr("Reason, told to the user"))
        self.reason.setAccessibleName(self.tr("Reason, told to the user"))
        self.reason.setVisible(any(not act.from_many for act in self._acts))
        self.search.setFixedWidth(240)
        column(
            self,
            row(self.search, self._chosen, 1, self.all_button),
            TableWithEmptyState(self.view, empty, self.search.clear),
            self.tools,
        )
        SearchKeys(self.search, self.view)
        for act in self._acts:
            if act.keys:
                give_keys(self.act_buttons[act.name], act.keys)
        self.all_button.clicked.connect(self.view.selectAll)
        self.search.textChanged.connect(self.view.rows.search)
        self.view.selectionModel().selectionChanged.connect(self._show_selected)
        for changed in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            changed.connect(self._show_selected)
        self._show_selected()

    def _two_clicks(self, act: Act) -> TwoClicks:
        """Ask for a second click before an act that cannot be undone, and of which users receive a notice."""
        made = TwoClicks(self.act_buttons[act.name], partial(self._question, act))
        made.asked.connect(partial(self._ask_anew, act))
        made.meant.connect(partial(self._act, act))
        return made

    def _question(self, act: Act) -> str:
        chosen = len(self.view.selectionModel().selectedRows())
        return "" if act.from_many and chosen <= FEW else act.sure.format(number(chosen))

    def _ask_anew(self, but: Act | None = None) -> None:
        for name, asking in self._asking.items():
            if but is None or name != but.name:
                asking.ask_anew()

    def _act(self, act: Act) -> None:
        """Emit `acted`, and focus the list: once the orders are gone the button is disabled, and loses the focus."""
        if not self.reason.hasFocus():
            self.view.setFocus()
        self.acted.emit(act.name, [order.identity for order in self.selected()], self.reason.text().strip())
        self.reason.clear()

    def _show_selected(self) -> None:
        chosen = len(self.view.selectionModel().selectedRows())
        self._ask_anew()
        for made in self.act_buttons.values():
            made.setEnabled(chosen > 0)
        self.reason.setEnabled(chosen > 0)
        self.all_button.setEnabled(self.model.rowCount() > 0)
        self._chosen.setText(self.tr("{0} selected").format(number(chosen)) if chosen else "")
