"""What a check finds, and how it is mended."""

from collections.abc import Callable
from enum import StrEnum

from msgspec import Struct

from messaging.broker import error_messages
from messaging.phrases import NO_WORDS, Words, phrase
from messaging.texts import printable

MOST_NAME = 80  # characters of a name that is shown
MEND = phrase("findings.run", doctor=error_messages.DOCTOR)  # as a repair: `--fix` does it by itself


class State(StrEnum):
    OK = "ok"
    MENDED = "mended"
    NOTE = "note"  # somebody made it so, and may have meant it
    PROBLEM = "problem"
    UNKNOWN = "unknown"


class CheckResult(Struct, frozen=True):
    name: str
    state: State
    words: Words = NO_WORDS
    repair: Words = NO_WORDS


def _nothing() -> None:
    """What only a person can mend."""


class Check(Struct, frozen=True):
    """`mend` is called where `look` finds something with the repair MEND; it raises OrderDeskError where it fails,
    and returns words where more was done than what was found says."""

    look: Callable[[], CheckResult]
    mend: Callable[[], Words | None] = _nothing


def shown(name: str) -> str:
    """A name that somebody else has given, on one line."""
    return printable(name)[:MOST_NAME]


def unseen(name: str) -> CheckResult:
    """What AMQP has no question for."""
    return CheckResult(name, State.UNKNOWN, phrase("findings.the_management_api_does_not_answer"))
