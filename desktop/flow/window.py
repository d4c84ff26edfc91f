"""The window beside a desk's window: what RabbitMQ holds now, and each order that this window hears of on its way."""

from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.flow.dots import MOST, Dot
from desktop.flow.explanations import meaning
from desktop.flow.picture import FlowPicture
from desktop.flow.routes import SETTING_ASIDE, TAKING, TELLING_STOCK, Routes
from desktop.flow.standings import SystemState, standings
from desktop.role.worker import answer
from desktop.style.theme import colours
from desktop.widgets.frame_dialog import MARGINS, FrameDialog
from desktop.widgets.parts import muted
from desktop.window.user_window import UserWindow
from messaging.domain.stock import StockLevel
from messaging.errors import BrokerUnavailable
from messaging.history.records import OrderState, PlacedOrder
from messaging.history.store.history_store import HistoryStore
from messaging.runtime.profiles import COLOURS, Profiles
from messaging.warehouse.records import Decided, Verdict

if TYPE_CHECKING:  # it loads pika
    from messaging.broker.queue_depths import Stands

LOOK = 1000  # milliseconds between two questions for the queues


class FlowWindow(FrameDialog):
    """It only looks: no queue is changed, and nothing is consumed for it."""

    def __init__(self, station: UserWindow, parent: QWidget) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Message flow"))
        self._station, self._session = station, station.session
        profiles = Profiles(self._session.settings.folder).all()
        self._colours = {profile.user_id: profile.colour for profile in profiles}
        self._aside = count()
        self.picture, self.routes = FlowPicture(), Routes()
        self._is_asking = self.is_over = False
        self.words = muted()
        self._lay_out()
        station.client.feed.orders.arrived.connect(self._show_mine)  # an own feed could go while its history tells it
        for role, follow in ((station.client, self._follow_client), (station.warehouse, self._follow_warehouse)):
            role.running_changed.connect(follow)
            follow()
        self.picture.chosen.connect(self._explain)
        self.picture.dot_chosen.connect(station.lead_to_order)
        station.window.closed.connect(self.close)
        self._timer = QTimer(self, interval=LOOK)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._show(0, None)
        self.look()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(*MARGINS)
        column.addWidget(self.picture, 1)
        self.words.setWordWrap(True)
        self.words.setText(self.tr("A dot is an order, in its user's colour. Point at a part to read what it is for."))
        self.words.setMinimumHeight(3 * self.words.fontMetrics().lineSpacing())
        column.addWidget(self.words)
        buttons = self.closing_buttons()
        (self.closing,) = buttons.buttons()
        column.addWidget(buttons)

    def done(self, result: int) -> None:
        self.is_over = True
        self._timer.stop()
        super().done(result)

    def _explain(self, key: str) -> None:
        self.words.setText(meaning(key))

    # --- how it stands

    def look(self) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._session.spawn(self._look())

    async def _look(self) -> None:
        queues: Stands | None = None
        worker = self._station.client.worker
        try:
            waiting = await answer(self._session.history.ask(HistoryStore.waiting))
            if worker is not None:
                queues = await answer(worker.queues())
        except BrokerUnavailable:
            pass  # the client was stopped meanwhile
        finally:
            self._is_asking = False
        if not self.is_over:
            self._show(waiting, queues)

    def _show(self, waiting: int, queues: "Stands | None") -> None:
        warehouse = self._station.warehouse
        known = SystemState(
            self._station.window.profile.name,
            waiting,
            queues,
            warehouse.running,
            warehouse.is_paused,
            self._station.notifications.running,
        )
        self.picture.show_standings(standings(known), is_lit=queues is not None)

    # --- what moves

    def _follow_client(self, _is_running: bool = True) -> None:
        """Each start makes a new worker."""
        if (worker := self._station.client.worker) is not None:
            worker.stock.arrived.connect(self._show_stock)

    def _follow_warehouse(self, _is_running: bool = True) -> None:
        if (worker := self._station.warehouse.worker) is not None:
            worker.decided.arrived.connect(self._show_decided)

    def _show_mine(self, orders: Iterable[PlacedOrder]) -> None:
        for order in list(orders)[-MOST:]:
            dot = self._dot(order.identity, str(order.order.user_id), order.state is OrderState.REJECTED)
            self.picture.send(dot, self.routes.of_mine(order))

    def _show_decided(self, batch: list[tuple[Decided, float]]) -> None:
        mine = self._session.profile.user_id
        for decided, _ in batch[-MOST:]:
            ways = self.routes.of_decided(decided, mine)
            is_refused = decided.verdict is Verdict.REFUSE
            if decided.order is not None:
                self.picture.send(self._dot(decided.order.identity, str(decided.order.user_id), is_refused), ways)
            if is_refused:
                self._show_aside(ways.index(TAKING[0]) if TAKING[0] in ways else 0)

    def _show_aside(self, behind: int) -> None:
        """Once the order, which has so many ways to go before, has come to the queue."""
        dot = Dot(f"aside {next(self._aside)}", colours().bad, is_bad=True, gone=-float(behind))
        self.picture.send(dot, SETTING_ASIDE)

    def _show_stock(self, _news: list[tuple[list[StockLevel], bool]]) -> None:
        """One dot for all that is told at a time."""
        self.picture.send(Dot("stock", colours().neutral), TELLING_STOCK if not self._is_telling_stock() else ())

    def _is_telling_stock(self) -> bool:
        return any(dot.key == "stock" for dot in self.picture.dots)

    def _dot(self, identity: str, user_id: str, is_bad: bool) -> Dot:
        """Users of other machines have a colour, too."""
        me, other = self._station.window.profile, COLOURS[sum(map(ord, user_id)) % len(COLOURS)]
        colour = me.colour if user_id == me.user_id else self._colours.get(user_id, other)
        return Dot(identity, colour, is_bad, leads=user_id == me.user_id)
