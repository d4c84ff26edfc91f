"""What `pip install .` gives: the commands, the code, and everything of resources/."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.helpers.checkouts import ROOT, plain_environ

PACKAGES = ("desktop", "messaging", "resources")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy: setuptools leaves a build folder behind, whose old files would get into the next wheel."""
    copy = tmp_path_factory.mktemp("copy")
    for name in PACKAGES:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    _pip("wheel", ".", "--no-deps", "--no-build-isolation", "--wheel-dir", "out", cwd=copy)
    return next((copy / "out").glob("order_desk-*.whl"))


def test_everything_of_resources_and_all_code_is_in_the_wheel(wheel: Path) -> None:
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tree = {
        path.relative_to(ROOT).as_posix() for name in PACKAGES for path in (ROOT / name).rglob("*") if path.is_file()
    }
    wanted = {
        name
        for name in tree
        if "__pycache__" not in name and (name.startswith("resources/") or not name.endswith(".md"))
    }
    assert wanted - inside == set()
    assert {name.partition("/")[0] for name in inside} == set(PACKAGES)


def test_the_installed_commands_start_without_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """The dependencies are borrowed from this environment; the product comes from the wheel alone."""
    target = tmp_path / "installed"
    _pip("install", "--no-deps", "--no-index", "--target", str(target), str(wheel), cwd=tmp_path)
    environ = plain_environ(PYTHONPATH=str(target))
    for command, word in (("order-desk", "demo"), ("order-desk-messaging", "place")):
        script = target / "bin" / (command + (".exe" if os.name == "nt" else ""))
        ended = subprocess.run(
            [script, "--help"], cwd=tmp_path, env=environ, capture_output=True, text=True, check=False
        )
        assert ended.returncode == 0, ended.stderr
        assert word in ended.stdout
    assert not (target / ".venv").exists()


def _pip(*arguments: str, cwd: Path) -> None:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", *arguments]
    ended = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stdout + ended.stderr
