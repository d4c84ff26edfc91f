"""The result of a check, and the check with its repair."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from messaging.broker import error_messages
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.texts import printable

MOST_NAME = 80  # characters of a name that is shown
MEND = phrase("findings.run", doctor=error_messages.DOCTOR)  # the repair of what `--fix` repairs by itself


class State(StrEnum):
    OK = "ok"
    MENDED = "mended"
    NOTE = "note"  # somebody may have intended it
    PROBLEM = "problem"
    UNKNOWN = "unknown"


class CheckResult(Struct, frozen=True):
    name: str
    state: State
    words: Words = NO_WORDS
    repair: Words = NO_WORDS


def _nothing() -> None:
    """For a check whose result only a person can repair."""


class Check(Struct, frozen=True):
    """`mend` is called where `inspect` returns a result with the repair MEND. It raises OrderDeskError where it fails,
    and returns a text where it has done more than the result says."""

    inspect: Callable[[], CheckResult]
    mend: Callable[[], Words | None] = _nothing


def shown(name: str) -> str:
    """A name chosen by others: on one line, printable, MOST_NAME characters at most."""
    return printable(name)[:MOST_NAME]


def unseen(name: str) -> CheckResult:
    """The result of a check that AMQP alone cannot make: it needs the management API."""
    return CheckResult(name, State.UNKNOWN, phrase("findings.the_management_api_does_not_answer"))
