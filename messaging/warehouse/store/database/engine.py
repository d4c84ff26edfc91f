"""The database below the books: opened safely, written in transactions, its failures put in words."""

import os
import random
import re
import sqlite3
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DataError, DBAPIError, IntegrityError, NoResultFound, NoSuchModuleError

from messaging.errors import StoreRefused, StoreUnavailable, UsageError
from messaging.phrases import phrase
from messaging.warehouse.store.database.cells import OddCell

T = TypeVar("T")

BUSY_SECONDS = 5.0
TRIES = 5
# Deadlock, serialization failure, and the same order settled by two warehouses at the same moment.
TRY_AGAIN = frozenset({"40P01", "40001", "23505"})
# Below it several writing processes may corrupt a WAL (https://sqlite.org/wal.html#walresetbug).
SAFE_WAL = (3, 51, 3)
OLDEST_SQLITE = (3, 37, 0)  # STRICT tables; RETURNING came with 3.35
JOURNAL_KEPT = 16_777_216  # bytes: after a large transaction, as of a new schema, the disk gets the rest back
CACHE_KIB = 16_384  # at most, for each window that has looked into the books; the system keeps more of the file anyway
# What PostgreSQL says to whoever it will not let in; a failed login carries no code, and these words are English
# only where the server speaks it: elsewhere it is waited for, with the server's own words.
NOT_LET_IN = re.compile(
    r"authentication failed|no password supplied|pg_hba\.conf|does not exist|not permitted to log in"
)
# So SQLite and Python's sqlite3 begin, without a code of its own, about one cell, and about a table or column.
OF_A_CELL = ("Could not decode to UTF-8", "integer overflow")
LACKING = ("no such table", "no such column")
WRITES = "order_desk_writes"
APPLICATION = 0x0DE5  # in the header of SQLite's file; any number

SQLITE_LOCKED = ("SQLITE_BUSY", "SQLITE_LOCKED")
LOCK_TIMEOUT = "55P03"  # PostgreSQL's lock_not_available
SQLITE_FOR_GOOD = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
SQLITE_WORDS = {
    "SQLITE_BUSY": phrase("engine.is_locked_by_another_program_close"),
    "SQLITE_LOCKED": phrase("engine.is_locked_by_another_program_close"),
    "SQLITE_FULL": phrase("engine.cannot_grow_the_disk_is_full"),
    "SQLITE_READONLY": phrase("engine.is_read_only_or_was_moved"),
    "SQLITE_CANTOPEN": phrase("engine.cannot_be_opened_check_that_the"),
    "SQLITE_IOERR": phrase("engine.cannot_be_read_or_written_the"),
    "SQLITE_CORRUPT": phrase("engine.is_damaged_bring_back_a_copy"),
    "SQLITE_NOTADB": phrase("engine.is_not_a_database_of_order"),
}


