"""Installing missing system packages: after a question, or at once for root without a terminal."""

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from messaging.bootstrap.parts import Part
from messaging.bootstrap.processes import run_telling
from messaging.bootstrap.prompts import SetUpFailed, agreed, on_a_terminal, say
from messaging.phrases import Words, phrase

Command = list[str]

POLICY = Path("/usr/sbin/policy-rc.d")
MARK = "# order-desk: for the time of one installation"


def see_to(parts: Sequence[Part]) -> None:
    """Install the missing parts; raises SetUpFailed with the command to type where the user declines or it fails."""
    missing = [part for part in parts if not part.present()]
    if not missing:
        return
    say("Missing on this machine: " + _names(missing) + ".")
    _install(missing)
    still = [part for part in missing if not part.present()]
    if still:
        raise SetUpFailed(
            Words(
                phrase(
                    "packages.still_missing_after_the_installation", still=_names(still), still_=_other_broker(still)
                ).rstrip()
            )
        )


def _install(missing: Sequence[Part]) -> None:
    commands = _commands(missing)
    if not commands:
        what = f"Install {_names(missing)} with your system's package manager and start again."
        raise SetUpFailed(Words(phrase("packages.what_missing", what=what, missing=_other_broker(missing)).rstrip()))
    typed = " && ".join(shlex.join(command) for command in commands)
    root = _is_root()
    if not on_a_terminal():
        if not (root and commands[0][0] == "apt-get"):
            raise SetUpFailed(
                Words(phrase("packages.type_and_start_again", typed=typed, missing=_other_broker(missing)).rstrip())
            )
        say("Installing system packages, which takes some minutes: " + typed)
    else:
        say("Order Desk needs: " + typed)
        if not agreed("Run it now?"):
            raise SetUpFailed(phrase("packages.nothing_was_installed_type_the_line", missing=_other_broker(missing)))
    with _no_services(root):
        for command in commands:
            _run(command, fatal="update" not in command)
    _tell_about_service(missing)


def _commands(missing: Sequence[Part]) -> list[Command]:
    """The commands of the first package manager that has all missing parts."""
    if shutil.which("apt-get"):
        before = [] if _is_root() else ["sudo"]
        names = [part.debian for part in missing]
        install = [*before, "apt-get", "install", "-y", "--no-install-recommends", *names]
        return [[*before, "apt-get", "update"], install] if all(names) else []
    for manager, names in (
        ("brew", [part.homebrew for part in missing]),
        ("choco", [part.chocolatey for part in missing]),
    ):
        if shutil.which(manager) and all(names):
            return [[manager, "install", *names]]
    return []


def _run(command: Command, fatal: bool) -> None:
    environ = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        code, last = (
            (subprocess.call(command, env=environ), "")
            if on_a_terminal()
            else run_telling(command, ("Fetched", "Need to get"), ("E:",), environ)
        )
    except OSError as error:
        code, last = 127, str(error)
    if code and fatal:
        raise SetUpFailed(
            Words(phrase("packages.failed_exit", command=shlex.join(command), code=code, last=last).rstrip())
        )
    if code:
        say(f"{shlex.join(command)} failed (exit {code}); going on with the package lists that are there. {last}")


@contextmanager
def _no_services(root: bool) -> Iterator[None]:
    """Keep Debian from starting the installed service: a system broker would take port 5672."""
    ours = root and shutil.which("dpkg") is not None and (not POLICY.exists() or MARK in POLICY.read_text("utf-8"))
    if not ours:
        yield
        return
    POLICY.write_text(f"#!/bin/sh\n{MARK}\nexit 101\n", "utf-8")
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def _tell_about_service(installed: Sequence[Part]) -> None:
    services = [part.debian for part in installed if part.debian in ("rabbitmq-server", "postgresql")]
    if services and shutil.which("systemctl"):
        command = "systemctl disable --now " + " ".join(services)
        say(f"Order Desk starts its own; to keep the system's from running: {command}")


def _names(parts: Sequence[Part]) -> str:
    return ", ".join(part.name for part in parts)


def _other_broker(parts: Sequence[Part]) -> str:
    wanted = any(part.name == "RabbitMQ" for part in parts)
    return "Or use a RabbitMQ that runs elsewhere: ORDER_DESK_BROKER=amqp://user:password@host" if wanted else ""


def _is_root() -> bool:
    return sys.platform != "win32" and os.geteuid() == 0
