"""The log: one JSON object a line, shared by all processes of a data directory, without passwords."""

import json
import logging
import os
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock, Timeout

from messaging.errors import StoreUnavailable
from messaging.phrases import phrase
from messaging.texts import printable, redacted

MAX_BYTES = 5_000_000  # of one file
FILES = 3  # the log itself and two older ones, .1 and .2
MODE = 0o600

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Writes only ASCII: a name with a line feed or an escape sequence cannot forge or colour a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": redacted(record.getMessage()),
            "process": record.process,
            "thread": record.threadName,
        }
        line |= {name: _redacted_value(value) for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["error"] = redacted(self.formatException(record.exc_info))
        return json.dumps(line, default=lambda value: redacted(str(value)))


def _redacted_value(value: object) -> object:
    return value if value is None or isinstance(value, int | float) else redacted(str(value))


class SharedFile(logging.Handler):
    """Appends to a file that other processes append to as well.

    A line is one write to a file opened for appending, so lines of two processes do not mix. The process
    that finds the file full moves it aside under a lock; the others notice that the name is another file's
    and reopen it. Where an open file cannot be moved (Windows) it grows until one process has it alone.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._has_failed = False
        try:
            self._descriptor = self._open()
        except OSError as error:
            raise StoreUnavailable(
                phrase("logs.the_log_cannot_be_written", path=path, strerror=error.strerror)
            ) from error

    def emit(self, record: logging.LogRecord) -> None:
        try:
            line = self.format(record).encode("ascii") + b"\n"
            self._follow()
            os.write(self._descriptor, line)
        except Exception:  # noqa: BLE001  # a line that cannot be logged must not stop what logs it
            self.handleError(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Say once that the log cannot be written; logging would print a traceback for each line."""
        if not self._has_failed and sys.stderr is not None:
            self._has_failed = True
            why = redacted(printable(str(sys.exc_info()[1])))
            print(f"order-desk: the log {printable(str(self._path))} cannot be written: {why}", file=sys.stderr)  # noqa: T201

    def close(self) -> None:
        with self.lock or threading.RLock():
            if self._descriptor >= 0:
                os.close(self._descriptor)
                self._descriptor = -1
        super().close()

    def _open(self) -> int:
        return os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, MODE)

    def _follow(self) -> None:
        if self._has_moved():
            self._reopen()
        if os.fstat(self._descriptor).st_size >= MAX_BYTES:
            self._rotate()

    def _has_moved(self) -> bool:
        try:
            return not os.path.samestat(os.stat(self._path), os.fstat(self._descriptor))
        except FileNotFoundError:
            return True

    def _reopen(self) -> None:
        fresh = self._open()
        os.close(self._descriptor)
        self._descriptor = fresh

    def _rotate(self) -> None:
        try:
            with FileLock(f"{self._path}.lock", timeout=1):
                if not self._has_moved():  # else another process was first
                    self._move_aside()
        except Timeout:
            return  # another process rotates: this line goes into the full file
        if self._has_moved():
            self._reopen()

    def _move_aside(self) -> None:
        names = [self._path, *(self._path.with_name(f"{self._path.name}.{n}") for n in range(1, FILES))]
        os.close(self._descriptor)  # Windows moves no open file
        try:
            for older, newer in zip(reversed(names), reversed(names[:-1]), strict=False):
                if newer.exists():
                    os.replace(newer, older)
        except PermissionError:
            return  # another process has it open, on Windows: the next line tries again
        finally:
            self._descriptor = self._open()


class Log:
    """A log that was started; also a context."""

    def __init__(self, handler: SharedFile) -> None:
        self._handler = handler

    def close(self) -> None:
        logging.getLogger().removeHandler(self._handler)
        self._handler.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def start_logging(path: Path, level: str = "INFO") -> Log:
    """Raises StoreUnavailable where the file cannot be written."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handler = SharedFile(path)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(level)
    # pika logs six errors for each failed try to connect; messaging.broker logs one line with the reason.
    logging.getLogger("pika").setLevel(logging.WARNING if level == "DEBUG" else logging.CRITICAL)
    return Log(handler)


def install_crash_hook(on_bug: Callable[[BaseException], None] | None = None) -> Callable[[], None]:
    """Log bugs of any thread with their traceback, and print one line or call `on_bug`; return what undoes this.

    `on_bug` is called in the thread that has the bug.
    """
    before, before_threads = sys.excepthook, threading.excepthook

    def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            before(kind, error, trace)
        else:
            _report(error, on_bug or _print_on_stderr)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None and not isinstance(args.exc_value, SystemExit):
            _report(args.exc_value, on_bug or _print_on_stderr)

    sys.excepthook, threading.excepthook = in_main, in_thread

    def undo() -> None:
        sys.excepthook, threading.excepthook = before, before_threads

    return undo


def _report(error: BaseException, on_bug: Callable[[BaseException], None]) -> None:
    logging.getLogger("order-desk").critical("unhandled %s", type(error).__name__, exc_info=error)
    on_bug(error)


def _print_on_stderr(error: BaseException) -> None:
    if sys.stderr is not None:
        print(f"order-desk: a bug, {type(error).__name__}: the log has the details.", file=sys.stderr)  # noqa: T201
