"""Sharing a process's numbers with others: each process writes them to a file of the data directory."""

import logging
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
from msgspec import Struct

from messaging.runtime.paths import DataDir
from messaging.telemetry.metrics import MetricsSnapshot

LOG = logging.getLogger(__name__)

EVERY = 1.0  # seconds between two writings
SILENT = 30.0  # seconds after which a file is ignored: its process hangs, or another one has its pid
FORGOTTEN = 3600.0  # seconds after which a file is removed where the system cannot say whether its process has ended


class ProcessReport(Struct, frozen=True):
    """One process's numbers; `role` is what it runs as: a command, or the window."""

    role: str
    pid: int
    since: float  # seconds since 1970
    numbers: MetricsSnapshot


_decoder = msgspec.json.Decoder(ProcessReport)


@contextmanager
def reporting(numbers: Callable[[], MetricsSnapshot], folder: DataDir, role: str) -> Iterator[None]:
    """Write the numbers every second, and delete the file at the end.

    `numbers` is called in a thread of its own. Use it once at a time in a process.
    """
    path = folder.metrics / f"{role}-{os.getpid()}.json"
    began, ending = time.time(), threading.Event()

    def run() -> None:
        has_warned = False
        while True:
            try:
                _write(path, ProcessReport(role, os.getpid(), began, numbers()))
            except OSError as error:  # writing numbers must not stop the service
                if not has_warned:
                    LOG.warning("the numbers cannot be written to %s: %s", path, error)
                has_warned = True
            if ending.wait(EVERY):
                return

    thread = threading.Thread(target=run, name="metrics")
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()
        path.unlink(missing_ok=True)


def reports(folder: DataDir) -> list[ProcessReport]:
    """The reports of running processes. Files of ended ones, as after a kill, are deleted."""
    found = []
    for path in sorted(folder.metrics.glob("*.json")):
        try:
            age = time.time() - path.stat().st_mtime
            report = _decoder.decode(path.read_bytes())
        except (OSError, msgspec.MsgspecError):  # the process has just ended, or has another version
            continue
        if _has_ended(report.pid) or age > FORGOTTEN:
            path.unlink(missing_ok=True)
        elif age < SILENT:
            found.append(report)
    return found


def _write(path: Path, report: ProcessReport) -> None:
    """Replace the file as a whole, without fsync: nobody reads it after a power cut."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_suffix(".new")
    unfinished.write_bytes(msgspec.json.encode(report))
    os.replace(unfinished, path)


def _has_ended(pid: int) -> bool:
    if sys.platform == "win32":  # os.kill would end the process
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
