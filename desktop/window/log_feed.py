"""What this process writes to its log, for all its windows: bounded, and brought to the GUI thread in batches."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from PySide6.QtCore import QObject

from desktop.role.batches import Batches
from desktop.style.colours import Tone
from desktop.style.theme import colours
from desktop.tables.row_model import Column, RowModel
from desktop.text.moments import clock
from messaging.texts import redacted

KEPT = 5000  # lines
LONGEST = 2000  # characters of one line; the file has it whole


@dataclass(frozen=True, slots=True)
class LogLine:
    number: int
    moment: str
    level: int
    logger: str
    words: str

    @property
    def level_name(self) -> str:
        return logging.getLevelName(self.level)


class LogLines(RowModel[LogLine]):
    """The lines of the log as a table, the newest on top."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__([], lambda line: line.number, parent, limit=KEPT)
        self.speak()

    def speak(self) -> None:
        """Translate the titles anew: the lines outlive the windows that show them, and the language may change."""
        self.columns = (
            Column(self.tr("Time"), lambda r: clock(r.moment), sort=lambda r: r.number, tip=lambda r: r.moment),
            Column(self.tr("Level"), lambda r: r.level_name, sort=lambda r: r.level, colour=_colour),
            Column(self.tr("Where"), lambda r: r.logger),
            Column(self.tr("What"), lambda r: " ".join(r.words.split()), tip=lambda r: r.words),
        )


def _colour(line: LogLine) -> object:
    if line.level >= logging.ERROR:
        return colours().tone(Tone.BAD)
    return colours().tone(Tone.WARN) if line.level >= logging.WARNING else None


class LogFeed(QObject):
    """Brings what any logger writes into the GUI thread, where it is made, until it is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = LogLines(self)
        self._batches: Batches[LogLine] = Batches(self)
        self._batches.arrived.connect(self._show)
        self._handler = _Handler(self._batches)
        logging.getLogger().addHandler(self._handler)

    def close(self) -> None:
        logging.getLogger().removeHandler(self._handler)

    def _show(self, lines: Iterable[LogLine]) -> None:
        self.lines.put_on_top(lines)


class _Handler(logging.Handler):
    """Receives log records in the thread that wrote them."""

    def __init__(self, batches: Batches[LogLine]) -> None:
        super().__init__()
        self._batches, self._numbers = batches, count()
        self._formatter = logging.Formatter()

    def emit(self, record: logging.LogRecord) -> None:
        try:
            self._batches.add([self._line(record)])
        except Exception:  # noqa: BLE001  # a line that cannot be shown must not stop what logs it
            self.handleError(record)

    def _line(self, record: logging.LogRecord) -> LogLine:
        words = record.getMessage()
        if record.exc_info:
            words += "\n" + self._formatter.formatException(record.exc_info)
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        return LogLine(next(self._numbers), moment, record.levelno, record.name, redacted(words)[:LONGEST])
