"""The window of the message flow: what RabbitMQ holds now, and each order of which its user's window has news."""

from collections.abc import Iterable
from itertools import count
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.flow.dots import MOST, Dot
from desktop.flow.explanations import meaning
from desktop.flow.node_states import SystemState, node_states
from desktop.flow.picture import FlowPicture
from desktop.flow.routes import PUBLISHING_STOCK, SETTING_ASIDE, TAKING, Routes
from desktop.role.worker import answer
from desktop.style.theme import colours
from desktop.widgets.frame_dialog import MARGINS, FrameDialog
from desktop.widgets.labels import muted
from desktop.window.user_window import UserWindow
from messaging.domain.stock import StockLevel
from messaging.errors import BrokerUnavailable
from messaging.history.records import OrderState, PlacedOrder
from messaging.runtime.profiles import COLOURS, Profiles
from messaging.warehouse.records import Decided, Verdict

if TYPE_CHECKING:  # it loads pika
    from messaging.broker.queue_depths import Depths

POLL = 1000  # milliseconds between two questions for the queues


class FlowWindow(FrameDialog):
    """Shows the flow without taking part: it changes no queue and consumes nothing."""

    def __init__(self, user_window: UserWindow, parent: QWidget) -> None:
        super().__init__("", parent)
        self.setWindowTitle(self.tr("Message flow"))
        self._user_window, self._session = user_window, user_window.session
        profiles = Profiles(self._session.settings.folder).all()
        self._colours = {profile.user_id: profile.colour for profile in profiles}
        self._aside = count()
        self.picture, self.routes = FlowPicture(), Routes()
        self._is_asking = self.is_over = False
        self.words = muted()
        self._lay_out()
        user_window.client.feed.orders.arrived.connect(self._show_mine)  # its feed outlives this window
        for role, follow in (
            (user_window.client, self._follow_client),
            (user_window.warehouse, self._follow_warehouse),
        ):
            role.running_changed.connect(follow)
            follow()
        self.picture.chosen.connect(self._explain)
        self.picture.dot_chosen.connect(user_window.lead_to_order)
        user_window.window.closed.connect(self.close)
        self._timer = QTimer(self, interval=POLL)
        self._timer.timeout.connect(self.poll)
        self._timer.start()
        self._show(0, None)
        self.poll()

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

    # --- the state of the nodes

    def poll(self) -> None:
        if not self._is_asking:
            self._is_asking = True
            self._session.spawn(self._poll())

    async def _poll(self) -> None:
        queues: Depths | None = None
        worker = self._user_window.client.worker
        try:
            waiting = await answer(self._session.history.ask(lambda store: store.outbox.waiting()))
            if worker is not None:
                queues = await answer(worker.queues())
        except BrokerUnavailable:
            pass  # the client was stopped meanwhile
        finally:
            self._is_asking = False
        if not self.is_over:
            self._show(waiting, queues)

    def _show(self, waiting: int, queues: "Depths | None") -> None:
        warehouse = self._user_window.warehouse
        known = SystemState(
            self._user_window.window.profile.name,
            waiting,
            queues,
            warehouse.running,
            warehouse.is_paused,
            self._user_window.notifications.running,
        )
        self.picture.show_states(node_states(known), is_lit=queues is not None)

    # --- the dots

    def _follow_client(self, _is_running: bool = True) -> None:
        """Receive stock from the worker of this start: each start makes a new one."""
        if (worker := self._user_window.client.worker) is not None:
            worker.stock.arrived.connect(self._show_stock)

    def _follow_warehouse(self, _is_running: bool = True) -> None:
        if (worker := self._user_window.warehouse.worker) is not None:
            worker.decided.arrived.connect(self._show_decided)

    def _show_mine(self, orders: Iterable[PlacedOrder]) -> None:
        for order in list(orders)[-MOST:]:
            dot = self._dot(order.identity, str(order.order.user_id), order.state is OrderState.REJECTED)
            self.picture.send(dot, self.routes.of_mine(order))

    def _show_decided(self, batch: list[tuple[Decided, float]]) -> None:
        mine = self._session.profile.user_id
        for decided, _ in batch[-MOST:]:
            edges = self.routes.of_decided(decided, mine)
            is_refused = decided.verdict is Verdict.REFUSE
            if decided.order is not None:
                self.picture.send(self._dot(decided.order.identity, str(decided.order.user_id), is_refused), edges)
            if is_refused:
                self._show_aside(edges.index(TAKING[0]) if TAKING[0] in edges else 0)

    def _show_aside(self, behind: int) -> None:
        """Move a dot to the dead letters once the order has come to the queue, `behind` edges later."""
        dot = Dot(f"aside {next(self._aside)}", colours().bad, is_bad=True, gone=-float(behind))
        self.picture.send(dot, SETTING_ASIDE)

    def _show_stock(self, _news: list[tuple[list[StockLevel], bool]]) -> None:
        """Send one dot for all levels that are published at a time."""
        self.picture.send(Dot("stock", colours().neutral), PUBLISHING_STOCK if not self._is_stock_moving() else ())

    def _is_stock_moving(self) -> bool:
        return any(dot.key == "stock" for dot in self.picture.dots)

    def _dot(self, identity: str, user_id: str, is_bad: bool) -> Dot:
        """`user_id` gives the colour; a user who is not known here has a colour made from the id."""
        me, other = self._user_window.window.profile, COLOURS[sum(map(ord, user_id)) % len(COLOURS)]
        colour = me.colour if user_id == me.user_id else self._colours.get(user_id, other)
        return Dot(identity, colour, is_bad, leads=user_id == me.user_id)
