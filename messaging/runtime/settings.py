"""Every option, declared once as data: type, default, help; the environment name follows from it.

Stronger first: command line, environment (ORDER_DESK_<NAME>), settings.toml in the data directory, default.
"""

import argparse
import json
import math
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import msgspec

from messaging.bootstrap.settings_file import text_of, values_of
from messaging.errors import UsageError
from messaging.phrases import Words, phrase
from messaging.runtime.arguments import PATHS
from messaging.runtime.paths import DataDir
from messaging.texts import holds_password, printable, redacted

PREFIX = "ORDER_DESK_"
SENDERS = ("any", "vouched")
KINDS = {int: "a whole number", float: "a number", str: "a text"}
CHOICES = {"log_level": ("DEBUG", "INFO", "WARNING", "ERROR"), "senders": SENDERS}
HOLD_PASSWORDS = ("broker", "database")  # what they are given is never shown
UNQUOTED = "/\\: ~!$&'()*+,;=@[]"
# AMQP counts seconds of the heartbeat and messages handed over (four batches) in 16 bits, channels up to 2,047.
MOST = {
    "heartbeat": 65_535,
    "retry_most": 86_400,
    "confirm_window": 1_000_000,
    "batch": 10_000,
    "consumers": 1_000,
    "keep_dropped": 36_500,
}


def _option(default: Any, help_text: str) -> Any:
    return field(default=default, metadata={"help": help_text})


@dataclass(frozen=True, slots=True)
class Settings:
    broker: str = _option("", "AMQP URL of a RabbitMQ, several with commas; empty: the private node")
    database: str = _option("", "SQLAlchemy URL of the warehouse's database; empty: SQLite in the data directory")
    data_dir: str = _option("", "folder for everything that is kept; empty: the user's data directory")
    rabbitmq_server: str = _option("", "path of the rabbitmq-server to start; empty: look for it")
    heartbeat: int = _option(10, "seconds between heartbeats; a dead peer is noticed after two to three")
    retry_most: float = _option(10.0, "longest pause between two tries to connect, in seconds")
    confirm_window: int = _option(1000, "messages in flight without a confirm, at most")
    batch: int = _option(200, "orders in one transaction, at most")
    consumers: int = _option(1, "consumers of one warehouse on the order queue")
    senders: str = _option(
        "any", "whose orders a warehouse takes: any, or vouched: those whose user has an account of that name"
    )
    keep_dropped: int = _option(30, "days for which messages are kept that were dropped, or taken when sent again")
    log_level: str = _option("INFO", "DEBUG, INFO, WARNING or ERROR")

    @property
    def folder(self) -> DataDir:
        return DataDir.at(self.data_dir)

    @property
    def database_url(self) -> str:
        """A folder's name may hold signs that mean something in a URL."""
        return self.database or f"sqlite:///{quote(os.fsencode(self.folder.warehouse), safe=UNQUOTED)}"

    @property
    def broker_urls(self) -> tuple[str, ...]:
        return tuple(url.strip() for url in self.broker.split(",") if url.strip())


def options() -> tuple[Field[Any], ...]:
    return fields(Settings)


def add_arguments(parser: argparse.ArgumentParser, *names: str) -> None:
    """Give the parser an argument for each named option, or for all."""
    for option in options():
        if not names or option.name in names:
            flag = "--" + option.name.replace("_", "-")
            shown = "" if option.default in ("", MISSING) else f" (default {option.default})"
            parser.add_argument(
                flag, dest=option.name, default=None, help=option.metadata["help"] + shown, metavar="VALUE"
            )


def load(arguments: Mapping[str, object], environ: Mapping[str, str]) -> Settings:
    """Merge the sources; raises UsageError naming the option, where it came from and what it takes."""
    given = {o.name: arguments[o.name] for o in options() if arguments.get(o.name) is not None}
    from_environment = {
        o.name: environ[PREFIX + o.name.upper()] for o in options() if PREFIX + o.name.upper() in environ
    }
    data_dir = str(given.get("data_dir") or from_environment.get("data_dir") or "")
    from_file = _read_file(DataDir.at(data_dir).settings)
    merged: dict[str, object] = {}
    for source, values in (("settings.toml", from_file), ("environment", from_environment), ("command line", given)):
        merged |= {name: _checked(name, value, source) for name, value in values.items()}
    return Settings(**merged)  # type: ignore[arg-type]  # _checked has converted each value to its field's type


