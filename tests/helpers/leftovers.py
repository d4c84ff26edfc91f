"""What a test must not leave behind: threads and child processes."""

import os
import subprocess
import sys
import threading
from pathlib import Path


def threads() -> set[threading.Thread]:
    """Python's own, and foreign ones (of Qt) that run Python now.

    Python remembers a foreign thread that once called it as a dummy, and does not notice its end.
    """
    running = sys._current_frames()
    return {
        thread
        for thread in threading.enumerate()
        if thread.is_alive() and (not isinstance(thread, threading._DummyThread) or thread.ident in running)
    }


def children() -> dict[int, str]:
    """This process's children by pid, with their command lines."""
    if sys.platform == "win32":
        return {}
    return _from_proc() if Path("/proc/self/stat").exists() else _from_ps()


def _from_proc() -> dict[int, str]:
    found: dict[int, str] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            after_name = (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue  # it ended meanwhile
        if int(after_name[1]) == os.getpid() and "resource_tracker" not in command:
            found[int(entry.name)] = command.strip() or f"(ended, not waited for) {after_name[0]}"
    return found


def _from_ps() -> dict[int, str]:
    listing = subprocess.run(["ps", "-axo", "pid=,ppid=,args="], capture_output=True, text=True, check=True)
    rows = [line.split(None, 2) for line in listing.stdout.splitlines()]
    return {int(row[0]): row[2] for row in rows if int(row[1]) == os.getpid() and not row[2].startswith("ps ")}
