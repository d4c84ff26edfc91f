"""Real windows on a real RabbitMQ: what a user does, and what a user sees."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QComboBox

from desktop.application.app import Application, run_application
from desktop.application.event_loop import run
from desktop.application.single_instance import raise_window
from desktop.role.worker import join_all
from desktop.style import theme
from desktop.style.colours import DARK
from desktop.style.theme import Theme
from desktop.window.dialogs import AboutDialog, NewWindowDialog
from desktop.window.user_window import UserWindow
from desktop.window.window_command import WindowCommand
from messaging.contract import topology
from messaging.contract.codec import encode
from messaging.domain.orders import OrderStatus, new_order
from messaging.history.records import OrderState
from messaging.phrases import Words
from messaging.ports import Address, Phase
from messaging.runtime.settings import OPTIONS, Settings
from messaging.telemetry.metrics import Count
from messaging.telemetry.reporting import reports
from tests.helpers.amqp import publish
from tests.helpers.stores import newest_notices, newest_orders
from tests.helpers.user_input import place_order, until

Scene = Callable[[Application], Awaitable[None]]
Play = Callable[[Settings, Scene], None]

LAPTOP = ("laptop", 1)
CHAIRS = ("office_chair", 60)


@pytest.fixture
def play(qapp: QApplication, caplog: pytest.LogCaptureFixture) -> Iterator[Play]:
    """Runs a scene as the program runs its windows; a bug in any thread fails it."""

    def run_scene(settings: Settings, scene: Scene) -> None:
        async def work(application: Application) -> int:
            await scene(application)
            return 0

        theme.apply(Theme.LIGHT)
        qapp.setQuitOnLastWindowClosed(False)
        try:
            assert run(qapp, run_application(settings, work)) == 0
        finally:
            join_all()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        bugs = [record for record in caplog.records if record.levelno >= logging.CRITICAL]
        assert not bugs, bugs[0].exc_text

    yield run_scene
    theme.apply(Theme.LIGHT)


async def eventually(condition: Callable[[], bool], words: str) -> None:
    await until(condition, 30, lambda: words)


async def ready(user_window: UserWindow, *roles: str) -> None:
    def is_ready() -> bool:
        phases = user_window.window.status.phases()
        return user_window.client.catalogue.rowCount() > 0 and all(phases[role] is Phase.READY for role in roles)

    await eventually(is_ready, f"{roles} of {user_window.session.profile.name} are not ready")


def shown_order(user_window: UserWindow) -> int | None:
    """The number of the order whose details are shown."""
    order = user_window.client.orders_pane.details.order
    return order.number if order else None


def states(user_window: UserWindow) -> list[OrderState]:
    """Of my orders, newest first, as the history has them: only what is looked at is in memory."""
    return [
        row.state for row in user_window.session.history.ask(lambda store: newest_orders(store, limit=50)).result(10)
    ]


def noticed(user_window: UserWindow) -> list[OrderStatus]:
    return [
        row.notice.status
        for row in user_window.session.history.ask(lambda store: newest_notices(store, limit=50)).result(10)
    ]


def test_one_window_can_be_client_warehouse_and_listener(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "warehouse", start=True)
        await ready(alice, "Client", "Warehouse", "Notifications")
        await place_order(alice, LAPTOP)
        await place_order(alice, CHAIRS)
        await eventually(lambda: len(noticed(alice)) == 2, "two notices")
        assert set(noticed(alice)) == {OrderStatus.PROCESSED, OrderStatus.REJECTED}
        wanted = [OrderState.REJECTED, OrderState.PROCESSED]
        await eventually(lambda: states(alice) == wanted, f"my orders show {wanted}")
        await eventually(lambda: alice.warehouse.feed.table.rows.rowCount() == 2, "the warehouse shows both orders")
        assert not alice.problems.problems()

    play(broker_settings, scene)


def test_what_all_windows_counted_can_be_read_from_outside_also_of_a_closed_one(
    play: Play, broker_settings: Settings
) -> None:
    async def scene(application: Application) -> None:
        alice, hall = application.open_window("alice"), application.open_window("hall", "warehouse", start=True)
        await ready(hall, "Warehouse")
        await ready(alice, "Client", "Notifications")
        await place_order(alice, LAPTOP)
        await eventually(lambda: states(alice) == [OrderState.PROCESSED], "the order is processed")
        alice.window.close()
        await eventually(alice.closed.done, "alice's window is closed")
        await eventually(lambda: written() == (1, 1), "the numbers of both windows are in the file")

    def written() -> tuple[int, int]:
        (report,) = reports(broker_settings.folder)
        return report.numbers.counts[Count.PLACED], report.numbers.counts[Count.PROCESSED]

    play(broker_settings, scene)
    assert reports(broker_settings.folder) == []


def test_a_user_sees_the_own_notices_and_nobody_elses(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice, bob = application.open_window("alice"), application.open_window("bob")
        hall = application.open_window("hall", "warehouse", start=True)
        await ready(hall, "Warehouse")
        for client in (alice, bob):
            await ready(client, "Client", "Notifications")
        await place_order(alice, LAPTOP)
        await eventually(lambda: noticed(alice) == [OrderStatus.PROCESSED], "alice's notice")
        await place_order(bob, CHAIRS)
        await eventually(lambda: noticed(bob) == [OrderStatus.REJECTED], "bob's notice")
        assert noticed(alice) == [OrderStatus.PROCESSED]
        assert not noticed(hall)
        titles = ["(1) alice \N{EN DASH} Order Desk", "(1) bob \N{EN DASH} Order Desk"]  # one unread notice each
        await eventually(lambda: [one.window.windowTitle() for one in (alice, bob)] == titles, "the titles")
        assert alice.session.profile.colour != bob.session.profile.colour

    play(broker_settings, scene)


class LateBroker:
    """A broker that is not there yet, as the private node while it boots."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.is_there = False

    def address(self) -> Address:
        return Address((self._url,)) if self.is_there else Address((), Words("RabbitMQ is starting"))

    def start(self) -> None: ...

    def close(self) -> None: ...


