"""Large books of an older version: killed and without room again and again, then brought to this version."""

import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path

import pytest

from messaging.runtime.paths import DataDir
from messaging.warehouse.store.database import migrate
from messaging.warehouse.store.database.engine import JOURNAL_KEPT
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import make_old_books
from tests.helpers.older_books import older
from tests.helpers.waiting import eventually

pytestmark = [pytest.mark.long, pytest.mark.timeout(1800)]

ORDERS = 300_000
MOST_MEMORY = 300_000  # kB
PATIENCE = 600.0  # seconds
MB = 1_000_000
KILLED_AT = (1, 30, 100, 200)  # megabytes in the journal


def test_they_outlive_kills_and_a_full_disk_and_are_opened_in_little_memory(tmp_path: Path) -> None:
    books = DataDir.at(str(tmp_path)).warehouse
    make_old_books(f"sqlite:///{books}", "0002", *older(ORDERS, large=20, size=5 * MB))
    size = books.stat().st_size
    journal = books.with_name(f"{books.name}-journal")
    for megabytes in KILLED_AT:
        with _opening(tmp_path) as process:
            eventually(partial(_is_above, journal, megabytes * MB), PATIENCE, "a larger journal")
            process.kill()
        assert process.returncode == -signal.SIGKILL
        _is_older(books)
    with _opening(tmp_path, most=size + MB) as process:
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 1
    assert said.splitlines()[0] == migrate.UNDER_WAY
    assert said.splitlines()[1].startswith(f"order-desk: The database {books} cannot be read or written")
    _is_older(books)
    with _opening(tmp_path) as process:
        memory = max(_memory_until_it_ends(process))
    assert process.returncode == 0
    assert memory < MOST_MEMORY
    assert books.stat().st_size < size * 1.5
    assert _size(journal) <= JOURNAL_KEPT
    with closing(WarehouseStore(f"sqlite:///{books}")) as store:
        audited = store.audit()
    assert audited.gaps == ()
    assert sum(audited.orders.values()) == ORDERS


@contextmanager
def _opening(folder: Path, most: int = resource.RLIM_INFINITY) -> Iterator["subprocess.Popen[str]"]:
    """A command that opens the books; none of its files can get larger than `most` bytes."""
    command = [sys.executable, "-m", "messaging", "stock", "--data-dir", str(folder)]
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),  # noqa: PLW1509  # one system call
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _is_above(path: Path, size: int) -> bool:
    return _size(path) > size


def _memory_until_it_ends(process: "subprocess.Popen[str]") -> Iterator[int]:
    """The most that it has had so far, in kB, now and then."""
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        yield from (int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        try:
            process.wait(0.1)
        except subprocess.TimeoutExpired:
            continue


def _is_older(books: Path) -> None:
    with closing(sqlite3.connect(books)) as plain:
        assert plain.execute("SELECT version_num FROM alembic_version").fetchone() == ("0002",)
        assert plain.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert plain.execute("SELECT count(*) FROM events").fetchone() == (ORDERS,)
