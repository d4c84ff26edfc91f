"""The window as `python3 -m desktop` opens it, with a stopwatch inside: `... inside BEGAN WHAT [its arguments]`.

Needs the standard library only, and goes over into `.venv` as the command itself does.
"""

import importlib
import os
import sys

from desktop.__main__ import needs
from desktop.application import startup
from messaging.bootstrap import Peek, exit_code, prepare

PROGRAM = "tests.benchmarks.window.inside"


def main(given: list[str]) -> int:
    prepare(PROGRAM, given, needs(Peek.at(given[2:], os.environ)))
    startup.prepare()
    stopwatch = importlib.import_module("tests.benchmarks.window.stopwatch")
    try:
        return int(stopwatch.main(float(given[0]), given[1], given[2:]))
    finally:
        startup.leave()


if __name__ == "__main__":
    sys.exit(exit_code(lambda: main(sys.argv[1:])))