def test_an_order_placed_before_rabbitmq_is_there_waits_on_disk_and_leaves_later(
    play: Play, broker_settings: Settings
) -> None:
    async def scene(application: Application) -> None:
        late = LateBroker(broker_settings.broker)
        application.broker = late  # type: ignore[assignment]  # a Broker of our own port
        alice = application.open_window("alice", "warehouse", start=True)
        await eventually(lambda: alice.client.catalogue.rowCount() == 10, "the catalogue of the first start")
        await place_order(alice, LAPTOP)
        await eventually(lambda: states(alice) == [OrderState.WAITING], "the order waits")
        await eventually(lambda: "Starting" in alice.window.status.states()["Client"], "the pill says why")
        await eventually(lambda: alice.window.status.waiting.text() == "1 waiting to send", "the figure says so")
        assert alice.window.status.reason() == "RabbitMQ is starting"
        late.is_there = True
        await eventually(lambda: noticed(alice) == [OrderStatus.PROCESSED], "the notice")
        await eventually(alice.window.status.waiting.isHidden, "nothing waits any more")

    play(broker_settings, scene)


def test_what_a_user_left_comes_back(play: Play, broker_settings: Settings) -> None:
    async def first(application: Application) -> None:
        alice = application.open_window("alice", "notifications")
        alice.window.choose_theme(Theme.DARK)
        assert theme.colours() is DARK
        alice.window.resize(1000, 700)
        await ready(alice, "Client", "Notifications")
        await alice.notifications.stop()
        await place_order(alice, LAPTOP)
        await eventually(lambda: states(alice) == [OrderState.ACCEPTED], "RabbitMQ has the order")
        alice.window.show_tab(2)
        alice.window.close()
        await alice.closed

    async def second(application: Application) -> None:
        alice = application.open_window("alice")
        assert theme.colours() is DARK
        assert alice.window.tabs.currentWidget() is alice.notifications
        assert alice.window.height() == 700  # the offscreen screen is too narrow for the width
        assert (alice.client.running, alice.notifications.running) == (True, False)
        await eventually(lambda: states(alice) == [OrderState.ACCEPTED], "my order is still there")

    play(broker_settings, first)
    play(broker_settings, second)


