"""`python3 -m tests benchmark window`: what a user waits for, on real windows with a real RabbitMQ.

Each figure stands beside its target, and where it is about time beside what a bare window of Qt for Python does in
the same run: a machine that is busy with other things is slow with both. Gaps of the loop are judged by the clock; what
else is judged is told without the time in which there was no core for it. Exit code 1 where a target is missed.
"""

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from messaging.broker.node import member
from messaging.broker.node.files import Control, NodeFolder, read_as
from messaging.broker.node.private import GRACE_VARIABLE, PrivateNode
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings
from tests.benchmarks.window import notices
from tests.benchmarks.window.figures import Figures
from tests.benchmarks.window.gaps import Gap
from tests.benchmarks.window.processes import Telling, bare, cpu, descendants, wakes, window
from tests.helpers.checkouts import ROOT, base_python
from tests.helpers.waiting import eventually

USER = "alice"
RATE = 1000  # notices a second
ROUNDS = 3
MILLION = 1_000_000


class Opening(NamedTuple):
    """Seconds from the command until it was usable, of a core until then, and waited for one that others used."""

    seconds: float
    computed: float
    waited: float

    @classmethod
    def of(cls, opened: Telling) -> "Opening":
        return cls(opened.until("usable"), opened.said["computed"], opened.said["waited"])

    @property
    def own(self) -> float:
        return self.seconds - self.waited


class Bench:
    """One folder with a node that all its windows share."""

    def __init__(self, folder: Path, node: PrivateNode, figures: Figures, seconds: float) -> None:
        self._folder, self._node, self._figures, self._seconds = folder, node, figures, seconds
        self._user_id = Profiles(Settings(data_dir=str(folder)).folder).named(USER).user_id
        self._closings: list[float] = []

    # --- opening

    def starts(self) -> None:
        """A bare window takes turns with them, so that both meet the same machine."""
        self.set_up()
        first, later, nothing = list[Opening](), list[Opening](), list[Opening]()
        for _ in range(ROUNDS):
            nothing.append(self._bare_start())
            first.append(self._first_start())
            later.append(self._later_start())
        words = "first start, while its RabbitMQ boots: usable"
        bare = Opening(*map(statistics.median, zip(*nothing, strict=True)))
        for name, openings in ((words, first), ("start beside a running RabbitMQ: usable", later)):
            self._figures.time(name, [one.own for one in openings], 1.5, bare.own)
            found = Opening(*map(statistics.median, zip(*openings, strict=True)))
            self._figures.note(
                f"  computing {found.computed * 1000:.0f} ms, {found.computed / bare.computed:.1f} x a bare window;"
                f" by the clock {found.seconds * 1000:.0f} ms, {found.seconds / bare.seconds:.1f} x"
            )

    def _first_start(self) -> Opening:
        """In a folder of its own: its node boots meanwhile."""
        with tempfile.TemporaryDirectory(prefix="order-desk-first-") as folder:
            with window("start", Path(folder), env={GRACE_VARIABLE: "0"}) as opened:
                found = Opening.of(opened)
            stop = [sys.executable, "-m", "messaging", "broker", "stop", "--data-dir", folder]
            subprocess.run(stop, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
            _until_gone(Path(folder))
        return found

    def _later_start(self) -> Opening:
        with window("start", self._folder, "--user", USER, "--tab", "client") as opened:
            found = Opening.of(opened)
            opened.until("done")
            self._closings.append(opened.close())
        return found

    def _bare_start(self) -> Opening:
        with bare() as opened:
            return Opening.of(opened)

    def set_up(self) -> None:
        """A second start has nothing to set up: what is left of it, beside starting Python twice."""
        ours, nothing = [], []
        for _ in range(ROUNDS):
            ours.append(_seconds_of([base_python(), "-m", "desktop", "--setup-only"]))
            nothing.append(_seconds_of([base_python(), "-c", ""]) + _seconds_of([sys.executable, "-c", ""]))
        self._figures.time("second set-up (--setup-only)", ours, None, statistics.median(nothing), "two bare Pythons")

    # --- while notices come

    def notices_arrive(self) -> None:
        with self._listening() as opened, bare("gaps") as other:
            began = time.monotonic()
            used = cpu([opened.pid])
            sent = int(self._flood(self._seconds).communicate()[0])
            used = cpu([opened.pid]) - used
            ended = time.monotonic()
            self._closings.append(opened.close())
            other.close()
        words = f"gap while {RATE:,} notices/s come for {self._seconds:.0f} s"
        self._figures.gap(words, _gaps(opened, began, ended), _gaps(other, began, ended), 0.05)
        self._figures.note(f"  notices sent: {sent:,}; the window used {used / (ended - began):.0%} of a core")

    def broker_restarts(self) -> None:
        """The node is killed amid the stream, and comes back by itself."""
        with self._listening() as opened, bare("gaps") as other:
            flood = self._flood(15)
            began = time.monotonic()
            time.sleep(2)
            self._kill_node()
            sent = int(flood.communicate()[0])
            ended = time.monotonic()
            self._closings.append(opened.close())
            other.close()
        words = "gap while RabbitMQ restarts"
        self._figures.gap(words, _gaps(opened, began, ended), _gaps(other, began, ended), 0.1)
        self._figures.note(f"  notices sent before and after: {sent:,}")

    def _listening(self) -> Telling:
        opened = window("gaps", self._folder, "--user", USER, "--tab", "notifications", "--start")
        opened.until("done")
        return opened

    def _flood(self, seconds: float) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.benchmarks.window.flood", self._node.wait_ready(180)]
        command += [self._user_id, str(seconds), str(RATE)]
        return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)

    def _kill_node(self) -> None:
        pid = int((self._folder / "broker" / "rabbitmq.pid").read_text())
        subprocess.run(["kill", "-9", str(pid)], check=True)

    # --- a long history

    def a_million(self, count: int) -> None:
        path = Settings(data_dir=str(self._folder)).folder.history(self._user_id)
        path.unlink(missing_ok=True)
        began = time.monotonic()
        notices.fill(path, self._user_id, count)
        self._figures.note(f"  ({count:,} notices written in {time.monotonic() - began:.0f} s)")
        with window("million", self._folder, "--user", USER, "--tab", "notifications") as opened:
            opened.until("done")
            self._closings.append(opened.close())
        many = f"{count:,} notices"
        self._figures.time(f"{many}: open", [opened.said["opened"]], 1.0)
        for text, own, seconds, found in opened.said["found"]:
            self._figures.time(f"{many}: filter {text!r} ({found:,})", [own], 0.2)
            self._figures.note(f"  by the clock {seconds * 1000:.0f} ms")
        self._figures.value(f"{many}: memory", opened.said["memory"], 300, "MB")

    # --- the rest

    def orders(self) -> None:
        with window("orders", self._folder, "--user", USER, "--tab", "client", "--start") as opened:
            opened.until("done")
        found = opened.said["orders"]
        self._figures.value(f"orders placed by hand, {found['placed']}: invisible", found["invisible"], 0, "")
        self._figures.time("from the click to the row in My orders", found["seconds"], None)
        self._figures.note(f"  the slowest of them: {max(found['seconds']) * 1000:.0f} ms")

    def idle(self, seconds: float = 15) -> None:
        """All three roles run; the page with the most to do is seen."""
        with window("start", self._folder, "--user", USER, "--tab", "warehouse", "--start") as opened, bare() as other:
            opened.until("done")
            other.until("usable")
            time.sleep(4)  # what a start has under way is over
            node = _node_pids(self._folder)
            pids = ([opened.pid], [other.pid], node)
            before, woken = [cpu(one) for one in pids], wakes(opened.pid)
            time.sleep(seconds)
            ours, nothing, of_node = (100 * (cpu(one) - used) / seconds for one, used in zip(pids, before, strict=True))
            woken = wakes(opened.pid) - woken
            self._closings.append(opened.close())
        self._figures.value("idle, all three roles", ours, 1.0, "% of a core")
        self._figures.note(f"  a bare window {nothing:.2f} %, the private RabbitMQ {of_node:.2f} % of a core")
        self._figures.note(f"  its threads woke {woken / seconds:.0f} times a second")

    def closing(self) -> None:
        """From SIGTERM, which closes the window, to the end of the process; the slowest of this run."""
        self._figures.time("closing, the slowest", [max(self._closings)], 1.0)


