"""`python3 -m tests screenshots DIR`: pictures of every tab, dialog and state, to be looked at. Needs no display.

Empty, offline, at first start, busy with the orders of a shop, paused, broken; light, dark and in high contrast, and
in German; at scale 1 and 2, or at those asked for.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SCALES = ("1", "2")
MORE_SCALES = ("1.25", "1.5")  # where lines may fall between two points


def main(arguments: list[str]) -> int:
    """Scale is chosen when Qt starts: a process for each; the first that fails has said why."""
    given = _parse(arguments)
    for scale in given.scale or SCALES:
        environment = os.environ | {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
        own = [sys.executable, "-m", "tests.screenshots.camera", *arguments, "--scale", scale]
        code = subprocess.run(own, env=environment, check=False).returncode
        if code:
            return code
    return 0


def here(arguments: list[str]) -> int:
    """All pictures of this process's scale."""
    from desktop.application.app import serve  # noqa: PLC0415  # after the platform is chosen
    from messaging.runtime.settings import Settings  # noqa: PLC0415
    from messaging.telemetry.logs import start_logging  # noqa: PLC0415
    from tests.faults import receipts  # noqa: PLC0415
    from tests.screenshots.scenes import NOWHERE, take_all  # noqa: PLC0415

    given = _parse(arguments)
    folder = given.folder.resolve() / f"scale-{given.scale[-1]}"
    folder.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("ORDER_DESK_NODE_GRACE", "0")
    with tempfile.TemporaryDirectory(prefix="order-desk-pictures-") as data:
        room = Path(data)
        if given.orders and given.catalogue:
            goods = receipts.read(given.orders.resolve(), given.catalogue.resolve())
        else:
            goods = receipts.made(room, given.count, seed=4)
        settings = Settings(data_dir=str(room / "desk"), broker=NOWHERE)
        with start_logging(settings.folder.log, settings.log_level):
            return serve(settings, lambda desk: take_all(desk, folder, goods, given.count, given.only))


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python3 -m tests screenshots", description=__doc__)
    parser.add_argument("folder", type=Path, metavar="DIR")
    parser.add_argument("--orders", type=Path, help="receipts as CSV, order,name,quantity; else made-up ones")
    parser.add_argument("--catalogue", type=Path, help="their products as CSV, name,price,stock")
    parser.add_argument("--count", type=int, default=400, help="receipts to place")
    parser.add_argument("--only", default="", help="only pictures whose name has this in it")
    parser.add_argument("--scale", action="append", choices=sorted(SCALES + MORE_SCALES), help="these alone")
    return parser.parse_args(arguments)
