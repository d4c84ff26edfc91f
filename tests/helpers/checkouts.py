"""A small checkout that sets itself up with the product's own bootstrap, as on an empty machine."""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from messaging.phrases import PHRASES

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import os, sys
from messaging.bootstrap import Needs, exit_code, prepare

def work():
    prepare("program", sys.argv[1:], Needs())
    import sample
    print(sys.prefix, sample.VERSION, sys.argv[1:])
    return 0

sys.exit(exit_code(work))
"""


class SmallCheckout:
    """One program, one dependency (a wheel on disk, so that no network is asked)."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        (root / "messaging").mkdir(parents=True)
        shutil.copytree(ROOT / "messaging/bootstrap", root / "messaging/bootstrap")
        for name in ("__init__.py", "errors.py", "messages.py", "phrases.py", "texts.py"):
            shutil.copy(ROOT / "messaging" / name, root / "messaging")
        (root / "resources/translations").mkdir(parents=True)
        for name in ("__init__.py", PHRASES):
            shutil.copy(ROOT / "resources" / name, root / "resources" / name)
        (root / "program").mkdir()
        (root / "program/__main__.py").write_text(PROGRAM, "utf-8")
        self.need(make_wheel(root, "1.0"))

    def need(self, wheel: Path) -> None:
        text = f'[project]\nname = "small"\ndependencies = ["sample @ {wheel.as_uri()}"]\n'
        (self.root / "pyproject.toml").write_text(text, "utf-8")

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [base_python(), "-m", "program", *arguments],
            cwd=self.root,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=plain_environ(),
        )

    def run(self, *arguments: str) -> tuple[int, str, str]:
        """Exit code, stdout and stderr."""
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=100)
        return process.returncode, out, err


def make_wheel(folder: Path, version: str) -> Path:
    """The package `sample`, made by hand."""
    wheel = folder / f"sample-{version}-py3-none-any.whl"
    info = f"sample-{version}.dist-info"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("sample.py", f"VERSION = {version!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: sample\nVersion: {version}\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return wheel


def base_python() -> str:
    """The Python outside of any environment, as a person has it on a fresh machine."""
    return str(getattr(sys, "_base_executable", sys.executable))


def plain_environ(**more: str) -> Mapping[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")} | more
