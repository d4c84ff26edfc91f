"""How long threads waited for a core that others were using: on a busy machine most of what the clock shows."""

import os
import threading
from typing import Self


class Waits:
    """Of the calling thread, and of the one among the others that waited longest: it may have held Python's lock, or
    done what this one waited for."""

    def __init__(self, others: str = "") -> None:
        """`others`: how the names begin of those that count."""
        mine = threading.get_native_id()
        named = [thread.native_id for thread in threading.enumerate() if thread.name.startswith(others)]
        ids = [mine, *(other for other in named if other not in (mine, None))]
        self._files = [os.open(f"/proc/self/task/{one}/schedstat", os.O_RDONLY) for one in ids]
        self._last = self._read()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for file in self._files:
            os.close(file)

    def since_last(self) -> tuple[float, float]:
        """Seconds that this thread computed, and that were waited for a core."""
        before, self._last = self._last, self._read()
        spans = [(now[0] - then[0], now[1] - then[1]) for then, now in zip(before, self._last, strict=True)]
        return spans[0][0], spans[0][1] + max((waited for _, waited in spans[1:]), default=0.0)

    def _read(self) -> list[tuple[float, float]]:
        return [_running_and_waiting(file) for file in self._files]


def waited_from_the_start() -> float:
    """Seconds of this process's first thread, also from before it became another program."""
    file = os.open("/proc/self/schedstat", os.O_RDONLY)
    try:
        return _running_and_waiting(file)[1]
    finally:
        os.close(file)


def _running_and_waiting(file: int) -> tuple[float, float]:
    try:
        running, waiting, _ = os.pread(file, 100, 0).split()
    except (OSError, ValueError):  # the thread has ended
        return 0.0, 0.0
    return int(running) / 1e9, int(waiting) / 1e9