def test_closing_is_quick_even_while_rabbitmq_is_away(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        application.broker = LateBroker(broker_settings.broker)  # type: ignore[assignment]
        alice = application.open_window("alice", "warehouse", start=True)
        await eventually(lambda: alice.client.catalogue.rowCount() == 10, "the catalogue of the first start")
        await place_order(alice, LAPTOP)
        began = asyncio.get_running_loop().time()
        alice.window.close()
        await alice.closed
        assert asyncio.get_running_loop().time() - began < 3  # a quiet machine takes a tenth of a second
        assert alice not in application.user_windows

    play(broker_settings, scene)


def test_dialogs_open_without_stopping_the_window(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        application.profiles.named("bob")
        alice.window.command_asked.emit(WindowCommand.NEW_WINDOW)
        alice.window.command_asked.emit(WindowCommand.ABOUT)
        (dialog,) = alice.window.findChildren(NewWindowDialog)
        assert dialog.isVisible()
        (box,) = dialog.findChildren(QComboBox)
        assert [box.itemText(number) for number in range(box.count())] == ["alice", "bob"]
        (about,) = alice.window.findChildren(AboutDialog)
        assert about.isVisible()
        await ready(alice, "Client")
        dialog.reject()

    play(broker_settings, scene)


def test_a_window_of_its_own_process_ends_cleanly_when_told_to(broker_settings: Settings, data_dir: Path) -> None:
    environment = os.environ | {
        OPTIONS["broker"].variable: broker_settings.broker,
        OPTIONS["data_dir"].variable: str(data_dir),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-m", "desktop", "--user", "carol", "--tab", "warehouse", "--start"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as window:
        log = data_dir / "order-desk.log"
        asyncio.run(until(lambda: log.exists() and "window of carol opened" in log.read_text(), 60, lambda: "its log"))
        window.send_signal(signal.SIGTERM)
        said, _ = window.communicate(timeout=20)
    assert window.returncode == 0, said
    assert "Traceback" not in said


def test_the_same_profile_twice_brings_the_first_window_forward(broker_settings: Settings, data_dir: Path) -> None:
    environment = os.environ | {
        OPTIONS["broker"].variable: broker_settings.broker,
        OPTIONS["data_dir"].variable: str(data_dir),
        "QT_QPA_PLATFORM": "offscreen",
    }
    command = [sys.executable, "-m", "desktop", "--user", "carol"]
    log = data_dir / "order-desk.log"

    def opened(times: int) -> bool:
        return log.exists() and log.read_text().count("window of carol opened") == times

    with subprocess.Popen(command, env=environment) as first:
        asyncio.run(until(lambda: opened(1), 60, lambda: "the first window"))
        second = subprocess.run([*command, "--tab", "warehouse"], env=environment, timeout=60, check=False)
        assert (second.returncode, opened(1)) == (0, True)
        with subprocess.Popen([*command, "--new-window"], env=environment) as third:
            asyncio.run(until(lambda: opened(2), 60, lambda: "a second window, as it was asked for"))
            for window in (third, first):
                window.send_signal(signal.SIGTERM)
    assert (first.returncode, third.returncode) == (0, 0)


def test_windows_open_again_on_another_rabbitmq_with_what_they_held(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        nowhere = replace(broker_settings, broker="amqp://localhost:1")
        application.open_window("alice", "warehouse", start=True)
        application.reopen(nowhere)
        await eventually(
            lambda: [one.window.broker_name for one in application.user_windows] == ["amqp://localhost:1"], "there"
        )
        (alice,) = application.user_windows
        await eventually(lambda: alice.client.catalogue.rowCount() == 10, "the catalogue")
        await place_order(alice, LAPTOP)
        await eventually(lambda: states(alice) == [OrderState.WAITING], "the order waits")
        application.reopen(broker_settings)
        await eventually(
            lambda: bool(application.user_windows) and application.user_windows[0] is not alice,
            "the window is there again",
        )
        await eventually(lambda: noticed(application.user_windows[0]) == [OrderStatus.PROCESSED], "the order went")

    play(broker_settings, scene)


def test_what_comes_while_nobody_looks_is_told_once_and_leads_to_the_order(
    play: Play, broker_settings: Settings
) -> None:
    async def scene(application: Application) -> None:
        told: list[tuple[str, str]] = []
        application.tray.news.folded.connect(lambda _window, _kept, headline, words: told.append((headline, words)))
        alice = application.open_window("alice", "warehouse", start=True)
        await ready(alice, "Client", "Warehouse", "Notifications")
        alice.window.activateWindow()
        await place_order(alice, LAPTOP)
        await eventually(lambda: application.tray.unread.get(alice) == 1, "the tray counts")
        assert not application.tray.news._items  # who looks is not told

        application.open_window("bob").window.activateWindow()
        await eventually(lambda: not alice.window.isActiveWindow(), "another window is in use")
        await place_order(alice, LAPTOP)
        await place_order(alice, CHAIRS)
        await eventually(lambda: application.tray.unread.get(alice) == 3, "the tray counts")
        await eventually(lambda: bool(told), "the tray tells")
        assert told == [("alice: 2 notices", "Processed: 1, Refused: 1")]
        application.tray.open_last()
        await eventually(alice.window.isActiveWindow, "her window is in front")
        assert alice.shown_tab() == "client"
        await eventually(lambda: shown_order(alice) == alice.client.orders.rows()[0].number, "the order is chosen")
        await eventually(lambda: application.tray.unread.get(alice) == 2, "what was looked at is read")

    play(broker_settings, scene)


def test_a_notice_of_an_order_from_elsewhere_leads_to_the_notice(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice", "warehouse", start=True)
        await ready(alice, "Client", "Warehouse", "Notifications")
        application.open_window("bob").window.activateWindow()
        await eventually(lambda: not alice.window.isActiveWindow(), "another window is in use")
        foreign = new_order(alice.session.profile.user_id, [("<b>webcam</b> & more", 2)])
        publish(broker_settings.broker, topology.NEW_ORDERS.name, "", [encode(foreign)])
        await eventually(lambda: application.tray.shown is not None, "the tray tells")
        assert application.tray.shown is not None
        assert application.tray.shown[0] == "alice: Refused"
        assert not set("<>&") & set(application.tray.shown[1])  # desktops would read markup in it
        application.tray.open_last()
        await eventually(lambda: alice.shown_tab() == "notifications", "the notices are shown")
        await eventually(lambda: alice.notifications.view.selected_count() == 1, "the notice is chosen")
        application.tray.open_last()  # a second time: there is nothing more to lead to

    play(broker_settings, scene)


def test_a_window_of_this_program_answers_its_bell(play: Play, broker_settings: Settings) -> None:
    async def scene(application: Application) -> None:
        alice = application.open_window("alice")
        alice.window.showMinimized()
        user = alice.session.profile.user_id
        words = (
            "from desktop.application.single_instance import raise_window as ring\n"
            "from messaging.runtime.paths import DataDir\n"
            f"raise SystemExit(not ring(DataDir.at({str(broker_settings.folder.root)!r}), {user!r}, 'notifications'))"
        )
        with subprocess.Popen([sys.executable, "-c", words]) as other:
            await eventually(lambda: other.poll() is not None, "an answer")
        assert other.returncode == 0
        assert alice.shown_tab() == "notifications"
        assert not alice.window.isMinimized()
        alice.window.close()
        await alice.closed
        assert not raise_window(broker_settings.folder, user)

    play(broker_settings, scene)


def test_the_demo_plays_its_script_and_saves_pictures(broker_settings: Settings, tmp_path: Path) -> None:
    shots = tmp_path / "shots"
    command = [sys.executable, "-m", "desktop", "demo", "--screenshots", str(shots), "--broker", broker_settings.broker]
    played = subprocess.run(command, capture_output=True, text=True, timeout=110, check=False)
    assert played.returncode == 0, played.stdout + played.stderr
    assert len(list(shots.glob("*.png"))) == 18
    assert played.stdout.count("processed") == 5
    assert played.stdout.count("rejected") == 2
