"""The window of the message flow, over a real RabbitMQ: what it says of the queues, and the orders that pass."""

from collections.abc import Iterable
from functools import partial

from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shiboken6 import isValid

from desktop.application.app import Application
from desktop.flow.explanations import meaning
from desktop.flow.nodes import CLIENT, ORDERS_QUEUE, OUTBOX, WAREHOUSE
from desktop.flow.window import FlowWindow
from desktop.style.colours import Tone
from desktop.window.user_window import UserWindow
from messaging.history.history import HistoryWatcher
from messaging.history.store.history_store import HistoryStore
from messaging.runtime.settings import Settings
from tests.end2end.test_window import LAPTOP, Play, eventually, play, ready, shown_order
from tests.helpers.stores import newest_orders
from tests.helpers.user_input import click, do, opened, place_order, press, take_up

__all__ = ["play"]  # the fixture


async def flow_of(user_window: UserWindow) -> FlowWindow:
    await take_up(user_window.window)
    await press("F9", user_window.window)
    found = await opened(user_window.window, FlowWindow)
    assert isinstance(found, FlowWindow)
    return found


def tell(watchers: Iterable[HistoryWatcher], store: HistoryStore) -> None:
    for one in watchers:
        one.orders_changed(newest_orders(store, limit=1))


def words(flow: FlowWindow, key: str) -> str:
    return flow.picture.states[key].words


def test_orders_pass_and_what_waits_is_told(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "warehouse", start=True)
        await ready(alice, "Client", "Warehouse", "Notifications")
        flow = await flow_of(alice)
        await eventually(lambda: words(flow, ORDERS_QUEUE) == "0 ready, consumers: 1", "the queue is told")
        assert (words(flow, OUTBOX), words(flow, WAREHOUSE)) == ("empty", "runs here")
        came: set[str] = set()
        flow.picture.arrived.connect(came.add)
        await place_order(alice, LAPTOP)
        await eventually(lambda: "listener" in came, "the order has come to its listener")
        assert {OUTBOX, ORDERS_QUEUE, WAREHOUSE} <= came
        await eventually(lambda: not len(flow.picture.dots), "nothing moves any more")
        await alice.warehouse.stop()
        await place_order(alice, LAPTOP)
        await eventually(lambda: words(flow, ORDERS_QUEUE) == "1 ready, consumers: 0", "the order waits")
        assert flow.picture.states[ORDERS_QUEUE].tone is Tone.WARN
        assert words(flow, WAREHOUSE) == "runs nowhere"

    play(broker_settings, scene)


def test_it_goes_with_its_window_and_has_the_name_of_now(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice, bob = application.open_window("alice", "warehouse", start=True), application.open_window("bob")
        await ready(alice, "Client", "Warehouse", "Notifications")
        await ready(bob, "Client")
        flow = await flow_of(alice)
        alice.window.show_profile(structs.replace(alice.window.profile, name="Alice B."))
        await eventually(lambda: words(flow, CLIENT) == "Alice B.", "the new name")
        await place_order(alice, LAPTOP)
        await eventually(lambda: len(flow.picture.dots) > 0, "the order is under way")
        flow.poll()
        alice.window.close()
        assert not flow.isVisible()
        await alice.closed

    play(broker_settings, scene)


def test_keys_walk_through_the_parts_and_a_dot_leads_to_its_order(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "notifications")
        await ready(alice, "Client")
        flow = await flow_of(alice)
        picture = flow.picture
        await take_up(flow)
        picture.setFocus()
        await press("Right")
        await press("Right")
        assert flow.words.text() == meaning(OUTBOX)
        await place_order(alice, LAPTOP)
        await eventually(lambda: any(dot.gone > 0 for dot in picture.dots), "the order is under way")
        picture.hold()  # to be clicked
        (dot,) = picture.dots
        at = picture.where(dot).toPoint()
        await do(lambda: QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=at))
        await eventually(lambda: shown_order(alice) == 1, "its details are shown")
        assert alice.shown_tab() == "client"
        assert await flow_of(alice) is flow
        history = alice.session.history
        told = history._watchers  # whom its thread is telling just when the window is closed
        await click(flow.closing)
        assert await flow_of(alice) is not flow
        await eventually(lambda: not isValid(flow), "it is gone")
        history.ask(partial(tell, told)).result(10)

    play(broker_settings, scene)
