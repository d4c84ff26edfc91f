"""A member's side: finding the supervisor of a data directory, or starting it."""

import os
import socket
import subprocess
import sys
from pathlib import Path
from typing import IO, NamedTuple

import filelock
import msgspec

import messaging
from messaging.broker.node import files
from messaging.broker.node.files import Control, NodeFolder
from messaging.broker.node.protocol import Hello, NodeReport, NodeRequest, line, read_report
from messaging.errors import NodeFailed
from messaging.phrases import phrase

ANSWER_SECONDS = 10.0


class SupervisorConnection(NamedTuple):
    socket: socket.socket
    lines: IO[bytes]
    first: NodeReport

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


def connect(folder: NodeFolder, ask: NodeRequest) -> SupervisorConnection | None:
    """Connect and send `ask`; None where no supervisor serves, also where another program has its port."""
    control = files.read_as(Control, folder.control)
    if control is None:
        return None
    try:
        connection = socket.create_connection(("127.0.0.1", control.port), ANSWER_SECONDS)
    except OSError:
        return None
    lines = connection.makefile("rb")
    try:
        connection.sendall(line(Hello(control.token, ask)))
        first = read_report(lines.readline())
    except (OSError, msgspec.DecodeError):
        lines.close()
        connection.close()
        return None
    connection.settimeout(None)
    return SupervisorConnection(connection, lines, first)


def is_supervised(folder: NodeFolder) -> bool:
    """Whether a supervisor runs, also one that does not serve yet or any more."""
    if not folder.lock.parent.is_dir():
        return False
    lock = filelock.FileLock(folder.lock, thread_local=False)
    try:
        lock.acquire(timeout=0)
    except filelock.Timeout:
        return True
    lock.release()
    return False


def start_supervisor(folder: NodeFolder, server: Path, grace: float) -> None:
    """Start a detached supervisor; of several started at once one stays. Raises NodeFailed where it cannot start."""
    folder.make()
    command = [sys.executable, "-m", "messaging.broker.node.supervisor"]
    command += ["--folder", str(folder.root), "--server", str(server), "--grace", str(grace)]
    source = str(Path(messaging.__file__).parent.parent)
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, (source, os.environ.get("PYTHONPATH"))))}
    if os.name == "nt":
        _start_detached(command, environ, folder)
        return
    started = subprocess.run(
        command,
        env=environ,
        cwd=folder.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    if started.returncode:
        last = (started.stderr.strip().splitlines() or [phrase("member.no_reason_given")])[-1]
        raise NodeFailed(phrase("member.the_keeper_of_the_private_rabbitmq", last=last))


def _start_detached(command: list[str], environ: dict[str, str], folder: NodeFolder) -> None:
    flags = getattr(subprocess, "DETACHED_PROCESS", 0) | getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
    process = subprocess.Popen(
        command,
        env=environ,
        cwd=folder.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        creationflags=flags,
    )
    process.returncode = 0  # nobody waits for it
