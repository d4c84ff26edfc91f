"""RabbitMQ as other Debian releases have it, for `python3 -m tests --broker 4.3`; standard library only.

debootstrap fetches the release into `.cache`; a small script beside it starts its node in a chroot, and is
given to the product as the rabbitmq-server to use. Everything else is as with an installed one.
"""

import argparse
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from messaging.bootstrap import Part, SetUpFailed, lock
from messaging.bootstrap.processes import run_telling
from messaging.bootstrap.prompts import say
from messaging.phrases import Words

SUITES = {"3.10": "bookworm", "4.0": "trixie", "4.3": "forky"}
CACHE = Path(__file__).resolve().parent.parent / ".cache"
SCRIPTS = Path("/usr/share/debootstrap/scripts")
YOUNG_SUITE = "sid"  # debootstrap's script for a suite that came after this debootstrap
KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
PROGRESS = (
    "I: Retrieving InRelease",
    "I: Checking component",
    "I: Installing core",
    "I: Unpacking the base",
    "I: Base",
)

# Starts the program of RabbitMQ whose name the script has. Every step replaces the one before in the same process:
# signals, exit code and command line are RabbitMQ's own. The mounts are in a mount namespace of that process and go
# with it. The data have the same path inside.
LAUNCHER = """\
#!/bin/sh
set -eu
[ "${{1:-}}" = --mounted ] || exec unshare --mount -- "$0" --mounted "$@"
shift
system={system}
data=$(dirname "$RABBITMQ_CONFIG_FILE")
mkdir -p "$system$data"
mount --bind "$data" "$system$data"
mount --rbind /dev "$system/dev"
mount --bind /proc "$system/proc"
exec chroot "$system" /usr/bin/env --chdir="$data" LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin \\
  /usr/lib/rabbitmq/bin/"$(basename "$0")" "$@"
"""


@dataclass(frozen=True, slots=True)
class Release:
    """One series of RabbitMQ, and where it is kept here."""

    series: str

    @property
    def suite(self) -> str:
        return SUITES[self.series]

    @property
    def folder(self) -> Path:
        return CACHE / f"rabbitmq-{self.series}"

    @property
    def lock(self) -> Path:
        return CACHE / f"rabbitmq-{self.series}.lock"

    @property
    def system(self) -> Path:
        return self.folder / "system"

    @property
    def launcher(self) -> Path:
        """Beside a folder `plugins`, as in an installation: there the product reads the version."""
        return self.folder / "sbin" / "rabbitmq-server"


def chosen(arguments: list[str]) -> tuple[str | None, list[str]]:
    """The series that `--broker` names, and the other arguments."""
    parser = argparse.ArgumentParser("python3 -m tests", add_help=False, allow_abbrev=False)
    parser.add_argument("--broker", choices=SUITES)
    options, others = parser.parse_known_args(arguments)
    return options.broker, others


def parts(series: str) -> tuple[Part, ...]:
    """What fetching needs of the system; raises SetUpFailed where that cannot be."""
    if sys.platform != "linux" or os.geteuid() != 0:
        raise SetUpFailed(
            Words(f"RabbitMQ {series} runs in a chroot, which takes root on Linux: use sudo, or a container.")
        )
    return (
        Part("debootstrap", lambda: shutil.which("debootstrap", path=_path()) is not None, "debootstrap"),
        Part("Debian's archive keys", KEYS.exists, "debian-archive-keyring"),
    )


def launcher(series: str) -> Path:
    """The script that starts this series' node, fetched unless it is there; raises SetUpFailed."""
    release = Release(series)
    if sys.platform != "linux" or os.geteuid() != 0:
        raise SetUpFailed(
            Words(f"RabbitMQ {series} is run in a chroot, which only root on Linux may: use sudo or a container.")
        )
    with lock.held(release.lock):
        if not release.launcher.exists():
            _fetch(release)
    return release.launcher


def _fetch(release: Release) -> None:
    say(
        f"Fetching RabbitMQ {release.series} of Debian {release.suite} into {release.folder}; it takes a minute or two."
    )
    shutil.rmtree(release.folder, ignore_errors=True)
    release.folder.mkdir(parents=True)
    _debootstrap(release)
    (release.system / "etc/hosts").write_text("127.0.0.1 localhost\n::1 localhost\n", "utf-8")
    found = [path.name.rpartition("-")[2] for path in _installed(release)]
    if not any(version.startswith(release.series + ".") for version in found):
        raise SetUpFailed(
            Words(f"Debian {release.suite} has RabbitMQ {', '.join(found) or 'not'} now, not {release.series}.")
        )
    _write_launcher(release)


def _installed(release: Release) -> list[Path]:
    return list((release.system / "usr/lib/rabbitmq/lib").glob("rabbitmq_server-*"))


def _write_launcher(release: Release) -> None:
    """The server's script comes last: its presence says that all is there."""
    (release.folder / "plugins").symlink_to(_installed(release)[0] / "plugins")
    release.launcher.parent.mkdir()
    for script in (release.launcher.with_name("rabbitmqctl"), release.launcher):
        fresh = script.with_suffix(".new")
        fresh.write_text(LAUNCHER.format(system=shlex.quote(str(release.system))), "utf-8")
        fresh.chmod(0o755)
        fresh.replace(script)


def _debootstrap(release: Release) -> None:
    """In a mount namespace: what it mounts goes with it, also where it is interrupted."""
    command = ["unshare", "--mount", "debootstrap", "--variant=minbase", "--include=rabbitmq-server"]
    command += [f"--keyring={KEYS}", release.suite, str(release.system), _mirror()]
    if not (SCRIPTS / release.suite).exists():
        command.append(str(SCRIPTS / YOUNG_SUITE))
    environ = {**os.environ, **_proxies(os.environ), "PATH": _path(), "DEBIAN_FRONTEND": "noninteractive"}
    code, last = run_telling(command, PROGRESS, ("E:", "W: Failure"), environ)
    if code:
        log = release.system / "debootstrap" / "debootstrap.log"
        raise SetUpFailed(Words(f"{shlex.join(command)} failed (exit {code}). {last} See {log}."))


def _path() -> str:
    """An ordinary user's PATH lacks the folder of debootstrap and chroot."""
    return os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))


def _mirror() -> str:
    """The mirror that this machine's apt takes Debian from."""
    form = "$(ORIGIN)|$(LABEL)|$(REPO_URI)"
    found = [line.split("|") for line in _lines("apt-get", "indextargets", "--format", form, "Created-By: Packages")]
    for origin, label, uri in found:
        if origin == label == "Debian":
            return uri
    raise SetUpFailed(Words("apt knows no Debian mirror on this machine; where it should, type: apt-get update"))


def _proxies(environ: Mapping[str, str]) -> dict[str, str]:
    """apt's proxies, for debootstrap's wget, unless the environment names others."""
    asked = ("http_proxy", "Acquire::http::Proxy", "https_proxy", "Acquire::https::Proxy")
    found = dict(shlex.split(line)[0].split("=", 1) for line in _lines("apt-config", "shell", *asked))
    return {name: value for name, value in found.items() if name not in environ and value != "DIRECT"}


def _lines(*command: str) -> list[str]:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
    except (OSError, subprocess.CalledProcessError) as error:
        raise SetUpFailed(
            Words(f"{shlex.join(command)} failed: {error}. This needs a Debian or Ubuntu system.")
        ) from error
