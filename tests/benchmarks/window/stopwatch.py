"""Runs the program with one window and says, as lines of JSON, what a user would have waited for.

What is measured beside the start: `start` nothing, `gaps` the turns of its loop that came late, `orders` how soon a
placed order is in My orders, `million` a long history.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from desktop.application import app
from desktop.application.app import Application
from desktop.application.arguments import Arguments, parse
from desktop.client.tab import ClientTab
from desktop.window.user_window import UserWindow
from messaging.ports import Phase
from messaging.telemetry.logs import start_logging
from tests.benchmarks.window.cores import Waits, waited_from_the_start
from tests.benchmarks.window.gaps import Gaps
from tests.helpers.stores import newest_orders

TYPED = (
    "l",
    "la",
    "laptop",
    "refused",
    "processed laptop",
    "a1b",
    "webcamx",
    "-laptop",
    "processed -laptop",
    "-state:refused",
    "state:refused,shipped",
    "product:laptop -webcam",
)
ORDERS = 300
HISTORY = "history"  # the thread that finds


class Painted(QObject):
    """Counts how often a widget was painted."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.times = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.times += event.type() == QEvent.Type.Paint
        return False


class Stopwatch:
    def __init__(self, began: float, what: str, arguments: Arguments) -> None:
        self._began, self._what, self._arguments = began, what, arguments
        self._served = 0.0
        self.gaps: Gaps | None = None

    async def work(self, application: Application) -> int:
        self._served, self._waits = time.monotonic(), Waits()
        measuring = asyncio.ensure_future(self._measure(application))
        measuring.add_done_callback(lambda done: _end_where_it_failed(done, application))
        try:
            return await app.one_window(self._arguments, application)
        finally:
            if not measuring.cancel():
                measuring.result()  # what was wrong with it

    async def _measure(self, application: Application) -> None:
        await until(lambda: application.user_windows)
        (user_window,) = application.user_windows
        if self._what == "million":
            await self._opened(user_window)
        else:
            await self._usable(user_window)
        await until(lambda: _is_ready(user_window))
        say(ready=self._seconds())
        if self._what == "gaps":
            self.gaps = Gaps()
        if self._what == "orders":
            say(orders=await _place_many(user_window))
        if self._what == "million":
            say(found=[await _filter(user_window, text) for text in TYPED])
            say(memory=memory())
        say(done=self._seconds())

    async def _usable(self, user_window: UserWindow) -> None:
        """Painted with the catalogue, and a typed letter is taken."""
        tab = user_window.client
        if user_window.shown_tab() != "client":
            await until(user_window.window.isVisible)
            say(computed=time.process_time(), waited=waited_from_the_start(), usable=self._seconds())
            return
        painted = Painted(tab.catalogue_pane.view.viewport())
        await until(lambda: tab.catalogue.rowCount() and painted.times)
        say(painted=self._seconds())
        before, shown = painted.times, tab.catalogue_pane.view.model().rowCount()
        by_hand(lambda: QTest.keyClick(tab.catalogue_pane.search, Qt.Key.Key_L))
        await until(lambda: painted.times > before and 0 < tab.catalogue_pane.view.model().rowCount() < shown)
        say(computed=time.process_time(), waited=waited_from_the_start(), usable=self._seconds())
        tab.catalogue_pane.search.clear()

    async def _opened(self, user_window: UserWindow) -> None:
        await until(lambda: _is_drawn(user_window))
        opened = max(time.monotonic() - self._served - self._waits.since_last()[1], 0.0)
        say(usable=self._seconds(), opened=opened)

    def _seconds(self) -> float:
        return time.monotonic() - self._began


def _end_where_it_failed(measuring: "asyncio.Future[None]", application: Application) -> None:
    if not measuring.cancelled() and measuring.exception() is not None:
        application.close_windows()


async def _filter(user_window: UserWindow, text: str) -> tuple[str, float, float, int]:
    """From the last key to the rows being there and painted; without waiting for a core, and by the clock."""
    tab, shown = user_window.notifications, list[float]()
    painted = Painted(tab.view.viewport())

    def came() -> None:
        painted.times = 0
        shown.append(time.monotonic())

    tab.notices.modelReset.connect(came)
    tab.toolbar.search.setText(text[:-1])
    await until(lambda: tab.finder.query.words == tab.toolbar.filters.query(tab.finder.query.order).words)
    await asyncio.sleep(0.3)  # what was asked for before the last key is over
    shown.clear()
    with Waits(HISTORY) as waits:
        began = time.monotonic()
        by_hand(lambda: QTest.keyClicks(tab.toolbar.search, text[-1]))
        await until(lambda: shown and (not tab.notices.rowCount() or (painted.times and _is_drawn(user_window))))
        seconds = time.monotonic() - began
        own = max(seconds - waits.since_last()[1], 0.0)
    tab.notices.modelReset.disconnect(came)
    query = tab.finder.query
    count = len(await asyncio.wrap_future(tab.finder.ask(lambda store: store.notices.find(query))))
    await until(lambda: tab.notices.rowCount() == count)
    return text, own, seconds, count


async def _place_many(user_window: UserWindow) -> dict[str, object]:
    """As fast as somebody could click: from the click to the row in My orders, and whether all are there."""
    tab, seconds, before = user_window.client, list[float](), user_window.client.orders.rowCount()
    for _ in range(ORDERS):
        tab.repeat([("laptop", 1)])
        began = time.monotonic()
        by_hand(lambda: QTest.mouseClick(tab.basket_pane.place_button, Qt.MouseButton.LeftButton))
        await until(partial(_has_rows, tab, len(seconds) + 1 + before))
        seconds.append(time.monotonic() - began)
    placed = await asyncio.wrap_future(
        user_window.session.history.ask(lambda store: newest_orders(store, limit=10 * ORDERS))
    )
    shown = set(tab.orders.places)
    return {"seconds": seconds, "invisible": sum(order.number not in shown for order in placed), "placed": len(placed)}


def _has_rows(tab: ClientTab, count: int) -> bool:
    return tab.orders.rowCount() >= count


def _is_ready(user_window: UserWindow) -> bool:
    running = [role.title for role in user_window.roles.values() if role.running]
    phases = user_window.window.status.phases()
    return all(phases[title] is Phase.READY for title in running)


def _is_drawn(user_window: UserWindow) -> bool:
    tab = user_window.notifications
    return tab.isVisible() and tab.notices.rowCount() > 0 and tab.view.rows.index(0, 0).data() is not None


def by_hand(action: Callable[[], object]) -> None:
    """Outside of any task, as a user's events come."""
    asyncio.get_running_loop().call_soon(action)


async def until(condition: Callable[[], object], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(f"waited {seconds:.0f} s in vain")
        await asyncio.sleep(0.001)


def memory() -> float:
    """What this process holds in memory, in MB."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6


def say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def main(began: float, what: str, given: list[str]) -> int:
    arguments = parse(given, os.environ)
    with start_logging(arguments.settings.folder.log, arguments.settings.log_level):
        stopwatch = Stopwatch(began, what, arguments)
        code = app.serve(arguments.settings, stopwatch.work)
    if stopwatch.gaps is not None:
        say(gaps=stopwatch.gaps.found)
    return code
