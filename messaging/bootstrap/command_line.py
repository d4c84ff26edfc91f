"""The few arguments that set-up itself needs; the programs' own parsers need packages that are not there yet."""

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from messaging.bootstrap.checkout import BASE
from messaging.bootstrap.settings_file import text_of, values_of


@dataclass(frozen=True, slots=True)
class Peek:
    """The arguments that matter before anything is installed. The program's own parser reports wrong ones."""

    words: tuple[str, ...]
    broker: str
    database: str
    rabbitmq_server: str
    screenshots: bool
    setup_only: bool
    help: bool

    @classmethod
    def at(cls, arguments: Sequence[str], environ: Mapping[str, str]) -> "Peek":
        seen = _seen(arguments)
        kept = _settings_file(seen.data_dir or environ.get("ORDER_DESK_DATA_DIR", ""), environ)

        def option(name: str) -> str:
            given = getattr(seen, name)
            return str(given or environ.get("ORDER_DESK_" + name.upper()) or kept.get(name, ""))

        return cls(
            words=tuple(seen.words),
            broker=option("broker"),
            database=option("database"),
            rabbitmq_server=option("rabbitmq_server"),
            screenshots=seen.screenshots is not None,
            setup_only=seen.setup_only,
            help=seen.help,
        )

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups of packages to install: the driver for PostgreSQL only where that database is named."""
        return (BASE, "postgres") if self.database.startswith("postgresql") else (BASE,)


class _Quiet(argparse.ArgumentParser):
    """Raises instead of printing."""

    def error(self, message: str) -> NoReturn:
        raise argparse.ArgumentError(None, message)


def _parser() -> argparse.ArgumentParser:
    parser = _Quiet(add_help=False, allow_abbrev=False)
    for name in ("--broker", "--database", "--rabbitmq-server", "--data-dir", "--screenshots"):
        parser.add_argument(name)
    parser.add_argument("--setup-only", action="store_true")
    parser.add_argument("-h", "--help", action="store_true")
    parser.add_argument("words", nargs="*")
    return parser


def _seen(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    try:
        return parser.parse_known_args(_without_dangling(arguments))[0]
    except argparse.ArgumentError:
        return parser.parse_known_args([])[0]


def _without_dangling(arguments: Sequence[str]) -> list[str]:
    """Drop a last option without its value, which would end the program here instead of in its own parser."""
    options = ("--broker", "--database", "--rabbitmq-server", "--data-dir", "--screenshots")
    return list(arguments[:-1] if arguments and arguments[-1] in options else arguments)


def _settings_file(data_dir: str, environ: Mapping[str, str]) -> dict[str, object]:
    """What settings.toml says, or nothing: an unreadable one is reported by messaging.runtime.settings."""
    try:
        folder = Path(data_dir).expanduser() if data_dir else _usual_data_dir(environ)
        return values_of(text_of(folder / "settings.toml"))
    except (OSError, ValueError, RuntimeError):  # RuntimeError: no home
        return {}


def _usual_data_dir(environ: Mapping[str, str]) -> Path:
    """The same folder as messaging.runtime.paths has from platformdirs, which is not installed yet."""
    if os.name == "nt":
        return Path(environ.get("LOCALAPPDATA", "~")).expanduser() / "order-desk"
    if sys.platform == "darwin":
        return Path("~/Library/Application Support/order-desk").expanduser()
    return Path(environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "order-desk"
