"""Passwords given on the command line: every user of the machine reads them there for as long as the program runs."""

import os
import re
import sys
from collections.abc import Sequence

OPTIONS = {"--broker": "ORDER_DESK_BROKER", "--database": "ORDER_DESK_DATABASE"}
_PASSWORD = re.compile(r"://[^/\s]*:[^/\s]*@")


def move_out_of_sight() -> None:
    """Begin again, as the same process, with such options in the environment, which only its owner reads.

    Where there is none it returns at once. On Windows a process cannot begin again: there the options stay.
    """
    left, moved = parted(sys.orig_argv)
    if moved and os.name != "nt":
        os.execve(sys.executable, left, {**os.environ, **moved})


def parted(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The words without options that hold a password, and these as variables; of several the last one counts."""
    left, moved, rest = list[str](), dict[str, str](), list(words)
    while rest:
        word = rest.pop(0)
        option, equals, value = word.partition("=")
        if option in OPTIONS and not equals and rest:
            value = rest.pop(0)
        if option in OPTIONS and _PASSWORD.search(value):
            moved[OPTIONS[option]] = value
        else:
            left += [word] if equals or option not in OPTIONS or not value else [word, value]
    return left, moved
