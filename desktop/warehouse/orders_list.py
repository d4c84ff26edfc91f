"""Orders in one state, oldest first: those to ship, and those that wait for stock."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.shared.colours import Tone
from desktop.shared.empty import EmptyState
from desktop.shared.identities import short_id
from desktop.shared.lines_table import summary
from desktop.shared.panes import button, column, muted, row
from desktop.shared.row_model import RIGHT, Column, RowModel
from desktop.shared.tables import Table, TableWithEmptyState
from desktop.shared.texts import exact, number, plain, relative
from desktop.shared.theme import colours
from messaging.warehouse.records import WarehouseOrder


class OrdersModel(RowModel[WarehouseOrder]):
    """`names`: the users known on this machine, by id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.identity, parent)
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
            Column(
                self.tr("Missing"),
                _missing,
                tip=lambda r: r.reason,
                colour=lambda r: colours().tone(Tone.WARN),
            ),
        )

    def _user(self, row: WarehouseOrder) -> str:
        return self.names.get(str(row.user_id), plain(str(row.user_id)))


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
    """Signal `acted(identities)`: the button was pressed with these orders selected."""

    acted = Signal(list)

    def __init__(self, title: str, empty: EmptyState, action: str, picture: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = OrdersModel(self)
        self.view = Table(self.model, title)
        self.view.set_widths(5, 9, 10, 12, 20, 10, 18, stretch=4)
        self.act_button = button(action, picture)
        self.all_button = button(self.tr("Select all"), kind="quiet")
        self._chosen = muted()
        column(
            self,
            TableWithEmptyState(self.view, empty),
            row(self.act_button, self.all_button, self._chosen, 1),
        )
        self.act_button.clicked.connect(self._act)
        self.all_button.clicked.connect(self.view.selectAll)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        for changed in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            changed.connect(lambda *_: self._tell())
        self._tell()

    def _act(self) -> None:
        self.acted.emit([order.identity for order in self.view.selected_rows()])

    def _tell(self) -> None:
        chosen = len(self.view.selectionModel().selectedRows())
        self.act_button.setEnabled(chosen > 0)
        self.all_button.setEnabled(self.model.rowCount() > 0)
        self._chosen.setText(self.tr("{0} selected").format(number(chosen)) if chosen else "")


def to_ship(tr: Callable[[str], str]) -> OrdersList:
    empty = EmptyState("truck", tr("Nothing to ship"), tr("Orders whose stock is reserved wait here to be sent out."))
    made = OrdersList(tr("Orders to ship"), empty, tr("Ship"), "truck")
    made.view.setObjectName("toShipView")
    made.view.setColumnHidden(5, True)
    made.view.setColumnHidden(6, True)
    return made


def waiting(tr: Callable[[str], str]) -> OrdersList:
    empty = EmptyState(
        "hourglass",
        tr("No order waits for stock"),
        tr("Orders that may wait are served when stock comes in."),
    )
    made = OrdersList(tr("Orders waiting for stock"), empty, tr("Cancel order"), "ban")
    made.view.setObjectName("waitingView")
    return made
