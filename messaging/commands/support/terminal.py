"""All printing of the commands: a text of others can neither steer the terminal nor forge a line."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec

from messaging.errors import OrderDeskError
from messaging.phrases import Words, phrase
from messaging.texts import printable


class OutputFailed(OrderDeskError):
    """The output cannot be written, as on a full disk."""


def print_line(line: object = "", *, flush: bool = False) -> None:
    """Print a line on stdout. Raises OutputFailed, or BrokenPipeError where its reader has gone."""
    with _writing():
        print(printable(str(line)), flush=flush)


def flush() -> None:
    """Write what is buffered. Raises as `print_line` does."""
    with _writing():
        sys.stdout.flush()


def discard_rest() -> None:
    """Drop what is buffered, which must not fail again at the program's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def print_error(words: object) -> None:
    """Print an error on stderr; lines of a log below it are indented, so that none passes for a line of its own."""
    first, *rest = str(words).split("\n")
    print(f"order-desk: {printable(first)}", *map(printable, rest), sep="\n  ", file=sys.stderr, flush=True)


def print_note(line: object) -> None:
    """Print a line on stderr that is no error."""
    print(printable(str(line)), file=sys.stderr, flush=True)


def print_upgrade(words: Words) -> None:
    """Print that older tables are being upgraded; empty: the upgrade is over."""
    if words:
        print_note(words)


def print_progress(words: str) -> None:
    """Print over the line printed before; empty: clear that line."""
    print(f"\r{printable(words)} " if words else "\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)


def json_text(value: object, indent: int | None = None) -> str:
    """JSON in ASCII, with everything else escaped, for any terminal and pipe."""
    separators = (",", ":") if indent is None else None
    text = json.dumps(msgspec.to_builtins(value, enc_hook=str), indent=indent, separators=separators)
    return text.replace("\x7f", "\\u007f")


def print_json(value: object) -> None:
    with _writing():
        print(json_text(value, indent=2))


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        discard_rest()
        raise OutputFailed(phrase("terminal.the_output_cannot_be_written", strerror=error.strerror)) from error
