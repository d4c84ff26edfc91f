"""A sentence for users as data: a code, and the values that stand in it.

The English sentences stand in one catalogue (`messaging.phrases.PHRASES`), a line for each code. A window shows a
message in its own language by the code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from messaging.texts import printable, redacted

MOST_TEXT = 1000  # characters of one value
_MOST_NAMES = 16
_MOST_SENTENCES = 200  # an order has at most 100 lines
_MOST_DEPTH = 4
_MOST_CODE = 80  # characters
_MOST_NUMBER = 2**63

LISTED = "listed"  # several sentences: `sentences`
WITH_LOG = "with_log"  # a sentence, `first`, and below it the `lines` of a log as they are
KEPT = "kept"  # a `text` that was written without a code

Parameter: TypeAlias = "str | int | float | Message | tuple[Message, ...]"


@dataclass(frozen=True, slots=True)
class Message:
    """Which sentence, and its values by the names of their places; a value may be a sentence itself."""

    code: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    def without_passwords(self) -> "Message":
        return Message(self.code, {name: _redacted(value) for name, value in self.parameters.items()})


def as_message(found: object) -> Message | None:
    """The message in JSON from anybody, once it is read; None where it is none that we could have made."""
    if isinstance(found, Message):
        return found
    try:
        return _message(found, 0)
    except _NoMessage:
        return None


class _NoMessage(Exception):
    pass


def _message(found: object, depth: int) -> Message:
    if not isinstance(found, dict) or depth > _MOST_DEPTH:
        raise _NoMessage
    code, parameters = found.get("code"), found.get("parameters", {})
    if not isinstance(code, str) or len(code) > _MOST_CODE or not isinstance(parameters, dict):
        raise _NoMessage
    if len(parameters) > _MOST_NAMES or not all(isinstance(name, str) for name in parameters):
        raise _NoMessage
    return Message(code, {name: _parameter(value, depth) for name, value in parameters.items()})


def _parameter(found: object, depth: int) -> Parameter:
    if isinstance(found, str) and len(found) <= MOST_TEXT:
        return printable(found)
    if isinstance(found, int | float) and not isinstance(found, bool) and abs(found) <= _MOST_NUMBER:
        return found
    if isinstance(found, list | tuple) and len(found) <= _MOST_SENTENCES:
        return tuple(_message(one, depth + 1) for one in found)
    return _message(found, depth + 1)


def _redacted(value: Parameter) -> Parameter:
    if isinstance(value, str):
        return redacted(value)
    if isinstance(value, Message):
        return value.without_passwords()
    return tuple(one.without_passwords() for one in value) if isinstance(value, tuple) else value