def _gaps(told: Telling, began: float, ended: float) -> list[Gap]:
    return [gap for gap in (Gap(*numbers) for numbers in told.said["gaps"]) if began < gap.at < ended]


def _until_gone(folder: Path) -> None:
    """The node of a folder that is to be removed."""
    eventually(lambda: not member.is_supervised(NodeFolder(folder / "broker")), 60, "the node's end")


def _node_pids(folder: Path) -> list[int]:
    control = read_as(Control, NodeFolder(folder / "broker").control)
    assert control is not None
    return descendants(control.pid)


def _seconds_of(command: list[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return time.monotonic() - began


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tests benchmark window", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="for which notices arrive")
    parser.add_argument("--notices", type=int, default=MILLION, help="of the long history")
    parser.add_argument("--only", action="append", default=[], choices=PARTS, help="this part; may be repeated")
    args = parser.parse_args(arguments)
    if sys.platform != "linux":
        parser.error("it reads /proc: on Linux only")
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="order-desk-window-") as folder:
        settings = Settings(data_dir=folder)
        with PrivateNode(settings.folder, settings, grace=0.5) as node:
            node.wait_ready(180)
            bench = Bench(settings.folder.root, node, figures, args.seconds)
            for name, part in PARTS.items():
                if name in (args.only or PARTS):
                    part(bench, args)
            bench.closing()
        _until_gone(Path(folder))
    return figures.close()


PARTS: dict[str, Callable[[Bench, argparse.Namespace], None]] = {
    "start": lambda bench, _: bench.starts(),
    "idle": lambda bench, _: bench.idle(),
    "orders": lambda bench, _: bench.orders(),
    "gaps": lambda bench, _: bench.notices_arrive(),
    "restart": lambda bench, _: bench.broker_restarts(),
    "million": lambda bench, args: bench.a_million(args.notices),
}
