"""One module's mutants, tried in forked processes: nothing is written, a mutant stands in the memory of its own one.

What neither is the module nor imports it is imported once, before; so a mutant costs its tests and little more.
"""

import ast
import importlib
import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType, ModuleType

import grimp
import pytest

from tests.mutation.mutants import Mutant, mutants
from tests.mutation.targets import PLUGINS, TARGETS

NEW_BOOKS = "NEW_BOOKS"  # as in tests.helpers.books
SHARED_MEMORY = Path("/dev/shm")
# Neither pytest's other plugins nor the fixtures for RabbitMQ: they cost more than the tests.
OPTIONS = ["-x", "-q", "--noconftest", "-c", os.devnull, "--rootdir", ".", "-p", "no:cacheprovider"]
ON_SQLITE = ["-k", "not postgresql"]
CORES = os.cpu_count() or 1


class Mutated:
    """Finds one module, with other code than its file has."""

    def __init__(self, name: str, code: CodeType) -> None:
        self._name, self._code = name, code

    def find_spec(self, name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        return spec_from_loader(name, self) if name == self._name else None  # type: ignore[arg-type]

    def create_module(self, _spec: ModuleSpec) -> None:
        """As any other module."""

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)


class Trial:
    """The tests of one module, with a mutant in its place."""

    def __init__(self, module: str) -> None:
        self._module, self._path = module, Path(*module.split(".")).with_suffix(".py")
        self._seconds = 60  # of computing that a try may take; more is going round in circles

    def survivors(self) -> tuple[list[Mutant], int]:
        """Mutants on which none of the tests fails, and how many there were. RuntimeError where they fail anyhow."""
        source = self._path.read_text(encoding="utf-8")
        process = self._begin(ast.parse(source))
        _, status, used = os.wait4(process, 0)
        if status:
            raise RuntimeError(f"the tests of {self._module} fail without a mutant")
        self._seconds = 2 + 5 * int(used.ru_utime + used.ru_stime + 1)
        tried = list(mutants(source))
        return sorted(self._try(tried), key=lambda one: one.line), len(tried)

    def _try(self, tried: Sequence[Mutant]) -> Iterator[Mutant]:
        running: dict[int, Mutant] = {}
        left = list(tried)
        while left or running:
            while left and len(running) < CORES:
                mutant = left.pop()
                running[self._begin(mutant.tree)] = mutant
            process, status = os.wait()
            if status == 0:
                yield running[process]
            del running[process]

    def _begin(self, tree: ast.Module) -> int:
        process = os.fork()
        if not process:
            try:
                os._exit(self._run(tree))
            except BaseException:  # noqa: BLE001  # a mutant may raise anything: then it is killed
                os._exit(1)
        return process

    def _run(self, tree: ast.Module) -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (self._seconds, self._seconds))
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        sys.meta_path.insert(0, Mutated(self._module, compile(tree, self._path, "exec")))
        plugins = [option for part, plugin in PLUGINS.items() if part in self._module for option in ("-p", plugin)]
        return int(pytest.main([*OPTIONS, *ON_SQLITE, *plugins, *TARGETS[self._module]]))


def prepare(module: str) -> None:
    """Import what its tests need, but for the module itself and whatever imports it; and make books to copy."""
    graph = grimp.build_graph("messaging", "tests")
    concerned = graph.find_downstream_modules(module) | {module}
    for test in TARGETS[module]:
        name = test.removesuffix(".py").replace("/", ".")
        for needed in sorted(graph.find_upstream_modules(name) - concerned):
            importlib.import_module(needed)
    script = "from tests.helpers.books import new_books; print(new_books())"
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)
    os.environ[NEW_BOOKS] = made.stdout.strip()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(dir=SHARED_MEMORY if SHARED_MEMORY.is_dir() else None) as folder:
        os.environ |= {"TMPDIR": folder, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        tempfile.tempdir = None
        prepare(sys.argv[1])
        found, number = Trial(sys.argv[1]).survivors()
    told = [(one.line, one.function, one.mutation) for one in found]
    sys.stdout.write(json.dumps({"tried": number, "survivors": told}) + "\n")
