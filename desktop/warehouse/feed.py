"""The feed of orders: one row for each message that was decided, newest on top.

Texts are made when a row is drawn: of thousands a second only those in sight cost anything.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QHeaderView, QWidget

from desktop.style.colours import Tone
from desktop.style.icons import icon
from desktop.style.states import QT_TRANSLATE_NOOP, StateStyle, of_state, spoken
from desktop.style.theme import colours
from desktop.tables.lines_table import summary
from desktop.tables.live_table import LiveTable
from desktop.tables.row_model import RIGHT, Column, RowModel
from desktop.tables.table import Table
from desktop.text.formats import exact, number, plain, took
from desktop.text.moments import clock
from desktop.text.order_ids import short_id
from desktop.text.phrases import said
from desktop.warehouse.set_aside.reasons import in_plain_words
from desktop.widgets.empty_state import EmptyState
from desktop.widgets.labels import muted
from messaging.domain.notices import Notice
from messaging.domain.orders import Order, now
from messaging.warehouse.records import Decided

MOST_ROWS = 2000  # older ones are in the books
SET_ASIDE = StateStyle(
    QT_TRANSLATE_NOOP("States", "Set aside"),
    "archive-x",
    Tone.BAD,
    QT_TRANSLATE_NOOP("States", "It could not be taken; it is kept with the reason"),
)
MOST_HELD = 5000  # rows that wait for a reader who has scrolled down
MOST_AT_ONCE = 60  # rows of one frame, two screens full; of a larger batch only the newest are shown


@dataclass(frozen=True)
class FeedRow:
    """One decided message; `seconds` from arrival to decision. Texts are cached: sorting asks for them often."""

    number: int
    at: str
    decided: Decided
    seconds: float

    @property
    def notice(self) -> Notice | None:
        return self.decided.events[-1].notice if self.decided.events else None

    @property
    def subject(self) -> Order | Notice | None:
        return self.decided.order or self.notice

    @property
    def user_id(self) -> str:
        return str(self.subject.user_id) if self.subject else ""

    @property
    def order_id(self) -> str:
        return str(self.subject.order_id) if self.subject else ""

    @cached_property
    def what(self) -> str:
        return summary([(line.name, line.quantity) for line in self.subject.lines]) if self.subject else ""

    @cached_property
    def style(self) -> StateStyle:
        if self.decided.status is None:
            return spoken(SET_ASIDE)
        return of_state(self.decided.status)


class FeedModel(RowModel[FeedRow]):
    """`names` of the users known on this machine, by id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda row: row.number, parent, limit=MOST_ROWS)
        self.names: Mapping[str, str] = {}
        self._numbers = count(1)
        self.columns = (
            Column(self.tr("Time"), lambda r: clock(r.at), sort=lambda r: r.number, tip=lambda r: exact(r.at)),
            Column(self.tr("User"), self._user, tip=lambda r: r.user_id),
            Column(self.tr("Order"), lambda r: short_id(r.order_id), tip=lambda r: r.order_id),
            Column(self.tr("What"), lambda r: r.what, tip=lambda r: r.what),
            Column(
                self.tr("Outcome"),
                lambda r: r.style.word,
                icon=lambda r: icon(r.style.icon, r.style.tone),
                colour=lambda r: colours().tone(r.style.tone),
                tip=lambda r: r.style.hint,
            ),
            Column(self.tr("Reason"), lambda r: plain(self._reason(r)), tip=lambda r: self._reason(r, said)),
            Column(self.tr("Took"), lambda r: took(r.seconds), sort=lambda r: r.seconds, align=RIGHT),
        )

    def rows_of(self, batch: Iterable[tuple[Decided, float]]) -> list[FeedRow]:
        at = now()
        return [FeedRow(next(self._numbers), at, decided, seconds) for decided, seconds in batch]

    def _user(self, row: FeedRow) -> str:
        return self.names.get(row.user_id, plain(row.user_id))

    def _reason(self, row: FeedRow, say: Callable[[str], str] = in_plain_words) -> str:
        reason = say(row.decided.reason or (row.notice.words if row.notice else ""))
        if not row.decided.repeated:
            return reason
        return self.tr("came again; {0}").format(reason) if reason else self.tr("came again")


class FeedPane(LiveTable[FeedRow, FeedRow]):
    """Emits `empty.acted` when the user asks to start the warehouse."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self.model = FeedModel()
        self.empty = EmptyState("warehouse", "", "", " ")
        view = Table(self.model, self.tr("Orders as they come"))
        super().__init__(view, self.empty, MOST_HELD, parent)
        self.model.setParent(self)
        self.empty.button.setText(self.tr("Start the warehouse"))
        view.setAccessibleName(self.tr("Orders as they come"))
        view.setObjectName("feedView")
        view.set_widths(10, 9, 11, 22, 19, 18, 7, stretch=3)
        view.horizontalHeader().setSectionResizeMode(5, QHeaderView.ResizeMode.Stretch)
        view.give_up(48, 2, 0)
        self._passed = 0
        self.passed = muted()
        self.passed.hide()
        self.add_below(self.passed)
        self.show_running(False)

    def is_at_top(self) -> bool:
        """A table that the user has sorted moves anyway, so nothing waits."""
        return super().is_at_top() or self.table.horizontalHeader().sortIndicatorSection() >= 0

    def put_on_top(self, rows: Sequence[FeedRow]) -> None:
        self.model.put_on_top(rows)

    def put_held_on_top(self, held: Sequence[FeedRow]) -> None:
        self.model.put_on_top(held)

    def hold(self, rows: Sequence[FeedRow]) -> Sequence[FeedRow]:
        return rows

    def show_decided(self, batch: Sequence[tuple[Decided, float]]) -> None:
        """Show the newest of a batch, each with its seconds; the others are counted."""
        self.add(self.model.rows_of(batch[-MOST_AT_ONCE:]))
        self._passed += max(0, len(batch) - MOST_AT_ONCE)
        if self._passed:
            words = self.tr("{0} more came too fast to show; the ledger has them all.")
            self.passed.setText(words.format(number(self._passed)))
            self.passed.setVisible(True)

    def show_names(self, names: Mapping[str, str]) -> None:
        if names is not self.model.names:
            self.model.names = names
            self.model.refresh(1)

    def show_running(self, is_running: bool) -> None:
        if is_running:
            self.empty.set_title(self.tr("No orders yet"))
            self.empty.set_words(self.tr("Each order appears here with what was decided, as it comes."))
        else:
            self.empty.set_title(self.tr("The warehouse is stopped"))
            self.empty.set_words(self.tr("Orders wait in RabbitMQ until a warehouse takes them."))
        self.empty.button.setVisible(not is_running)
