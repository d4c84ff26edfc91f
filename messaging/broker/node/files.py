"""The private node's folder: the names of its files, and reading and writing them."""

import hashlib
import os
import re
import secrets
from pathlib import Path
from typing import TypeVar

import msgspec
from msgspec import Struct

T = TypeVar("T")


class Ports(Struct, frozen=True):
    amqp: int
    management: int
    distribution: int
    epmd: int


class Identity(Struct, frozen=True):
    """The node's names, login and ports; kept between runs, so that addresses stay valid."""

    name: str
    user: str
    password: str
    cookie: str
    ports: Ports

    @property
    def node(self) -> str:
        """The Erlang name; `localhost` needs no look-up of the machine's name."""
        return f"{self.name}@localhost"

    @property
    def url(self) -> str:
        return f"amqp://{self.user}:{self.password}@127.0.0.1:{self.ports.amqp}/%2F"

    @property
    def management_url(self) -> str:
        return f"http://{self.user}:{self.password}@127.0.0.1:{self.ports.management}"


class Control(Struct, frozen=True):
    """Where the supervisor listens; the file exists while it serves."""

    port: int
    token: str
    pid: int


class NodeFolder(Struct, frozen=True):
    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "node.lock"

    @property
    def control(self) -> Path:
        return self.root / "node.json"

    @property
    def identity(self) -> Path:
        return self.root / "identity.json"

    @property
    def config(self) -> Path:
        return self.root / "rabbitmq.conf"

    @property
    def definitions(self) -> Path:
        return self.root / "definitions.json"

    @property
    def plugins(self) -> Path:
        return self.root / "enabled_plugins"

    @property
    def home(self) -> Path:
        return self.root / "home"

    @property
    def cookie(self) -> Path:
        return self.home / ".erlang.cookie"

    @property
    def logs(self) -> Path:
        return self.root / "log"

    @property
    def console(self) -> Path:
        """What the node prints while it starts, with the reason where it cannot."""
        return self.logs / "console.log"

    @property
    def supervisor_log(self) -> Path:
        return self.logs / "supervisor.log"

    def data(self, server: Path) -> Path:
        """RabbitMQ's own data; one folder per release series, because it cannot skip series in an upgrade."""
        return self.root / f"data-{series_of(server)}"

    def left_data(self, server: Path) -> list[Path]:
        """Data folders of other series than this server's, which may hold messages."""
        return sorted(path for path in self.root.glob("data-*") if path.is_dir() and path != self.data(server))

    def mark(self, identity: Identity) -> str:
        """The argument by which this node's processes are found; a copied data directory has another."""
        path = hashlib.sha256(os.fsencode(self.root)).hexdigest()[:8]
        return f"{identity.name}-{path}"

    def make(self) -> None:
        for folder in (self.root, self.home, self.logs):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)


def name_of(data: Path) -> str:
    """The name kept with the data, made where there is none: by it clients see whether a node has the messages of the
    last."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = data / "order-desk-name"
    name = read_as(str, path)
    if not name:
        name = f"order-desk-{secrets.token_hex(8)}"
        write_private(path, msgspec.json.encode(name))
    return name


def series_of(server: Path) -> str:
    """Such as "3.10", from the name of the server's own plugin; asking the server would take seconds."""
    for plugin in sorted((server.resolve().parent.parent / "plugins").glob("rabbit-*")):
        if version := re.match(r"rabbit-(\d+\.\d+)", plugin.name):
            return version[1]
    return "unknown"


def new_identity(ports: Ports) -> Identity:
    return Identity(
        name=f"order-desk-{secrets.token_hex(4)}",
        user="operator",
        password=secrets.token_urlsafe(24),
        cookie=secrets.token_hex(20).upper(),
        ports=ports,
    )


def write_private(path: Path, content: bytes, mode: int = 0o600) -> None:
    """Replace the file as a whole; it is never readable by other users of the machine."""
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(content)
    fresh.replace(path)


def read_as(kind: type[T], path: Path) -> T | None:
    """None where the file is missing or damaged: its caller then makes a new one."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def last_lines(path: Path, count: int = 12) -> list[str]:
    """The last `count` lines that are not blank or ruled."""
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return []
    return [line.rstrip()[:200] for line in lines if line.strip(" \t-=#*|")][-count:]
