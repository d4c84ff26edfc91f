"""Making `.venv` and installing the packages of pyproject.toml in it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence

from messaging.bootstrap.checkout import Checkout
from messaging.bootstrap.processes import run_telling
from messaging.bootstrap.prompts import SetUpFailed, say
from messaging.phrases import Words, phrase


def make_ready(checkout: Checkout, groups: Sequence[str], again: str, lock: int) -> None:
    """Install the groups in `.venv`. `again` is the command to type after a failure, once its cause is removed."""
    _make(checkout, lock)
    _fill(checkout, groups, again, lock)


def _make(checkout: Checkout, lock: int) -> None:
    """Make it where it is missing, unfinished, or belongs to a Python that was removed."""
    record = checkout.record()
    broken = checkout.unfinished.exists() or checkout.interpreter() is None
    other_python = bool(record) and record.get("python") != checkout.interpreter()
    if not broken and not other_python and _has_pip(checkout):
        return
    say(f"Making a Python environment in {checkout.venv} ...")
    base_python: str = getattr(sys, "_base_executable", sys.executable)
    _empty(checkout)
    command = [base_python, "-m", "venv", str(checkout.venv)]
    code, last = run_telling(command, (), ("Error", "The virtual environment"), os.environ, _kept(lock))
    if code:
        raise SetUpFailed(
            Words(phrase("environment.this_failed_exit", code=code, command=" ".join(command), last=last).rstrip())
        )


def _empty(checkout: Checkout) -> None:
    """`venv --clear` would also delete the mark that this work is unfinished."""
    checkout.venv.mkdir(exist_ok=True)
    checkout.unfinished.touch()
    for child in checkout.venv.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        elif child != checkout.unfinished:
            child.unlink()


def _fill(checkout: Checkout, groups: Sequence[str], again: str, lock: int) -> None:
    requirements = checkout.requirements()
    wanted = [line for group in groups for line in requirements[group]]
    size = "" if checkout.record() else ", about 90 MB to download"
    say(f"Installing Python packages ({len(wanted)}){size} ...")
    checkout.unfinished.touch()
    code, last = run_telling(_pip(checkout, wanted), ("Downloading",), ("ERROR",), _pip_environ(), _kept(lock))
    checkout.unfinished.unlink()  # pip ended in order: it installs only once everything is downloaded
    if code:
        raise SetUpFailed(phrase("environment.python_packages_could_not_be_installed", last=last, again=again))
    done = checkout.record().get("groups", {}) if _same_python(checkout) else {}
    fresh = {group: requirements[group] for group in groups}
    checkout.write_record(groups=done | fresh, python=checkout.interpreter())


def _same_python(checkout: Checkout) -> bool:
    return bool(checkout.record().get("python") == checkout.interpreter())


def _pip(checkout: Checkout, wanted: Sequence[str]) -> list[str]:
    # -I: the checkout's own folders named tests and resources must not be in pip's way.
    pip = [str(checkout.python), "-I", "-m", "pip", "--disable-pip-version-check", "--no-input"]
    return [*pip, "install", "--progress-bar", "off", *wanted]


def _pip_environ() -> dict[str, str]:
    return os.environ | {"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"}


def _has_pip(checkout: Checkout) -> bool:
    command = [str(checkout.python), "-I", "-c", "import pip"]
    return subprocess.call(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0


def _kept(lock: int) -> tuple[int, ...]:
    """The descriptors to inherit; none on Windows, which has no such descriptors."""
    return () if os.name == "nt" else (lock,)
