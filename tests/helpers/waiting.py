"""Waiting for a condition: never for a time."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def eventually(condition: Callable[[], T], timeout: float = 20.0, message: str = "") -> T:
    """The condition's first true value; fails the test after `timeout` seconds with the last one."""
    until = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise AssertionError(f"{message or 'the condition'} did not come true in {timeout:g} s; last: {value!r}")
        time.sleep(0.02)
