"""The checkout: what pyproject.toml asks for, where `.venv` is, and the record of what set-up has done."""

import json
import os
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

INSTALLED = {"desktop": "order-desk", "messaging": "order-desk-messaging"}  # the commands of pyproject.toml
BASE = "base"  # the group of packages that every program needs; the other groups are pyproject's extras


@dataclass(frozen=True, slots=True)
class Checkout:
    root: Path

    @classmethod
    def here(cls) -> "Checkout | None":
        """The checkout this code runs from, or None when it was installed as a package."""
        root = Path(__file__).resolve().parents[2]
        return cls(root) if (root / "pyproject.toml").is_file() else None

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

    @property
    def lock(self) -> Path:
        return self.root / ".cache" / "setup.lock"

    @property
    def unfinished(self) -> Path:
        """A file that exists while packages are written: found at a start, it shows that the last set-up was
        interrupted."""
        return self.venv / "order-desk-unfinished"

    @property
    def _record(self) -> Path:
        return self.venv / "order-desk-setup.json"

    def requirements(self) -> dict[str, list[str]]:
        project = tomllib.loads((self.root / "pyproject.toml").read_text("utf-8"))["project"]
        return {BASE: project["dependencies"], **project.get("optional-dependencies", {})}

    def is_running(self) -> bool:
        return Path(sys.prefix).resolve() == self.venv.resolve()

    def record(self) -> dict[str, Any]:
        """What the last set-up has done; a damaged record counts as none."""
        try:
            record = json.loads(self._record.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return record if isinstance(record, dict) else {}

    def write_record(self, **changes: object) -> None:
        replacement = self._record.with_suffix(".new")
        replacement.write_text(json.dumps(self.record() | changes, indent=1), "utf-8")
        replacement.replace(self._record)

    def has_groups(self, groups: tuple[str, ...]) -> bool:
        """Are these installed, as pyproject.toml has them now, for the Python that `.venv` points to now?"""
        record = self.record()
        if record.get("python") != self.interpreter() or self.unfinished.exists():
            return False
        wanted, done = self.requirements(), record.get("groups", {})
        return all(done.get(group) == wanted[group] for group in groups)

    def interpreter(self) -> list[str] | None:
        """The Python behind `.venv`, or None where it is gone: upgrading the system's Python breaks an environment."""
        if not self.python.exists():
            return None
        behind = os.path.realpath(self.python)
        same = behind == os.path.realpath(sys.executable)
        version = f"{sys.version_info.major}.{sys.version_info.minor}" if same else self._version_written()
        return [behind, version]

    def _version_written(self) -> str:
        lines = (self.venv / "pyvenv.cfg").read_text("utf-8").splitlines()
        values = dict(line.replace(" ", "").split("=", 1) for line in lines if "=" in line)
        return ".".join(values.get("version", values.get("version_info", "")).split(".")[:2])


def typed(program: str) -> str:
    """The command that starts a program: `python3 -m NAME` in a checkout, else the installed script."""
    return f"python3 -m {program}" if Checkout.here() else INSTALLED[program]
