"""The table of waiting orders that a delivery would serve, in that order."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.style.theme import colours
from desktop.tables.lines_table import summary
from desktop.tables.row_model import Column, RowModel
from desktop.tables.table import Table
from desktop.text.formats import plain
from desktop.text.order_ids import short_id
from messaging.warehouse.records import Allotment

SHOWN = 4  # rows at most; the others are scrolled to


class AllotmentModel(RowModel[Allotment]):
    """`names` of the users known on this machine, by id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.order.identity, parent)
        self.names: Mapping[str, str] = {}
        self.columns = (
            Column(self.tr("Order"), lambda r: short_id(r.order.order_id), tip=lambda r: str(r.order.order_id)),
            Column(self.tr("User"), self._user, tip=lambda r: str(r.order.user_id)),
            Column(self.tr("Gets"), _gets, tip=_gets),
            Column(
                self.tr("Then"),
                lambda r: self.tr("complete") if r.completes else self.tr("still waits"),
                icon=lambda r: icon(*(("circle-check", Tone.GOOD) if r.completes else ("hourglass", Tone.WARN))),
                colour=lambda r: colours().tone(Tone.GOOD if r.completes else Tone.WARN),
            ),
        )

    def _user(self, row: Allotment) -> str:
        return self.names.get(str(row.order.user_id), plain(str(row.order.user_id)))


def _gets(row: Allotment) -> str:
    return summary(list(row.units.items()))


class AllotmentTable(Table[Allotment]):
    def __init__(self, parent: QWidget | None = None) -> None:
        self._model = AllotmentModel()
        super().__init__(self._model, "Takers", parent)  # key of the stored widths
        self._model.setParent(self)
        self.setAccessibleName(self.tr("Waiting orders that would be served"))
        self.set_widths(11, 8, 12, 16, stretch=2)
        self.give_up(12, 0)

    def show_allotted(self, allotted: Sequence[Allotment], names: Mapping[str, str]) -> None:
        """Show the rows with the table as high as they are; hide it where there are none."""
        self._model.names = names
        self._model.synchronise(allotted)
        shown = min(len(allotted), SHOWN)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + shown * self.rowHeight(0) + 4)
        self.setVisible(bool(allotted))
