"""Reads settings.toml; whatever stands in its place, it neither waits nor fails otherwise than it says."""

import errno
import os
import stat
import tomllib
from pathlib import Path

MOST_BYTES = 1_000_000


def text_of(path: Path) -> str:
    """Empty where there is none. Raises OSError for what is no readable file, ValueError for what is not UTF-8."""
    try:
        about = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if not stat.S_ISREG(about.st_mode):
        raise OSError(errno.EINVAL, "it is not a file")
    if about.st_size > MOST_BYTES:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return path.read_bytes().decode("utf-8-sig")  # Windows' editors put a mark before the text


def values_of(text: str) -> dict[str, object]:
    """Raises ValueError where it is not TOML."""
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error
