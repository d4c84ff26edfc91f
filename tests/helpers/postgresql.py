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
GUARDED = "guarded"  # a role that is let in by its password alone, once a test has made it
# Speed for tests that never lose power: what is tested is locking and ordering, not the disk.
OPTIONS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_connections": "60"}


class Server:
    """May be stopped and started; `url` is the same after it."""

    def __init__(self, programs: Path, data: Path, user: int | None) -> None:
        self._user, self._log = user, data.parent / "server.log"
        port = _free_port()
        self.url = f"postgresql://{OWNER}@127.0.0.1:{port}"
        place = ["-D", str(data), "-h", "127.0.0.1", "-p", str(port), "-k", str(data)]
        self._command = [str(programs / "postgres"), *place, *(f"-c{name}={value}" for name, value in OPTIONS.items())]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, user=self._user, cwd="/", stdout=log, stderr=log)
        eventually(lambda: _answers(self.url), 30, "PostgreSQL to take connections")

    def stop(self) -> None:
        """Sessions are ended; nothing happens where it does not run."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGINT)
            process.wait(30)


@contextmanager
def private_server() -> Iterator[Server]:
    """It runs; to be stopped and started by the test."""
    programs = _programs()
    # Not in pytest's folders: those are closed to the user that the server runs as.
    root = Path(tempfile.mkdtemp(prefix="order-desk-postgresql-"))
    user = _server_user()
    try:
        if user is not None:
            os.chown(root, user, -1)
        _initialise(programs, root / "data", user)
        server = Server(programs, root / "data", user)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(root)


@contextmanager
def private_cluster() -> Iterator[str]:
    """The URL of its server, without a database; `private_database` makes one."""
    with private_server() as server:
        yield server.url


@contextmanager
def private_database(server: str, name: str, template: str = "template0") -> Iterator[str]:
    """A new database, like the template; its URL for SQLAlchemy."""
    administer(server, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    yield f"{server.replace('postgresql://', 'postgresql+psycopg://')}/{name}"
    administer(server, f'DROP DATABASE "{name}" WITH (FORCE)')


def administer(server: str, statement: str) -> None:
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
    rules = data / "pg_hba.conf"
    rules.write_text(f"host all {GUARDED} 127.0.0.1/32 scram-sha-256\n{rules.read_text()}")


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
