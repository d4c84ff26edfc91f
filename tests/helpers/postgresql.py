"""A private PostgreSQL from the system's packages: own folder, loopback only, gone with the tests."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.helpers.waiting import eventually
from tests.system_parts import find_initdb

OWNER = "postgres"
# Speed for tests that never lose power: what is tested is locking and ordering, not the disk.
OPTIONS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": "60"}


@contextmanager
def private_cluster() -> Iterator[str]:
    """The URL of its server, without a database; `private_database` makes one."""
    programs = _programs()
    # Not in pytest's folders: those are closed to the user that the server runs as.
    root = Path(tempfile.mkdtemp(prefix="order-desk-postgresql-"))
    user = _server_user()
    try:
        if user is not None:
            os.chown(root, user, -1)
        data = root / "data"
        _initialise(programs, data, user)
        with _serving(programs, data, user) as url:
            yield url
    finally:
        shutil.rmtree(root)


@contextmanager
def private_database(server: str, name: str, template: str = "template0") -> Iterator[str]:
    """A new database, like the template; its URL for SQLAlchemy."""
    _administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield f"{server.replace('postgresql://', 'postgresql+psycopg://')}/{name}"
    _administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server: str, statement: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(statement.encode())


def _initialise(programs: Path, data: Path, user: int | None) -> None:
    command = [
        str(programs / "initdb"),
        "-D",
        str(data),
        "-U",
        OWNER,
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
        "-N",
    ]
    done = subprocess.run(command, user=user, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@contextmanager
def _serving(programs: Path, data: Path, user: int | None) -> Iterator[str]:
    port = _free_port()
    options = [f"-c{name}={value}" for name, value in OPTIONS.items()]
    command = [str(programs / "postgres"), "-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(data)]
    log = (data.parent / "server.log").open("wb")
    with log, subprocess.Popen([*command, *options], user=user, cwd="/", stdout=log, stderr=log) as server:
        url = f"postgresql://{OWNER}@127.0.0.1:{port}"
        try:
            eventually(lambda: _answers(url), 30, "PostgreSQL to take connections")
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # fast shutdown: sessions are ended
            server.wait(30)


def _answers(url: str) -> bool:
    try:
        psycopg.connect(f"{url}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _programs() -> Path:
    initdb = find_initdb(os.environ)
    assert initdb, "PostgreSQL's server is missing: python3 -m tests installs it."
    return initdb.parent


def _server_user() -> int | None:
    """PostgreSQL refuses to run as root."""
    return pwd.getpwnam(OWNER).pw_uid if os.getuid() == 0 else None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
