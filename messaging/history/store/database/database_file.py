"""One SQLite file that several windows of one user share: opening, writing, and its errors in words."""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from messaging.errors import StoreUnavailable
from messaging.history.store.database import schema
from messaging.phrases import phrase
from messaging.runtime.upgrading import Told, nobody

BUSY_MS = 5000  # how long to wait for another window's write
SAFE_WAL = (3, 51, 3)  # below, several writing processes may corrupt a WAL (sqlite.org/wal.html, "WAL-reset bug")
FULL = 2  # of PRAGMA synchronous
KEYS_AT_ONCE = 900  # SQLite before 3.32 takes 999 values at most
CACHE_KIB = 16_384  # the indexes of a million notices do not fit in the 2 MB that SQLite takes by itself

REMEDIES = {
    sqlite3.SQLITE_BUSY: phrase("database_file.is_in_use_by_another_program"),
    sqlite3.SQLITE_LOCKED: phrase("database_file.is_in_use_by_another_program"),
    sqlite3.SQLITE_FULL: phrase("database_file.has_no_room_the_disk_is"),
    sqlite3.SQLITE_READONLY: phrase("database_file.cannot_be_written_give_yourself_the"),
    sqlite3.SQLITE_PERM: phrase("database_file.cannot_be_written_give_yourself_the_right"),
    sqlite3.SQLITE_CANTOPEN: phrase("database_file.cannot_be_opened_see_that_its"),
    sqlite3.SQLITE_IOERR: phrase("database_file.cannot_be_read_or_written_the"),
    sqlite3.SQLITE_CORRUPT: phrase("database_file.is_damaged_move_it_aside_and"),
    sqlite3.SQLITE_NOTADB: phrase("database_file.is_not_a_history_move_it"),
}


class HistoryFile:
    """Used from one thread. Every method raises StoreUnavailable where the file cannot be used."""

    def __init__(self, path: Path, user_id: str, told: Told = nobody) -> None:
        """`told` is called with a text while an older history is brought to this version."""
        self.path, self.user_id, self._told = path, user_id, told
        try:
            self._make_private()
        except OSError as error:
            raise StoreUnavailable(
                phrase("database_file.the_folder_cannot_be_used", parent=path.parent, strerror=error.strerror)
            ) from error
        with self.in_words():
            # isolation_level None: transactions begin where we say so
            self._connection = sqlite3.connect(path, timeout=BUSY_MS / 1000, isolation_level=None)
            self._connection.row_factory = sqlite3.Row
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        self._connection.close()

    def read(self, sql: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        """All rows at once: an open read would keep other windows from writing."""
        with self.in_words():
            return self._connection.execute(sql, values).fetchall()

    def read_by_keys(self, sql: str, keys: Sequence[Any]) -> list[sqlite3.Row]:
        """Rows for many keys, read in portions: `{}` in `sql` takes the place holders."""
        rows: list[sqlite3.Row] = []
        for start in range(0, len(keys), KEYS_AT_ONCE):
            portion = tuple(keys[start : start + KEYS_AT_ONCE])
            rows += self.read(sql.format(place_holders(len(portion))), portion)
        return rows

    def mark(self, key: str) -> Any:
        """The value under this key of the table `marks`; None where there is none."""
        rows = self.read("SELECT value FROM marks WHERE key = ?", (key,))
        return rows[0]["value"] if rows else None

    def set_mark(self, key: str, value: object) -> None:
        """In a write of its own."""
        with self.writing():
            self.put_mark(key, value)

    @contextmanager
    def writing(self) -> Iterator[int]:
        """A write: all or nothing. Gives the version to stamp on each row that it touches."""
        with self.in_words(), self._transaction():
            bump = "UPDATE marks SET value = value + 1 WHERE key = 'version' RETURNING value"
            bumped = self._connection.execute(bump).fetchone()
            if bumped is None:
                raise StoreUnavailable(schema.NOT_OURS)
            yield int(bumped[0])

    def put_mark(self, key: str, value: object) -> None:
        """Within a write."""
        self._connection.execute("INSERT OR REPLACE INTO marks VALUES (?, ?)", (key, value))

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        """Within a write, which puts errors in words."""
        return self._connection.execute(sql, values)

    def execute_many(self, sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
        """Within a write; once for each row of values."""
        self._connection.executemany(sql, rows)

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """Raises StoreUnavailable, with what to do, for an error of SQLite that is not a bug of ours."""
        try:
            yield
        except sqlite3.Error as error:
            remedy = REMEDIES.get(_kind_of(error))
            if remedy is None and _is_of_the_file(error):
                raise StoreUnavailable(schema.NOT_OURS) from error
            if remedy is None:
                raise  # a bug of ours
            raise StoreUnavailable(phrase("database_file.the_history", path=self.path.name, remedy=remedy)) from error

    def _make_private(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path.parent.chmod(0o700)
        os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite gives its journal the same mode
        self.path.chmod(0o600)

    def _prepare(self) -> None:
        """A long history keeps another process that upgrades it busy for minutes: who comes meanwhile is told so."""
        try:
            self._upgrade()
        except StoreUnavailable as error:
            if _kind_of(error.__cause__) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            remedy = phrase("database_file.is_in_use_by_another_which")
            raise StoreUnavailable(phrase("database_file.the_history", path=self.path.name, remedy=remedy)) from error
        owner = self.mark("user_id")
        if owner is None:
            self.set_mark("user_id", self.user_id)
        elif owner != self.user_id:
            raise StoreUnavailable(phrase("database_file.is_the_history_of_another_user", path=self.path.name))

    def _upgrade(self) -> None:
        with self.in_words():
            self._set("busy_timeout", BUSY_MS, BUSY_MS)
            self._set("journal_mode", *(["wal"] * 2 if sqlite3.sqlite_version_info >= SAFE_WAL else ["truncate"] * 2))
            self._set("synchronous", "FULL", FULL)
            self._set("cache_size", -CACHE_KIB, -CACHE_KIB)
            if schema.steps_taken(self._connection) < len(schema.STEPS):
                with self._transaction():
                    schema.take_steps(self._connection, self._told)

    def _set(self, pragma: str, value: object, expected: object) -> None:
        """Set and read back: SQLite says nothing where it does not follow."""
        self._connection.execute(f"PRAGMA {pragma} = {value}").fetchall()
        (found,) = self._connection.execute(f"PRAGMA {pragma}").fetchone()
        if found != expected:
            raise StoreUnavailable(
                phrase(
                    "database_file.sqlite_refuses_close_other_windows_first",
                    path=self.path.name,
                    pragma=pragma,
                    value=value,
                )
            )

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing; IMMEDIATE, since a deferred one that turns into a write is refused at once when busy."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        finally:
            if self._connection.in_transaction:  # after a full disk SQLite has rolled back by itself
                self._connection.execute("ROLLBACK")


def _kind_of(error: BaseException | None) -> int:
    """The low byte of SQLite's code; 0 where there is none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def _is_of_the_file(error: sqlite3.Error) -> bool:
    """Its tables are others than those of its version: one is missing, or there already, or a text is no text."""
    return any(one in str(error) for one in ("already exists", "marks.key", "Could not decode")) or any(
        str(error).endswith(f"no such table: {table}") for table in schema.TABLES
    )


def place_holders(count: int) -> str:
    return ", ".join("?" * count)
