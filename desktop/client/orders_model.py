"""My orders, newest first; each changes in place as news of it comes."""

from collections.abc import Iterable

from PySide6.QtCore import QCoreApplication, QObject

from desktop.shared.icons import icon
from desktop.shared.lines_table import summary
from desktop.shared.row_model import RIGHT, Column, RowModel
from desktop.shared.states import of_state
from desktop.shared.texts import exact, money, number, plain, relative
from desktop.shared.theme import colours
from messaging.history.records import PlacedOrder

NUMBER, PLACED, WHAT, TOTAL, STATE, REASON = range(6)


def what(order: PlacedOrder) -> str:
    return summary([(line.name, line.quantity) for line in order.order.lines])


def missing(order: PlacedOrder) -> str:
    return summary([(line.name, line.missing) for line in order.lines if line.missing])


def why(order: PlacedOrder) -> str:
    """The reason in one line: why it has not left, what the warehouse said, or what is missing."""
    if order.problem or order.reason:
        return plain(order.problem or order.reason)
    if order.cancel_asked:
        return QCoreApplication.translate("OrdersModel", "cancelling")
    lacking = missing(order)
    return QCoreApplication.translate("OrdersModel", "missing: {0}").format(lacking) if lacking else ""


class OrdersModel(RowModel[PlacedOrder]):
    def __init__(self, parent: QObject | None = None, limit: int = 100_000) -> None:
        super().__init__([], lambda row: row.identity, parent, limit=limit, search=self._words)
        self.columns = (
            Column(self.tr("No."), lambda r: number(r.number), sort=lambda r: r.number, align=RIGHT),
            Column(
                self.tr("Placed"),
                lambda r: relative(r.placed_at),
                sort=lambda r: r.placed_at,
                tip=lambda r: exact(r.placed_at),
            ),
            Column(self.tr("What"), what, tip=lambda r: "\n".join(what(r).split(", "))),
            Column(self.tr("Total"), lambda r: money(r.total), sort=lambda r: r.total or 0, align=RIGHT),
            Column(
                self.tr("State"),
                lambda r: of_state(r.state).word,
                icon=lambda r: icon(of_state(r.state).icon, of_state(r.state).tone),
                colour=lambda r: colours().tone(of_state(r.state).tone),
                tip=lambda r: of_state(r.state).hint,
            ),
            Column(self.tr("Reason"), why, tip=why),
        )

    def apply(self, orders: Iterable[PlacedOrder]) -> None:
        """News of orders; the history has them in the order in which they happened."""
        self.put_on_top(sorted(orders, key=lambda order: order.number))

    def _words(self, row: PlacedOrder) -> str:
        return f"{row.number} {what(row)} {of_state(row.state).word} {why(row)} {row.label} {row.identity}"
