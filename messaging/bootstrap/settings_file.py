"""Reading settings.toml; with a FIFO, a folder or a huge file in its place it neither waits nor raises other errors."""

import codecs
import errno
import os
import stat
import tomllib
from pathlib import Path

MOST_BYTES = 1_000_000


def text_of(path: Path) -> str:
    """The text; empty where there is no file. Raises OSError for what is no readable file, ValueError for what is no
    text."""
    try:
        about = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "it is not a file")
    if about.st_size > MOST_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    data = path.read_bytes()
    # Editors of Windows write a byte order mark.
    is_utf_16 = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if is_utf_16 else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError("it is not text in UTF-8") from error


def values_of(text: str) -> dict[str, object]:
    """Raises ValueError where it is not TOML."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
    except ValueError as error:
        if isinstance(error, tomllib.TOMLDecodeError):
            raise
        raise ValueError("a number in it has too many figures") from error
