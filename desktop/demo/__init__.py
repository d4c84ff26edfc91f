"""`python3 -m desktop demo`: two clients and a warehouse side by side, and a short script of real orders.

The orders are clicked together in the real windows and go through a real RabbitMQ; each is timed from the
click to the notice in its user's window. With `--screenshots` it needs no display and ends by itself.
"""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.application.arguments import Arguments
from messaging.runtime.settings import Settings

if TYPE_CHECKING:
    from desktop.application.app import Application

USERS = ("alice", "bob")
_GONE_SECONDS = 30.0  # the node of a throwaway folder has ended by then, or its folder stays behind


def main(arguments: Arguments) -> int:
    if arguments.screenshots:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from desktop.application.app import serve  # noqa: PLC0415  # after the platform is chosen
    from messaging.telemetry.logs import start_logging  # noqa: PLC0415

    with _settings(arguments.settings) as settings, start_logging(settings.folder.log, settings.log_level):
        return serve(settings, partial(_play, arguments))


async def _play(arguments: Arguments, application: "Application") -> int:
    from desktop.demo.pictures import save_pictures  # noqa: PLC0415  # they load Qt
    from desktop.demo.report import table  # noqa: PLC0415
    from desktop.demo.stage import DemoStage  # noqa: PLC0415

    stage = DemoStage(application, arguments.users or USERS)
    played = await stage.play()
    sys.stdout.write(table(played))
    await stage.check(played)
    if arguments.screenshots:
        saved = await save_pictures(stage.user_windows, arguments.screenshots)
        sys.stdout.write(f"{len(saved)} pictures in {arguments.screenshots}\n")
        return 0
    sys.stdout.write("The windows stay open; close them to end the demo.\n")
    sys.stdout.flush()
    await application.until_closed()
    return 0


@contextmanager
def _settings(given: Settings) -> Iterator[Settings]:
    """The settings with the given data directory, or a temporary one: the script expects a full warehouse."""
    if given.data_dir:
        yield given
        return
    from messaging.broker.node.private import GRACE_VARIABLE  # noqa: PLC0415

    os.environ.setdefault(GRACE_VARIABLE, "0")
    folder = Path(tempfile.mkdtemp(prefix="order-desk-demo-"))
    try:
        yield replace(given, data_dir=str(folder))
    finally:
        _wait_for_the_node(replace(given, data_dir=str(folder)))
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for_the_node(settings: Settings) -> None:
    from messaging.broker.node import member  # noqa: PLC0415
    from messaging.broker.node.files import NodeFolder  # noqa: PLC0415

    folder = NodeFolder(settings.folder.broker)
    until = time.monotonic() + _GONE_SECONDS
    while not settings.broker and member.is_supervised(folder) and time.monotonic() < until:
        time.sleep(0.05)
