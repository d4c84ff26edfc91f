"""A window that nobody uses costs next to nothing: whatever wakes it is named here."""

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget

from desktop.application.app import Application, run_application
from desktop.application.event_loop import run
from messaging.ports import Phase
from messaging.runtime.settings import Settings
from tests.helpers.user_input import until

WAKES = {  # milliseconds, by whose timer it is
    "BooksWatch": 1000,
    "NotificationsTab": 10_000,
    "OrdersPane": 10_000,
    "TrafficRate": 2000,
    "WarehouseTab": 1000,
}


def test_an_idle_window_with_all_three_roles_is_woken_by_slow_timers_alone(
    qapp: QApplication, broker_settings: Settings
) -> None:
    async def work(application: Application) -> int:
        alice = application.open_window("alice", "warehouse", start=True)
        phases = alice.window.status.phases
        await until(lambda: set(phases().values()) == {Phase.READY}, 30, lambda: f"the roles are {phases()}")
        await until(lambda: _wakes(alice.window) == WAKES, 10, lambda: f"it is woken by {_wakes(alice.window)}")
        return 0

    qapp.setQuitOnLastWindowClosed(False)
    assert run(qapp, run_application(broker_settings, work)) == 0


def _wakes(window: QWidget) -> dict[str, int]:
    running = [timer for timer in window.findChildren(QTimer) if timer.isActive()]
    return {type(timer.parent()).__name__: timer.interval() for timer in running}
