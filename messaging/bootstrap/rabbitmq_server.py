"""Finding the installed RabbitMQ, without PATH; standard library only, because set-up uses it too."""

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

VARIABLE = "ORDER_DESK_RABBITMQ_SERVER"

# The scripts themselves. Debian's /usr/sbin/rabbitmq-server is only a wrapper: it refuses ordinary users and
# switches root to the user rabbitmq, so it cannot run a node in somebody's own folder.
UNIX_PLACES = (
    "/usr/lib/rabbitmq/bin/rabbitmq-server",
    "/usr/local/lib/rabbitmq/bin/rabbitmq-server",
    "/opt/rabbitmq/sbin/rabbitmq-server",
    "/opt/homebrew/opt/rabbitmq/sbin/rabbitmq-server",
    "/usr/local/opt/rabbitmq/sbin/rabbitmq-server",
    "/home/linuxbrew/.linuxbrew/opt/rabbitmq/sbin/rabbitmq-server",
    "/opt/local/lib/rabbitmq/bin/rabbitmq-server",
)


def find_rabbitmq_server(environ: Mapping[str, str]) -> Path | None:
    """The script that starts a node, or None. A path in the environment is the only one tried."""
    given = environ.get(VARIABLE, "")
    places = iter([Path(given).expanduser()]) if given else _places(environ)
    return next((place for place in places if _can_start(place)), None)


def _places(environ: Mapping[str, str]) -> Iterator[Path]:
    if os.name == "nt":
        yield from _windows_places(environ)
    else:
        yield from map(Path, UNIX_PLACES)
    for folder in environ.get("PATH", "").split(os.pathsep):
        found = shutil.which("rabbitmq-server", path=folder) if folder else None
        if found and not _is_wrapper(Path(found)):
            yield Path(found).resolve()


def _windows_places(environ: Mapping[str, str]) -> list[Path]:
    """The newest version first; the installer keeps one folder per version."""
    bases = {environ.get(name, "") for name in ("ProgramFiles", "ProgramW6432", "ProgramFiles(x86)")} - {""}
    pattern = "RabbitMQ Server/rabbitmq_server-*/sbin/rabbitmq-server.bat"
    return sorted((path for base in bases for path in Path(base).glob(pattern)), key=_version, reverse=True)


def _version(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", path.parent.parent.name))


def _is_wrapper(path: Path) -> bool:
    return path.resolve().name == "rabbitmq-script-wrapper"


def _can_start(path: Path) -> bool:
    return path.is_file() and os.access(path, os.X_OK)
