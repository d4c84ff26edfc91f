"""The windows of the demo, and the clicks and keys that play the script in them."""

import asyncio
import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest

from desktop.application.app import Application
from desktop.client.tab import ClientTab
from desktop.demo.report import Played
from desktop.demo.script import SCRIPT, ScriptStep
from desktop.text.formats import product
from desktop.window.tiling import tile
from desktop.window.user_window import UserWindow
from messaging.domain.orders import OnShortage
from messaging.errors import OrderDeskError
from messaging.history.records import StoredNotice
from messaging.phrases import phrase
from messaging.ports import Phase

WAREHOUSE = "warehouse"
_READY_SECONDS = 120.0  # a private node boots in 7 s here; a slow machine may take ten times that
_ORDER_SECONDS = 30.0


class DemoFailed(OrderDeskError):
    """The demo did not go as its script says."""


async def until(condition: Callable[[], bool], seconds: float, words: Callable[[], str]) -> None:
    """Wait for the condition; raises DemoFailed with the words where it does not come true in `seconds`."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise DemoFailed(phrase("stage.the_demo_waited_s_in_vain", seconds=seconds, words=words()))
        await asyncio.sleep(0.01)


class DemoStage:
    """A window for each user and one for the warehouse, side by side."""

    def __init__(self, application: Application, users: Sequence[str]) -> None:
        self._application = application
        self.clients = [application.open_window(user, "client") for user in users]
        self.warehouse = application.open_window(WAREHOUSE, "warehouse", start=True)
        self._arrived: dict[str, tuple[float, StoredNotice]] = {}
        for user_window in self.clients:
            user_window.notifications.start()
            user_window.notifications.view.rows.rowsInserted.connect(partial(self._notices_came, user_window))
        tile([user_window.window for user_window in self.user_windows])

    @property
    def user_windows(self) -> list[UserWindow]:
        return [*self.clients, self.warehouse]

    async def play(self) -> list[Played]:
        """Raises DemoFailed where an outcome does not come."""
        await self._until(self._all_ready, _READY_SECONDS, "the windows did not reach RabbitMQ.")
        return [await self._play(step) for step in SCRIPT]

    async def check(self, played: Sequence[Played]) -> None:
        """Raises DemoFailed unless every order got its outcome and every user the own notices, and only those."""
        wrong = [one for one in played if not one.as_expected]
        if wrong:
            raise DemoFailed(phrase("stage.of_orders_had_another_outcome_than", wrong=len(wrong), played=len(played)))
        for user_window in self.clients:
            own = {one.identity for one in played if one.user == user_window.session.profile.name}
            await self._until(
                partial(_shows, user_window.client, own),
                _ORDER_SECONDS,
                f"My orders of {user_window.session.profile.name} do not show every outcome.",
            )
            seen = {row.notice.user_id for row in user_window.notifications.notices.rows()}
            if seen - {user_window.session.profile.user_id}:
                raise DemoFailed(phrase("stage.saw_notices_of_somebody_else", profile=user_window.session.profile.name))

    async def _play(self, step: ScriptStep) -> Played:
        user_window = self.clients[step.client % len(self.clients)]
        known = {row.identity for row in user_window.client.orders.rows()}
        clicked = await by_hand(lambda: order(user_window, step))

        def placed() -> set[str]:
            return {row.identity for row in user_window.client.orders.rows()} - known

        await self._until(lambda: bool(placed()), _ORDER_SECONDS, "a placed order does not show in My orders.")
        identity = placed().pop()
        words = f"no notice for {user_window.session.profile.name}'s order of {step.lines[0][0]}."
        await self._until(lambda: identity in self._arrived, _ORDER_SECONDS, words)
        at, kept = self._arrived[identity]
        return Played(user_window.session.profile.name, step, identity, kept.notice.status, at - clicked)

    def _notices_came(self, user_window: UserWindow, _parent: QModelIndex, first: int, last: int) -> None:
        now = time.monotonic()
        for kept in map(user_window.notifications.view.row, range(first, last + 1)):
            if kept is not None:
                self._arrived.setdefault(kept.notice.identity, (now, kept))

    def _all_ready(self) -> bool:
        wanted = {id(user_window): 2 for user_window in self.clients} | {id(self.warehouse): 3}
        filled = all(user_window.client.catalogue.rowCount() for user_window in self.clients)
        return filled and all(_ready(user_window) >= wanted[id(user_window)] for user_window in self.user_windows)

    async def _until(self, condition: Callable[[], bool], seconds: float, words: str) -> None:
        """As `until`, with the states of the windows; raises DemoFailed when the user closes one."""

        def met() -> bool:
            if any(user_window.closed.done() for user_window in self.user_windows):
                raise DemoFailed(phrase("stage.a_window_was_closed_before_the"))
            return condition()

        await until(met, seconds, lambda: f"{words} {self._standing()}")

    def _standing(self) -> str:
        return "; ".join(
            f"{user_window.session.profile.name}: {', '.join(user_window.window.status.states().values())}"
            f" {user_window.window.status.reason()}".rstrip()
            for user_window in self.user_windows
        )


def _ready(user_window: UserWindow) -> int:
    return sum(phase is Phase.READY for phase in user_window.window.status.phases().values())


def _shows(client: ClientTab, identities: set[str]) -> bool:
    """Whether My orders has an outcome for each."""
    return identities <= {row.identity for row in client.orders.rows() if row.changed_at}


async def by_hand(action: Callable[[], float]) -> float:
    """Run the action outside of any task, as events of a user come: QTest may turn the event loop."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[float] = loop.create_future()

    def act() -> None:
        try:
            done.set_result(action())
        except Exception as error:  # noqa: BLE001  # it belongs to whoever awaits
            done.set_exception(error)

    loop.call_soon(act)
    return await done


def order(user_window: UserWindow, step: ScriptStep) -> float:
    """Put an order together by keyboard and mouse and click Place; gives the moment of the click."""
    tab = user_window.client
    user_window.window.show_tab(0)
    for name, quantity in step.lines:
        fill(tab, name, quantity, step.typed)
    _choose(tab, step.on_shortage)
    if tab.basket.lines() != step.lines:
        raise DemoFailed(phrase("stage.the_basket_holds_not_is_it", lines=tab.basket.lines(), lines_=step.lines))
    at = time.monotonic()
    QTest.mouseClick(tab.basket_pane.place_button, Qt.MouseButton.LeftButton)
    return at


def fill(tab: ClientTab, name: str, quantity: int, typed: bool = True) -> None:
    if not typed:
        tab.repeat([(name, quantity)])
        return
    tab.catalogue_pane.search.clear()
    QTest.keyClicks(tab.catalogue_pane.search, f"{quantity} {product(name)}")
    QTest.keyClick(tab.catalogue_pane.search, Qt.Key.Key_Return)
    tab.catalogue_pane.search.clear()


def _choose(tab: ClientTab, on_shortage: OnShortage) -> None:
    box = tab.basket_pane.shortage
    QTest.keyClick(box, Qt.Key.Key_Home)
    for _ in range(box.findData(on_shortage)):
        QTest.keyClick(box, Qt.Key.Key_Down)
