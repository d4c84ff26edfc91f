"""A process that tells what it measured, and what the system tells of it."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Self

from tests.helpers.checkouts import ROOT, base_python

INSIDE = "tests.benchmarks.window.inside"
BARE = "tests.benchmarks.window.bare"
TICKS = os.sysconf("SC_CLK_TCK")


class Telling:
    """Starts a module and collects the lines of JSON it says; the moment of its start is its first argument."""

    def __init__(self, python: str, module: str, *arguments: str, env: Mapping[str, str] | None = None) -> None:
        self.said: dict[str, Any] = {}
        self._changed = threading.Condition()
        self._process = subprocess.Popen(
            [python, "-m", module, str(time.monotonic()), *arguments],
            cwd=ROOT,
            env={**os.environ, **(env or {})},
            stdout=subprocess.PIPE,
            text=True,
        )
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    def until(self, word: str, seconds: float = 120.0) -> Any:
        """What it says of this, once it has."""
        with self._changed:
            self._changed.wait_for(lambda: word in self.said or self._process.poll() is not None, seconds)
        if word not in self.said:
            raise TimeoutError(f"{self._process.args!r} does not say {word!r} but {self.said}")
        return self.said[word]

    def close(self) -> float:
        """Tell it to end, as closing its window does; the seconds until it has."""
        began = time.monotonic()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(60)
        seconds = time.monotonic() - began
        self._reader.join()
        assert code == 0, f"{self._process.args!r} ended with {code}"
        return seconds

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._changed:
                self.said |= json.loads(line)
                self._changed.notify_all()
        with self._changed:
            self._changed.notify_all()
        self._process.stdout.close()


def window(what: str, folder: Path, *arguments: str, env: Mapping[str, str] | None = None) -> Telling:
    """As a person starts it: by a Python outside of the environment."""
    return Telling(base_python(), INSIDE, what, "--data-dir", str(folder), *arguments, env=env)


def bare(*arguments: str) -> Telling:
    return Telling(sys.executable, BARE, *arguments)


def cpu(pids: Sequence[int]) -> float:
    """Seconds of a core these have used so far."""
    used = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        used += int(fields[11]) + int(fields[12])
    return used / TICKS


def wakes(pid: int) -> int:
    """How often its threads have gone to sleep so far."""
    count = 0
    for status in Path(f"/proc/{pid}/task").glob("*/status"):
        lines = status.read_text().splitlines()
        count += sum(int(line.split()[1]) for line in lines if line.startswith("voluntary_ctxt_switches"))
    return count


def descendants(pid: int) -> list[int]:
    """Itself and all that it started."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += map(int, children.read_text().split())
    return found
