"""Every option, declared once: the command line, the environment, settings.toml and the preferences dialog follow.

Stronger first: command line, environment (ORDER_DESK_<NAME>), settings.toml in the data directory, default.
"""

import argparse
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import quote

from messaging.errors import UsageError
from messaging.phrases import Words, phrase
from messaging.runtime import settings_editor
from messaging.runtime.option import Group, Option
from messaging.runtime.paths import DataDir
from messaging.texts import holds_password, printable, redacted

UNQUOTED = "/\\: ~!$&'()*+,;=@[]"


def _option(default: Any, title: str, help_text: str, group: Group | None, **more: Any) -> Any:
    """Declare one as messaging.runtime.option.Option has them."""
    return field(default=default, metadata={"title": title, "help": help_text, "group": group, **more})


@dataclass(frozen=True, slots=True)
class Settings:
    broker: str = _option(
        "",
        "Address",
        "AMQP URL of a RabbitMQ, several with commas; empty: the private node",
        Group.RABBITMQ,
        is_secret=True,
        is_address=True,
    )
    database: str = _option(
        "",
        "Database",
        "SQLAlchemy URL of the warehouse's database; empty: SQLite in the data directory",
        Group.WAREHOUSE,
        is_secret=True,
    )
    data_dir: str = _option(  # settings.toml stands in it
        "",
        "Data directory",
        "folder for everything that is kept; empty: the user's data directory",
        None,
        is_path=True,
    )
    rabbitmq_server: str = _option(
        "",
        "Server program",
        "path of the rabbitmq-server to start; empty: look for it",
        Group.RABBITMQ,
        is_path=True,
    )
    heartbeat: int = _option(
        10,
        "Heartbeat",
        "seconds between heartbeats; a dead peer is noticed after two to three",
        Group.RABBITMQ,
        unit="s",
        most=65_535,  # AMQP's connection.tune: 16 bits
    )
    retry_most: float = _option(
        10.0,
        "Longest pause before a retry",
        "longest pause between two tries to connect, in seconds",
        Group.RABBITMQ,
        unit="s",
        most=86_400,
    )
    confirm_window: int = _option(
        1000, "Unconfirmed at most", "messages in flight without a confirm, at most", Group.RABBITMQ, most=1_000_000
    )
    batch: int = _option(
        200,
        "Orders in a batch",
        "orders in one transaction, at most",
        Group.WAREHOUSE,
        most=10_000,  # AMQP's basic.qos: the prefetch, four batches, has 16 bits
    )
    consumers: int = _option(
        1,
        "Consumers",
        "consumers of one warehouse on the order queue",
        Group.WAREHOUSE,
        most=1_000,  # each has a channel; RabbitMQ allows a connection 2,047
    )
    senders: str = _option(
        "any",
        "Whose orders are taken",
        "whose orders a warehouse takes: any, or vouched: those whose user has an account of that name",
        Group.WAREHOUSE,
        choices=("any", "vouched"),
    )
    keep_dropped: int = _option(
        30,
        "Days until dropped messages are freed",
        "days for which messages are kept that were dropped, or taken when sent again",
        Group.WAREHOUSE,
        most=36_500,
    )
    log_level: str = _option(
        "INFO",
        "Level",
        "DEBUG, INFO, WARNING or ERROR",
        Group.LOG,
        choices=("DEBUG", "INFO", "WARNING", "ERROR"),
    )

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


OPTIONS = {one.name: Option(one.name, one.default, **one.metadata) for one in fields(Settings)}


def add_arguments(parser: argparse.ArgumentParser, *names: str) -> None:
    """Give the parser an argument for each named option, or for all."""
    for option in OPTIONS.values():
        if not names or option.name in names:
            shown = f" (default {option.default})" if option.default else ""
            parser.add_argument(option.flag, dest=option.name, help=option.help + shown, metavar="VALUE")


def load(arguments: Mapping[str, object], environ: Mapping[str, str]) -> Settings:
    """Merge the sources; raises UsageError naming the option, where it came from and what it accepts."""
    from_arguments = {name: arguments[name] for name in OPTIONS if arguments.get(name) is not None}
    from_environment = {o.name: environ[o.variable] for o in OPTIONS.values() if o.variable in environ}
    data_dir = str(from_arguments.get("data_dir") or from_environment.get("data_dir") or "")
    merged = (
        _checked(kept(DataDir.at(data_dir)), "settings.toml")
        | _checked(from_environment, "environment")
        | _checked(from_arguments, "command line")
    )
    return Settings(**merged)


def _checked(values: Mapping[str, object], source: str) -> dict[str, Any]:
    for name in values:
        if name not in OPTIONS:
            raise UsageError(
                phrase("settings.there_is_no_option_see_help", source=source, name=redacted(printable(name))[:80])
            )
    return {name: None if value is None else OPTIONS[name].checked(value, source) for name, value in values.items()}


def readable_by_others(folder: DataDir) -> Words | None:
    """A warning, where settings.toml holds a password and others on this machine may read it."""
    if os.name != "posix" or not folder.settings.exists() or not folder.settings.stat().st_mode & 0o077:
        return None
    if not any(holds_password(str(value)) for value in kept(folder).values()):
        return None
    return phrase("settings.holds_a_password_and_others_may", settings=folder.settings)


def kept(folder: DataDir) -> dict[str, object]:
    """What settings.toml says. Raises UsageError where it cannot be read."""
    return settings_editor.read(folder.settings)


def keep(folder: DataDir, values: Mapping[str, object]) -> None:
    """Write options into settings.toml, None takes one out.

    Raises UsageError for a value that an option does not accept, and where the file cannot be changed.
    """
    settings_editor.edit(folder, _checked(values, "settings.toml"))
