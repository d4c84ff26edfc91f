"""Moves passwords off the command line, where every user of the machine can read them."""

import os
import sys
from collections.abc import Sequence

from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.texts import holds_password

OPTIONS = {"--broker": "ORDER_DESK_BROKER", "--database": "ORDER_DESK_DATABASE"}


def move_out_of_sight(words: Sequence[str], system: str = os.name) -> None:
    """Begin again, as the same process, with such options in the environment, which only its owner reads.

    `words` are the whole command line. Where none holds a password it returns at once. On Windows a process cannot
    begin again: there it raises UsageError.
    """
    left, moved = parted(words)
    if not moved:
        return
    if system == "nt":
        variables = " and ".join(moved)
        raise UsageError(phrase("secrets.a_password_on_the_command_line", variables=variables))
    os.execve(sys.executable, left, {**os.environ, **moved})


def parted(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """The words without options that hold a password, and these as variables; of several the last one counts."""
    left, moved, rest = list[str](), dict[str, str](), list(words)
    while rest:
        word = rest.pop(0)
        name, equals, value = word.partition("=")
        option = _meant(name)
        if option and not equals and rest:
            value = rest.pop(0)
        if option and holds_password(value):
            moved[OPTIONS[option]] = value
        else:
            left += [word] if equals or not option or not value else [word, value]
    return left, moved


def _meant(name: str) -> str:
    """The option of which this is the name, or its beginning: commands take both; empty where it is none of these."""
    return next((option for option in OPTIONS if len(name) > len("--") and option.startswith(name)), "")
