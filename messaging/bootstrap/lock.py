"""One set-up at a time, however many windows are started at once."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from messaging.bootstrap.prompts import say

WAITING = "Another start is setting Order Desk up; waiting for it."


@contextmanager
def held(path: Path) -> Iterator[int]:
    """Hold the lock and yield its descriptor; the system releases it when the last process that has it ends."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _take(descriptor)
        yield descriptor
    finally:
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _take(descriptor: int) -> None:
        said = False
        while True:
            try:
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)  # tries for ten seconds, then raises
                return
            except OSError:
                if not said:
                    say(WAITING)
                    said = True

else:
    import fcntl

    def _take(descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(WAITING)
            fcntl.flock(descriptor, fcntl.LOCK_EX)
