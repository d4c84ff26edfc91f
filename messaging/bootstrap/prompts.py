"""Printing and asking during set-up: one line per step, on stderr, so that stdout stays the program's own."""

import sys

from messaging.errors import OrderDeskError
from messaging.texts import printable


class SetUpFailed(OrderDeskError):
    """A part that the program needs is missing and could not be installed."""


def say(line: str) -> None:
    """Print on stderr; lines of a log below the first are indented."""
    first, *rest = line.split("\n")
    sys.stderr.write("\n  ".join([printable(first), *map(printable, rest)]) + "\n")
    sys.stderr.flush()


def on_a_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def agreed(question: str) -> bool:
    """Ask yes or no; no answer is a no."""
    sys.stderr.write(question + " [y/N] ")
    sys.stderr.flush()
    return sys.stdin.readline().strip().lower() in ("y", "yes")
