"""Writing a file piece by piece, which appears under its name only when it is complete."""

from contextlib import suppress
from pathlib import Path
from typing import IO

from messaging.errors import UsageError
from messaging.phrases import phrase


class WholeFile:
    """Text in UTF-8 with line ends as they are given. Raises UsageError where it cannot be written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(f".{path.name}.part")
        try:
            self._part.unlink(missing_ok=True)
            # never through an existing link
            self._file: IO[str] = self._part.open("x", encoding="utf-8", errors="replace", newline="")
        except OSError as error:
            raise self._refused(error) from error

    def write(self, text: str) -> None:
        try:
            self._file.write(text)
        except OSError as error:
            self.give_up()
            raise self._refused(error) from error

    def finish(self) -> None:
        try:
            self._file.close()
            self._part.replace(self.path)
        except OSError as error:
            self._part.unlink(missing_ok=True)
            raise self._refused(error) from error

    def give_up(self) -> None:
        with suppress(OSError):  # the failed write would be reported again
            self._file.close()
        self._part.unlink(missing_ok=True)

    def _refused(self, error: OSError) -> UsageError:
        return UsageError(phrase("whole_file.cannot_be_written", path=self.path.name, strerror=error.strerror))
