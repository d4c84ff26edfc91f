"""All checks and tests: `python3 -m tests`; with pytest arguments, only those tests: `python3 -m tests -k outbox`.

`--broker 4.3` runs them on that RabbitMQ instead of the installed one, fetched at the first time.
"""

import importlib
import os
import sys
from collections.abc import Callable

from desktop.__main__ import QT_MODULES
from messaging.bootstrap import Needs, exit_code, prepare
from messaging.bootstrap.checkout import BASE
from messaging.bootstrap.parts import rabbitmq, window_parts
from messaging.bootstrap.rabbitmq_server import VARIABLE
from tests import releases
from tests.system_parts import postgresql

# A first word that is one of these runs main(arguments) of that module instead of the tests.
OTHERS = {
    "benchmark": "tests.benchmarks",
    "faults": "tests.faults.long",
    "mutate": "tests.mutation",
    "screenshots": "tests.screenshots",
    "translations": "tests.translations",
}

# Tests wait more than they compute: one process more than the two cores of a small machine. Each has a node of its own.
SIDE_BY_SIDE = ["--numprocesses", "3", "--dist", "loadfile", "--quiet"]


def main(arguments: list[str]) -> int:
    return exit_code(lambda: _run(arguments))


def _run(arguments: list[str]) -> int:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    series, others = releases.chosen(arguments)
    brokers = releases.parts(series) if series else (rabbitmq(os.environ),)
    parts = (*window_parts(os.environ), *brokers, postgresql(os.environ))
    prepare("tests", arguments, Needs((BASE, "test"), parts, QT_MODULES))
    arguments = others
    if series:
        os.environ[VARIABLE] = str(releases.launcher(series))
    if arguments and arguments[0] in OTHERS:
        other: Callable[[list[str]], int] = importlib.import_module(OTHERS[arguments[0]]).main
        return other(arguments[1:])
    return _tests(arguments)


def _tests(arguments: list[str]) -> int:
    """pytest comes last, so that its closing line is the last line there is."""
    import pytest

    from tests import checks

    outcomes = [] if arguments else checks.run_all()
    if outcomes:
        checks.heading("pytest")
    plugins = [checks.ToldAtTheEnd(outcomes)]
    code = int(pytest.main(arguments or [*SIDE_BY_SIDE, str(checks.ROOT / "tests")], plugins=plugins))
    return code or int(not all(outcome.passed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
