"""What makes a start slow, named: modules that the window waits for, and sources that PySide6 would read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.checkouts import ROOT, plain_environ

START = """
import linecache, sys, tempfile, threading
loaded = []

class Watch:
    def find_spec(self, name, path=None, target=None):
        if threading.current_thread() is threading.main_thread():
            loaded.append(name.partition(".")[0])

sys.meta_path.insert(0, Watch())
from desktop.application import startup
startup.prepare()
from desktop.application import app
from messaging.runtime.settings import Settings

async def work(desk):
    user_window = desk.open_window("alice", "warehouse", start=True)
    assert user_window.window.isVisible()
    print(*sorted(set(loaded) & set(sys.modules) - sys.stdlib_module_names))
    print(len(linecache.cache))
    return 0

with tempfile.TemporaryDirectory() as folder:
    app.serve(Settings(data_dir=folder, broker="amqp://localhost:1"), work)
"""
OURS = {"desktop", "messaging", "resources"}
QT = {"PySide6", "shiboken6", "shibokensupport", "qasync"}
SMALL = {"filelock", "msgspec", "platformdirs", "typing_extensions", "uuid_utils"}  # a few milliseconds each


def test_the_window_waits_for_nothing_that_takes_long_to_load() -> None:
    """SQLAlchemy, Alembic, pika and httpx are loaded by the threads that need them."""
    packages, sources = _said()
    assert set(packages.split()) - OURS - QT - SMALL == set()
    assert int(sources) < 10, "PySide6 has read the source of every module"


def _said() -> list[str]:
    command = [sys.executable, "-W", "error", "-c", START]
    environ = {**plain_environ(QT_QPA_PLATFORM="offscreen"), "PYTHONPATH": str(ROOT)}
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout.split(os.linesep)[:2]


@pytest.mark.parametrize(
    "display",
    [
        {"DISPLAY": ":99"},
        {"DISPLAY": "nowhere.invalid:0", "QT_QPA_PLATFORM": "xcb"},
        {"DISPLAY": "nonsense"},
        {"WAYLAND_DISPLAY": "wayland-99", "QT_QPA_PLATFORM": "wayland"},
        {"WAYLAND_DISPLAY": "wayland-99"},
        {"QT_QPA_PLATFORM": "no-such-platform"},
    ],
)
def test_a_display_that_cannot_be_reached_is_said(display: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "desktop", "--data-dir", str(tmp_path), "--broker", "amqp://localhost:1"]
    without = {name: value for name, value in plain_environ().items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environ = {**without, "PYTHONPATH": str(ROOT), **display}
    environ = {name: value for name, value in environ.items() if name != "QT_QPA_PLATFORM" or name in display}
    ended = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=60)
    assert ended.returncode == 1
    first_start = "Order Desk is set up."
    (said,) = [line for line in ended.stderr.splitlines() if line != first_start]
    assert said.startswith("The display cannot be reached (")
