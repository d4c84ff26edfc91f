"""Reading settings.toml and changing single values in it; comments and everything else stay as they are."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from messaging.bootstrap.settings_file import text_of, values_of
from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.runtime.paths import DataDir
from messaging.texts import printable, redacted


def read(path: Path) -> dict[str, object]:
    """Empty where there is no file. Raises UsageError where it cannot be read."""
    try:
        return values_of(text_of(path))
    except ValueError as error:
        words = redacted(printable(str(error)))[:200]
        raise UsageError(phrase("settings_editor.in_the_data_directory_is_not", name=path.name, words=words)) from error
    except OSError as error:
        raise UsageError(
            phrase("settings_editor.in_the_data_directory_cannot_be_read", name=path.name, strerror=error.strerror)
        ) from error


def edit(folder: DataDir, changes: Mapping[str, object]) -> None:
    """Write the changed values, None deletes one; the file is replaced as a whole or not at all.

    Raises UsageError where it cannot be read or written, or where something else would change with it.
    """
    import tomlkit  # noqa: PLC0415  # only who writes settings waits for it: the start of the window does not
    from tomlkit.exceptions import TOMLKitError  # noqa: PLC0415

    path, before = folder.settings, read(folder.settings)
    try:
        document = tomlkit.parse(text_of(path))
        for name, value in changes.items():
            if value is None:
                document.pop(name, None)
            else:
                document[name] = value
        text = tomlkit.dumps(document)
        is_safe = values_of(text) == {n: v for n, v in {**before, **changes}.items() if v is not None}
    except (TOMLKitError, ValueError, RecursionError):
        is_safe = False
    if not is_safe:
        raise UsageError(phrase("settings_editor.in_the_data_directory_cannot_be", settings=folder.settings.name))
    _replace(path, text)


def _replace(path: Path, text: str) -> None:
    """The file may hold passwords: mkstemp makes it readable by its owner alone (mode 0600)."""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        raise UsageError(
            phrase("settings_editor.in_the_data_directory_cannot_be_written", name=path.name, strerror=error.strerror)
        ) from error
