"""Orders as they come: one row for each message that was decided, newest on top."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.shared.colours import Tone
from desktop.shared.empty import EmptyState
from desktop.shared.icons import icon
from desktop.shared.identities import short_id
from desktop.shared.lines_table import summary
from desktop.shared.live import LiveTable
from desktop.shared.moments import clock
from desktop.shared.row_model import RIGHT, Column, RowModel
from desktop.shared.states import StateStyle, of_state
from desktop.shared.tables import Table
from desktop.shared.texts import exact, plain, took
from desktop.shared.theme import colours
from messaging.orders import now
from messaging.warehouse.records import Settled

KEPT = 2000  # rows; what is older stands in the books


@dataclass(frozen=True, slots=True)
class FeedRow:
    number: int
    at: str
    user: str
    order_id: str
    what: str
    style: StateStyle
    reason: str
    seconds: float


def style_of(settled: Settled) -> StateStyle:
    if settled.status is None:
        return StateStyle("Set aside", "archive-x", Tone.BAD, "It could not be taken; it is kept with the reason")
    return of_state(settled.status)


class FeedModel(RowModel[FeedRow]):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.number, parent, limit=KEPT)
        self._numbers = count(1)
        self.columns = (
            Column(self.tr("Time"), lambda r: clock(r.at), sort=lambda r: r.number, tip=lambda r: exact(r.at)),
            Column(self.tr("User"), lambda r: r.user, tip=lambda r: r.user),
            Column(self.tr("Order"), lambda r: short_id(r.order_id), tip=lambda r: r.order_id),
            Column(self.tr("What"), lambda r: r.what, tip=lambda r: r.what),
            Column(
                self.tr("Outcome"),
                lambda r: r.style.word,
                icon=lambda r: icon(r.style.icon, r.style.tone),
                colour=lambda r: colours().tone(r.style.tone),
                tip=lambda r: r.style.hint,
            ),
            Column(self.tr("Reason"), lambda r: r.reason, tip=lambda r: r.reason),
            Column(self.tr("Took"), lambda r: took(r.seconds), sort=lambda r: r.seconds, align=RIGHT),
        )

    def rows_of(self, batch: Iterable[tuple[Settled, float]], names: Mapping[str, str]) -> list[FeedRow]:
        """`names`: the users known on this machine, by id."""
        return [self._row(settled, seconds, names) for settled, seconds in batch]

    def _row(self, settled: Settled, seconds: float, names: Mapping[str, str]) -> FeedRow:
        notice = settled.events[-1].notice if settled.events else None
        subject = settled.order or notice
        reason = settled.reason or (notice.reason if notice else None) or ""
        if settled.repeated:
            reason = self.tr("came again; {0}").format(reason) if reason else self.tr("came again")
        user = str(subject.user_id) if subject else ""
        return FeedRow(
            number=next(self._numbers),
            at=now(),
            user=names.get(user, plain(user)),
            order_id=str(subject.order_id) if subject else "",
            what=summary([(line.name, line.quantity) for line in subject.lines]) if subject else "",
            style=style_of(settled),
            reason=plain(reason),
            seconds=seconds,
        )


class FeedPane(LiveTable):
    """`empty.acted` when the user asks to start."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.model = FeedModel()
        self.empty = EmptyState("warehouse", "", "", "Start")
        view = Table(self.model, "Orders as they come")
        super().__init__(view, self.model, self.empty, parent)
        self.model.setParent(self)
        self.empty.button.setText(self.tr("Start the warehouse"))
        view.setAccessibleName(self.tr("Orders as they come"))
        view.setObjectName("feedView")
        view.set_widths(8, 8, 12, 22, 20, 18, 7, stretch=3)
        view.horizontalHeader().setSectionResizeMode(5, QHeaderView.ResizeMode.Stretch)
        self.show_running(False)

    def show_running(self, is_running: bool) -> None:
        if is_running:
            self.empty.set_title(self.tr("No orders yet"))
            self.empty.set_words(self.tr("Each order appears here with what was decided, as it comes."))
        else:
            self.empty.set_title(self.tr("The warehouse is stopped"))
            self.empty.set_words(self.tr("Orders wait in RabbitMQ until a warehouse takes them."))
        self.empty.button.setVisible(not is_running)