def _checked(name: str, value: object, source: str) -> Any:
    kind = _kind(name, source)
    if name not in HOLD_PASSWORDS and holds_password(str(value)):
        raise UsageError(phrase(f"{name} ({source}): an address with a password does not belong here."))
    try:
        _refuse_odd_text(name, value)
        result: Any = msgspec.convert(value, kind, strict=False)
    except (msgspec.ValidationError, ValueError):
        if name in HOLD_PASSWORDS:
            raise UsageError(phrase(f"{name} ({source}): this is not {KINDS[kind]}.")) from None
        raise UsageError(phrase(f"{name} ({source}): {value!r:.40} is not {KINDS[kind]}.")) from None
    if kind in (int, float) and not 0 < result < math.inf:  # NaN is neither
        raise UsageError(phrase(f"{name} ({source}): use a number above zero, not {value!r:.40}."))
    if name in MOST and result > MOST[name]:
        raise UsageError(phrase(f"{name} ({source}): {MOST[name]:,} is the most, not {value!r:.40}."))
    if name == "broker" and not all(map(_is_address, result.split(","))):
        raise UsageError(phrase(f"broker ({source}): use amqp://USER:PASSWORD@HOST:PORT/VHOST, several with commas."))
    if result not in CHOICES.get(name, (result,)):
        raise UsageError(phrase(f"{name} ({source}): use one of {', '.join(CHOICES[name])}, not {value!r:.40}."))
    return result


def _kind(name: str, source: str) -> type:
    option = next((o for o in options() if o.name == name), None)
    if option is None:
        raise UsageError(phrase(f"{source}: there is no option {redacted(printable(name))[:80]!r}; see --help."))
    return type(option.default)


def _is_address(url: str) -> bool:
    """It may hold a password: whoever refuses it must not show it."""
    try:
        parts = urlsplit(url.strip())
        return not url.strip() or (parts.scheme in ("amqp", "amqps") and (parts.port is None or parts.port > 0))
    except ValueError:
        return False


def _refuse_odd_text(name: str, value: object) -> None:
    """No file, address or account has a NUL in its name; only paths may hold what is not UTF-8. Raises ValueError."""
    if isinstance(value, str) and ("\0" in value or (name not in PATHS and not value.isascii() and not value.encode())):
        raise ValueError("NUL")


def readable_by_others(folder: DataDir) -> Words | None:
    """A warning, where settings.toml holds a password and others on this machine may read it."""
    if os.name != "posix" or not folder.settings.exists() or not folder.settings.stat().st_mode & 0o077:
        return None
    if not any(holds_password(str(value)) for value in _read_file(folder.settings).values()):
        return None
    return phrase(f"{folder.settings} holds a password and others may read it: chmod 600 it.")


def _read_file(path: Path) -> dict[str, object]:
    try:
        return values_of(text_of(path))
    except ValueError as error:
        words = redacted(printable(str(error)))[:200]
        raise UsageError(phrase(f"{path.name} in the data directory is not TOML: {words}")) from error
    except OSError as error:
        raise UsageError(phrase(f"{path.name} in the data directory cannot be read: {error.strerror}.")) from error


def kept(folder: DataDir) -> dict[str, object]:
    """What settings.toml says. Raises UsageError where it cannot be read."""
    return _read_file(folder.settings)


def keep(folder: DataDir, values: Mapping[str, object]) -> None:
    """Write options into settings.toml, None takes one out; comments and everything else stay as they are.

    Whole or not at all. Raises UsageError for a value that does not fit, and where the file cannot be changed
    without changing something else (a text over several lines, say).
    """
    checked = {n: None if v is None else _checked(n, v, "settings.toml") for n, v in values.items()}
    before = _read_file(folder.settings)
    text = text_of(folder.settings)
    for name, value in checked.items():
        text = _with_line(text, name, None if value is None else f"{name} = {_toml(value)}")
    wanted = {n: v for n, v in (before | checked).items() if v is not None}
    if _parsed(text) != wanted:
        raise UsageError(
            phrase(f"{folder.settings.name} in the data directory cannot be changed safely: edit it by hand.")
        )
    _replace(folder.settings, text)


def _with_line(text: str, name: str, line: str | None) -> str:
    """The option's line replaced where it stands, a new one before the first table, or none."""
    lines = text.splitlines()
    tables = next((n for n, one in enumerate(lines) if one.lstrip().startswith("[")), len(lines))
    place = next((n for n in range(tables) if re.match(rf"\s*{name}\s*=", lines[n])), None)
    if place is not None:
        lines[place : place + 1] = [] if line is None else [line]
    elif line is not None:
        lines.insert(tables, line)
    return "".join(f"{one}\n" for one in lines)


def _toml(value: object) -> str:
    """A basic string is written as in JSON, but for DEL, which JSON leaves as it is."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _parsed(text: str) -> dict[str, object] | None:
    try:
        return values_of(text)
    except ValueError:
        return None


def _replace(path: Path, text: str) -> None:
    """It may hold passwords: for its owner alone."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise UsageError(phrase(f"{path.name} in the data directory cannot be written: {error.strerror}.")) from error