class Database:
    """Runs work in one transaction each: `write` alone may change, `read` sees one moment."""

    def __init__(self, url: str) -> None:
        self.url = _checked(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine: Engine | None = None
        self._was_there = False  # books that were moved away must not be replaced by empty ones

    @property
    def title(self) -> str:
        """The database's name for messages, without its password."""
        if self.is_sqlite:
            return str(self.url.database)
        return self.url.set(query={}).render_as_string(hide_password=True)  # a query may hold one, too

    def read(self, work: Callable[[Connection], T]) -> T:
        options: dict[str, Any] = {}
        if not self.is_sqlite:
            options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        return self._run(work, options)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Deadlocks are tried again. Where a connection is lost in the commit, the outcome is not known."""
        for attempt in range(1, TRIES + 1):
            try:
                return self._run(work, {WRITES: True})
            except _TryAgain as error:
                if attempt == TRIES:
                    raise error.cause from None
                time.sleep(random.uniform(0.0, 0.05) * attempt)
        raise AssertionError("unreachable")

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()
            self._engine = None

    def _run(self, work: Callable[[Connection], T], options: dict[str, Any]) -> T:
        try:
            if self._engine is None:
                self._engine = self._open()
            with self._engine.execution_options(**options).begin() as connection, _let_go():
                return work(connection)
        except DBAPIError as error:
            raise self._translated(error) from error
        except sqlite3.Error as error:
            raise self._unavailable(error) from error
        except NoResultFound as error:  # of a row that all books have
            remedy = SQLITE_WORDS["SQLITE_CORRUPT"]
            raise StoreRefused(phrase("engine.the_database", title=self.title, remedy=remedy)) from error
        except OSError as error:
            kind = StoreUnavailable if self._was_there else StoreRefused
            raise kind(
                phrase("engine.the_database_cannot_be_opened", title=self.title, strerror=error.strerror)
            ) from error

    def _translated(self, error: DBAPIError) -> Exception:
        state = getattr(error.orig, "sqlstate", None)
        if state in TRY_AGAIN:
            return _TryAgain(error if state == "23505" else self._unavailable(error.orig))
        if isinstance(error, IntegrityError | DataError) and not error.connection_invalidated:
            return error
        if str(error.orig).startswith(OF_A_CELL):
            return OddCell(str(error.orig))  # the database can be used
        self.close()  # the next try begins with a new connection
        return self._unavailable(error.orig)

    def _unavailable(self, cause: BaseException | None) -> StoreUnavailable:
        name = "SQLITE_CORRUPT" if _is_lacking(cause) else str(getattr(cause, "sqlite_errorname", ""))
        for prefix, remedy in SQLITE_WORDS.items():
            if name.startswith(prefix):
                kind = StoreRefused if prefix in SQLITE_FOR_GOOD else StoreUnavailable
                return kind(phrase("engine.the_database", title=self.title, remedy=remedy))
        why = (str(cause).strip().splitlines() or [phrase("member.no_reason_given")])[0]
        kind = StoreRefused if NOT_LET_IN.search(why) else StoreUnavailable
        return kind(phrase("engine.the_database_cannot_be_used_now", title=self.title, why=why[:200]))

    def _open(self) -> Engine:
        if not self.is_sqlite:
            return _postgresql(self.url)
        path = Path(str(self.url.database))
        if not self._was_there and not path.exists():
            _make(path.resolve())
        _keep_private(path)
        if path.stat().st_size == 0:
            raise StoreRefused(phrase("engine.the_database_is_there_and_empty", title=self.title))
        self._was_there = True
        return _sqlite(self.url)


@contextmanager
def _let_go() -> Iterator[None]:
    """What was being read when an error came: SQLite would keep it locked for as long as somebody keeps the error."""
    try:
        yield
    except Exception as error:
        traceback.clear_frames(error.__traceback__)
        raise


def is_locked(error: StoreUnavailable) -> bool:
    """Another connection holds what was waited for."""
    cause = getattr(error.__cause__, "orig", error.__cause__)
    name = str(getattr(cause, "sqlite_errorname", ""))
    return name.startswith(SQLITE_LOCKED) or getattr(cause, "sqlstate", None) == LOCK_TIMEOUT


def _is_lacking(cause: BaseException | None) -> bool:
    """A table or a column."""
    return getattr(cause, "sqlstate", None) in ("42P01", "42703") or str(cause).startswith(LACKING)


class _TryAgain(Exception):
    def __init__(self, cause: Exception) -> None:
        super().__init__(str(cause))
        self.cause = cause


def _checked(text: str) -> URL:
    try:
        url = make_url(text)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        url.get_dialect()
        if url.get_backend_name() == "sqlite":  # only some releases of SQLAlchemy take the quotes off
            url = url.set(database=unquote(text.partition("?")[0].partition(":///")[2], errors="surrogateescape"))
    except (ValueError, ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise UsageError(phrase("engine.the_databases_url_is_not_one")) from error
    if url.drivername not in ("sqlite", "sqlite+pysqlite", "postgresql+psycopg"):
        raise UsageError(phrase("engine.no_database_here_use_sqlite_file", drivername=url.drivername))
    if url.get_backend_name() == "sqlite" and (
        url.database in (None, "", ":memory:") or "\0" in str(url.database) or url.query
    ):
        raise UsageError(phrase("engine.the_books_must_be_kept_in"))
    return url


def _sqlite(url: URL) -> Engine:
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        raise StoreRefused(phrase("engine.sqlite_is_too_old_use_a", sqlite_version=sqlite3.sqlite_version))
    # No transaction that the driver opens by itself: `_begin` decides.
    arguments = {"isolation_level": None, "timeout": BUSY_SECONDS}
    engine = create_engine(url, connect_args=arguments, pool_size=1)
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _make(path: Path) -> None:
    """With a first page, at once: books that are found with no byte were not left so by us, whoever else starts now."""
    number, name = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(number)
    try:
        with closing(sqlite3.connect(name)) as connection:
            connection.execute(f"PRAGMA application_id = {APPLICATION}")
        with suppress(FileExistsError):  # another process was faster
            _place(Path(name), path)
    finally:
        Path(name).unlink(missing_ok=True)


def _place(made: Path, path: Path) -> None:
    try:
        path.hardlink_to(made)
    except FileExistsError:
        raise
    except OSError:  # a file system without links
        made.rename(path)


def _keep_private(path: Path) -> None:
    """Only the owner reads the books; SQLite gives its journal the same mode."""
    os.close(os.open(path, os.O_RDONLY))
    if os.name == "posix" and path.stat().st_mode & 0o077 and path.stat().st_uid == os.getuid():
        path.chmod(0o600)


def _set_pragmas(connection: Any, _record: object) -> None:
    # A journal that stays and is overwritten costs less per commit than one that is made anew.
    journal = "wal" if sqlite3.sqlite_version_info >= SAFE_WAL else "persist"
    wanted = {
        "journal_mode": journal,
        "synchronous": 2,
        "foreign_keys": 1,
        "cache_size": -CACHE_KIB,
        "journal_size_limit": JOURNAL_KEPT,
    }
    # Where a system's SQLite wipes what is freed it first notes all of it down in the journal.
    connection.execute("PRAGMA secure_delete=FAST")
    for name, value in wanted.items():
        connection.execute(f"PRAGMA {name}={value}")
        got = connection.execute(f"PRAGMA {name}").fetchone()[0]
        if got != value:
            raise StoreUnavailable(phrase("engine.sqlite_keeps_at_is_needed_close", name=name, got=got, value=value))


def _begin(connection: Connection) -> None:
    """A writer takes the lock first: a reader that wants to write later is refused at once, whatever the timeout."""
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgresql(url: URL) -> Engine:
    try:
        import psycopg  # noqa: F401, PLC0415  # an extra
    except ImportError as error:
        raise UsageError(phrase("engine.postgresql_needs_its_driver_pip_install")) from error
    waits = "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000 -c synchronous_commit=on"
    arguments = {"connect_timeout": 5, "options": waits, "application_name": "order-desk"}
    return create_engine(url, connect_args=arguments, pool_size=1, pool_pre_ping=True)
