"""The one door to the terminal: no text of others, however it came, steers it or forges a line."""

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
    """What reads the output is there but cannot take it: a full disk, say."""


def say(line: object = "", *, flush: bool = False) -> None:
    """A line on stdout. Raises OutputFailed, or BrokenPipeError where whoever reads it has gone."""
    with _writing():
        print(printable(str(line)), flush=flush)


def finish() -> None:
    """All that was said is on its way. Raises as `say` does."""
    with _writing():
        sys.stdout.flush()


def end() -> None:
    """Nothing more is said: what is left over must not fail again at the program's end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def complain(words: object) -> None:
    """What went wrong, on stderr; lines of a log that follow the words are indented, so that none stands alone."""
    first, *rest = str(words).split("\n")
    print(f"order-desk: {printable(first)}", *map(printable, rest), sep="\n  ", file=sys.stderr, flush=True)


def remark(line: object) -> None:
    """A line on stderr that is no error."""
    print(printable(str(line)), file=sys.stderr, flush=True)


def tell(words: Words) -> None:
    """What is under way, on stderr, and nothing when it is over."""
    if words:
        remark(words)


def show_progress(words: str) -> None:
    """On the line of the words before them; empty: that line is free again."""
    print(f"\r{printable(words)} " if words else "\r" + " " * 40 + "\r", end="", file=sys.stderr, flush=True)


def json_text(value: object, indent: int | None = None) -> str:
    """JSON in ASCII: whatever stands in it is escaped, and every terminal and pipe can take it."""
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
        end()
        raise OutputFailed(phrase("terminal.the_output_cannot_be_written", strerror=error.strerror)) from error
