"""`python3 -m tests mutate [MODULE ...]`: breaks the modules that carry the promises, place by place, and tells which
breaks no fast unit test notices. Each must be explained in explained.toml, or is a failure; so is a stale explanation.
"""

import json
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.checks import ROOT
from tests.mutation.targets import TARGETS

EXPLAINED = Path(__file__).parent / "explained.toml"


@dataclass(frozen=True)
class Survivor:
    module: str
    line: int
    function: str
    mutation: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.module, self.function, self.mutation

    def __str__(self) -> str:
        return f"{self.module}:{self.line} {self.function}: {self.mutation}"


def main(arguments: list[str]) -> int:
    chosen = [name.removesuffix(".py").replace("/", ".") for name in arguments] or list(TARGETS)
    unknown = [name for name in chosen if name not in TARGETS]
    if unknown:
        return _usage(unknown)
    explained = _explained()
    began = time.monotonic()
    results = [_try(name, explained) for name in chosen]
    stale = [
        key for key in explained if key[0] in chosen and key not in {one.key for found in results for one in found}
    ]
    open_ones = [one for found in results for one in found if one.key not in explained]
    for key in stale:
        _tell(f"STALE     {' '.join(key)}")
    _tell(f"{len(open_ones)} unexplained, {len(stale)} stale ({time.monotonic() - began:.0f} s)")
    return 1 if open_ones or stale else 0


def _try(module: str, explained: dict[tuple[str, str, str], str]) -> list[Survivor]:
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.mutation.trial", module]
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    result = json.loads(told.splitlines()[-1])
    found = [Survivor(module, *one) for one in result["survivors"]]
    known = sum(one.key in explained for one in found)
    _tell(
        f"{module}: {result['tried']} mutants, {result['tried'] - len(found)} killed, {known} explained, "
        f"{len(found) - known} survived ({time.monotonic() - began:.0f} s)"
    )
    for one in found:
        if one.key not in explained:
            _tell(f"SURVIVED  {one}")
    return found


def _explained() -> dict[tuple[str, str, str], str]:
    entries = tomllib.loads(EXPLAINED.read_text(encoding="utf-8")).get("survivor", [])
    return {(one["module"], one["function"], one["mutation"]): one["reason"] for one in entries}


def _usage(unknown: list[str]) -> int:
    sys.stderr.write(f"No such module here: {', '.join(unknown)}. There are: {', '.join(TARGETS)}\n")
    return 2


def _tell(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
