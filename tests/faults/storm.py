"""Kill -9 at random moments, while receipts go from a file through client, RabbitMQ and warehouse to the listener."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from operator import itemgetter
from pathlib import Path

from messaging.broker.node import files, processes
from messaging.broker.node.files import Identity, NodeFolder
from messaging.runtime.paths import DataDir
from messaging.runtime.profiles import Profiles
from tests.faults.accounts import Account, Progress, accounted, progress
from tests.faults.receipts import Receipts

PATIENCE = 120.0  # seconds without any progress
USER = "alice"

Act = Callable[[], object]

# At which shares of all the work each may be killed: placing is over first.
MOMENTS = {"client": (0.0, 0.5), "warehouse": (0.0, 1.0), "listener": (0.0, 1.0), "broker": (0.0, 0.9)}


def kill_broker(node: NodeFolder) -> None:
    """Its supervisor starts it again."""
    identity = files.read_as(Identity, node.identity)
    assert identity is not None
    for pid in processes.leftovers(node.mark(identity)):
        os.kill(pid, signal.SIGKILL)


@dataclass
class Storm:
    """One run; everything random in it comes from `seed`."""

    folder: Path
    broker_url: str
    kill_broker: Callable[[], None]
    receipts: Receipts
    seed: int
    say: Callable[[str], None] = lambda _words: None
    running: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._data = DataDir.at(str(self.folder))
        self._user_id = Profiles(self._data).named(USER).user_id
        self._batch = str(self._chance.choice((3, 20, 200)))
        self._window = str(self._chance.choice((10, 100, 1000)))

    @property
    def books(self) -> Path:
        return self._data.warehouse

    def run(
        self,
        kills: dict[str, int],
        troubles: Sequence[tuple[float, Act]] = (),
        is_over: Callable[[], bool] = lambda: True,
    ) -> Account:
        """`kills`: how often each of client, warehouse, listener and broker is killed.
        `troubles`: what else happens, each once that share of all the work is done; `is_over`: their work is, too."""
        self._messaging("stock", "--import", str(self.receipts.catalogue))
        victims = [name for name, count in kills.items() for _ in range(count)]
        killings = [(self._chance.uniform(*MOMENTS[victim]), partial(self._kill, victim)) for victim in victims]
        try:
            for name in ("warehouse", "listener", "client"):
                self.start(name)
            self._until_done(sorted([*killings, *troubles], key=itemgetter(0)), is_over)
        finally:
            self._end_all()
        self._messaging("audit")
        return accounted(self.receipts, self._user_id, self._data.warehouse, self._history)

    @contextmanager
    def going_on(self, name: str) -> Iterator[Path]:
        """Run this one alone; gives the file that it says everything to, anew."""
        said = self.folder / f"{name}.log"
        said.unlink(missing_ok=True)
        self.running.clear()
        self.start(name)
        try:
            yield said
        finally:
            self._end_all()

    def place(self, *items: str) -> None:
        """One order of the same user more; it is in RabbitMQ's queue when this returns."""
        self._messaging("place", "--user", USER, *items, "--broker", self.broker_url)

    @property
    def _history(self) -> Path:
        return self._data.history(self._user_id)

    def _kill(self, victim: str) -> None:
        self.say(f"  killing the {victim} at {self._progress()}")
        if victim == "broker":
            self.kill_broker()
            return
        self.running[victim].kill()
        self.running[victim].wait()
        self.start(victim)

    def _until_done(self, plan: list[tuple[float, Act]], is_over: Callable[[], bool]) -> None:
        last, patient_until = Progress(), time.monotonic() + PATIENCE
        while not (self._is_done() and is_over()):
            now = self._progress()
            if plan and now.share(self.receipts.count) >= plan[0][0]:
                plan.pop(0)[1]()
            if now != last:
                last, patient_until = now, time.monotonic() + PATIENCE
            assert time.monotonic() < patient_until, f"seed {self.seed} stands still at {now}; see {self.folder}"
            for name, process in self.running.items():
                code = process.poll()
                assert code is None or (name, code) == ("client", 0), f"the {name} ended: {code}; see {self.folder}"
            time.sleep(0.02)

    def _is_done(self) -> bool:
        return self._progress().share(self.receipts.count) == 1 and self.running["client"].poll() == 0

    def _progress(self) -> Progress:
        return progress(self._data.warehouse, self._history)

    def start(self, name: str) -> None:
        arguments = {
            "client": ("place", "--user", USER, "--file", str(self.receipts.orders), "--confirm-window", self._window),
            "warehouse": ("warehouse", "--quiet", "--batch", self._batch),
            "listener": ("listen", "--user", USER, "--json"),
        }[name]
        with (self.folder / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [*self._command(*arguments), "--broker", self.broker_url],
                stdout=log,
                stderr=log,
                env=os.environ | {"ORDER_DESK_RETRY_MOST": "1"},  # the waiting is not what is tried here
            )

    def _end_all(self) -> None:
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def _messaging(self, *arguments: str) -> None:
        subprocess.run(self._command(*arguments), check=True, stdout=subprocess.PIPE, timeout=120)

    def _command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "messaging", *arguments, "--data-dir", str(self.folder)]
