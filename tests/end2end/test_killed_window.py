"""What My orders has shown is there again, however the window ended."""

import os
import subprocess
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.application.app import Application, run_application
from desktop.application.event_loop import run
from messaging.history.records import OrderState, PlacedOrder
from messaging.runtime.settings import Settings
from tests.helpers.stores import newest_orders
from tests.helpers.user_input import until

ORDERS = 25


def test_every_order_that_was_shown_is_there_after_kill_9_and_waits_to_be_sent(
    qapp: QApplication, data_dir: Path
) -> None:
    shown = _shown_until_killed(data_dir)

    async def work(application: Application) -> int:
        alice = application.open_window("alice", "client")

        def there() -> list[PlacedOrder]:
            return alice.session.history.ask(lambda store: newest_orders(store, limit=1000)).result(20)

        await until(lambda: alice.client.orders.rowCount() >= len(shown), 30, lambda: "My orders lacks some")
        placed = {order.identity: order for order in there()}
        assert set(shown) <= placed.keys()
        assert {order.state for order in placed.values()} == {OrderState.WAITING}
        assert {placed[identity].number for identity in shown} <= set(alice.client.orders.places)
        return 0

    qapp.setQuitOnLastWindowClosed(False)
    assert run(qapp, run_application(Settings(data_dir=str(data_dir), broker="amqp://localhost:1"), work)) == 0


def _shown_until_killed(data_dir: Path) -> list[str]:
    command = [sys.executable, "-m", "tests.helpers.killed_window", str(data_dir)]
    environ = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, text=True) as window:
        assert window.stdout is not None
        shown = [window.stdout.readline().strip() for _ in range(ORDERS)]
        window.kill()
    assert all(shown), "the window ended before it was killed"
    return shown
