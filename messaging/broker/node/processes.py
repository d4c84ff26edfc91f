"""Starting, finding and ending the node's processes, on each operating system."""

import contextlib
import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from messaging.broker.node.configuration import MARK
from messaging.broker.node.files import Identity

PR_SET_PDEATHSIG = 1  # linux/prctl.h
EPMD_KILL = b"\x00\x01k"  # Erlang's port mapper protocol: KILL_REQ, with its length before it


def tie_to_parent() -> Callable[[], None] | None:
    """For `preexec_fn`, on Linux: the child receives SIGTERM when this process ends, even by kill -9 (prctl(2)).

    Elsewhere the next supervisor ends a node that has outlived its own.
    """
    if sys.platform != "linux":
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def tie() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)

    return tie


def start_epmd(identity: Identity, environ: dict[str, str]) -> subprocess.Popen[bytes] | None:
    """Start Erlang's port mapper as a child. None where it is not found: Erlang then starts one in the background."""
    program = shutil.which("epmd", path=environ.get("PATH"))
    if program is None:
        return None
    return subprocess.Popen(
        [program, "-address", "127.0.0.1", "-port", str(identity.ports.epmd)],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=tie_to_parent(),  # noqa: PLW1509  # it makes two system calls and takes no lock
    )


def end_epmd(port: int) -> None:
    """Ask the port mapper at `port` to end, whoever started it."""
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
        connection.sendall(EPMD_KILL)
        connection.recv(2)


def end_leftovers(mark: str, epmd_port: int, patience: float = 10.0) -> None:
    """End the processes that a killed supervisor left behind: those that carry the node's mark."""
    for number in (signal.SIGTERM, signal.SIGKILL if os.name != "nt" else signal.SIGTERM):
        left = list(leftovers(mark))
        if not left:
            break
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
        _wait_until_gone(mark, patience)
    end_epmd(epmd_port)


def leftovers(mark: str) -> Iterator[int]:
    """Process ids of the nodes that carry this mark; none on Windows, which does not list command lines."""
    for pid, command in _command_lines():
        if MARK in command and mark in command:
            yield pid


def _wait_until_gone(mark: str, patience: float) -> None:
    until = time.monotonic() + patience
    while any(leftovers(mark)) and time.monotonic() < until:
        time.sleep(0.1)


def _command_lines() -> Iterator[tuple[int, list[str]]]:
    if sys.platform == "win32":
        return
    if not Path("/proc/self/cmdline").exists():
        yield from _from_ps()
        return
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):  # it ended meanwhile
                yield int(entry.name), (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")


def _from_ps() -> Iterator[tuple[int, list[str]]]:
    listing = subprocess.run(["ps", "-axo", "pid=,args="], capture_output=True, text=True, check=False)
    for line in listing.stdout.splitlines():
        pid, *command = line.split()
        yield int(pid), command
