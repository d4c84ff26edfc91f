"""The user's orders as rows, the newest first: all that are on disk. A row changes in place when news of it comes."""

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication, QObject

from desktop.style.icons import icon
from desktop.style.states import of_state
from desktop.style.theme import colours
from desktop.tables.lines_table import summary
from desktop.tables.paged_model import PagedModel
from desktop.tables.row_model import RIGHT, Column
from desktop.text.formats import exact, money, number, plain, relative
from desktop.text.phrases import said
from messaging.history.records import PlacedOrder
from messaging.history.store.search.order_search import OrderSort

NUMBER, PLACED, WHAT, TOTAL, STATE, REASON = range(6)

# For each column that can be sorted: the order after the first and after the second click.
SORTS: Mapping[int, tuple[OrderSort, OrderSort]] = {
    NUMBER: (OrderSort.OLDEST, OrderSort.NEWEST),
    PLACED: (OrderSort.OLDEST, OrderSort.NEWEST),
    TOTAL: (OrderSort.TOTAL, OrderSort.TOTAL_DOWN),
    STATE: (OrderSort.STATE, OrderSort.STATE_DOWN),
}


def what(order: PlacedOrder) -> str:
    return summary([(line.name, line.quantity) for line in order.order.lines])


def missing(order: PlacedOrder) -> str:
    return summary([(line.name, line.missing) for line in order.lines if line.missing])


def why(order: PlacedOrder) -> str:
    """The reason in one line: why it was not sent yet, why it was refused, or what is missing."""
    if order.problem or order.reason:
        return plain(said(order.problem or order.reason))
    if order.cancel_asked:
        return QCoreApplication.translate("OrdersModel", "cancelling")
    lacking = missing(order)
    return QCoreApplication.translate("OrdersModel", "missing: {0}").format(lacking) if lacking else ""


class OrdersModel(PagedModel[PlacedOrder]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.number, parent)
        self.columns = (
            Column(self.tr("No."), lambda r: number(r.number), align=RIGHT),
            Column(self.tr("Placed"), lambda r: relative(r.placed_at), tip=lambda r: exact(r.placed_at)),
            Column(self.tr("What"), what, tip=lambda r: "\n".join(what(r).split(", "))),
            Column(self.tr("Total"), lambda r: money(r.total), align=RIGHT),
            Column(
                self.tr("State"),
                lambda r: of_state(r.state).word,
                icon=lambda r: icon(of_state(r.state).icon, of_state(r.state).tone),
                colour=lambda r: colours().tone(of_state(r.state).tone),
                tip=lambda r: of_state(r.state).hint,
            ),
            Column(self.tr("Reason"), why, tip=why),
        )

    def _is_news(self, row: PlacedOrder, held: PlacedOrder | None) -> bool:
        return held is None or row.version > held.version

    def of_identity(self, identity: str) -> PlacedOrder | None:
        """Where it is in memory."""
        return next((row for row in self.held() if row.identity == identity), None)
