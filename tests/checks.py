"""The checks beside the tests: style, types, import rules. Their outcome is told again at pytest's end."""

import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = Path(sys.executable).parent

CHECKS = {
    "ruff check": [str(SCRIPTS / "ruff"), "check", "."],
    "ruff format": [str(SCRIPTS / "ruff"), "format", "--check", "."],
    "mypy --strict": [sys.executable, "-m", "mypy", "--strict"],
    "import rules": [str(SCRIPTS / "lint-imports")],
}


@dataclass(frozen=True, slots=True)
class Outcome:
    name: str
    passed: bool
    seconds: float

    def __str__(self) -> str:
        return f"{'passed' if self.passed else 'FAILED'}  {self.name} ({self.seconds:.1f} s)"


def run_all() -> list[Outcome]:
    """Run every check, also after one has failed."""
    return [_run(name, command) for name, command in CHECKS.items()]


def heading(name: str) -> None:
    sys.stdout.write(f"\n===== {name} =====\n")
    sys.stdout.flush()


def _run(name: str, command: list[str]) -> Outcome:
    heading(name)
    began = time.monotonic()
    code = subprocess.call(command, cwd=ROOT)
    return Outcome(name, code == 0, time.monotonic() - began)


class ToldAtTheEnd:
    """A pytest plugin: the checks' outcomes as the last section, and failed ones in pytest's closing line too."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self._outcomes = list(outcomes)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._outcomes:
            terminalreporter.section("checks")
        for outcome in self._outcomes:
            terminalreporter.line(str(outcome))
        failed = [outcome for outcome in self._outcomes if not outcome.passed]
        if failed:
            terminalreporter.stats["failed checks"] = failed
