"""The catalogue of sentences for users: in English, each with a code and places for values.

They are logged in English, and travel and are kept as English text and as code and parameters. A window in another
language says each by its code. All sentences stand in PHRASES, a line each: a code, which stays when the English is
improved, and the sentence with named places. The format of a place says how its value is written: `:d` and `:,` whole
numbers, `!r` a text in quotes.
"""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Self

import resources
from messaging.messages import KEPT, LISTED, MOST_TEXT, WITH_LOG, Message, Parameter

SEPARATOR = "; "
PHRASES = "translations/phrases.txt"  # in resources

# Places whose value may be a phrase itself, or the name of a state.
NESTED = frozenset(
    {"answer", "empty", "error", "harm", "kind", "mend", "reason", "refused", "remedy", "state", "status"}
    | {"strerror", "to", "verify_message", "wanted", "what", "why", "words"}
)


class Words(str):
    """English text for users with its message; without one where others said it, or it was kept before."""

    __slots__ = ("message",)

    message: Message | None

    def __new__(cls, text: str, message: Message | None = None) -> Self:
        words = super().__new__(cls, text)
        words.message = message
        return words


NO_WORDS = Words("")


@lru_cache(maxsize=1)
def sentences() -> dict[str, str]:
    """The catalogue: templates by code."""
    lines = (Path(resources.__file__).parent / PHRASES).read_text("utf-8").splitlines()
    pairs = (line.split(": ", 1) for line in lines)
    return {code: template.replace("\\n", "\n") for code, template in pairs}


def phrase(code: str, /, **parameters: object) -> Words:
    """The sentence of this code with its values. A value that is a sentence too stays one."""
    values = {name: _parameter(value) for name, value in parameters.items()}
    return Words(sentences()[code].format(**parameters), Message(code, values))


def listed(phrases: Iterable[Words]) -> Words:
    """Several in one line."""
    several = list(phrases)
    if len(several) == 1:
        return several[0]
    return Words(SEPARATOR.join(several), Message(LISTED, {"sentences": tuple(map(message_of, several))}))


def with_log(first: Words, lines: Iterable[str]) -> Words:
    """A phrase, and below it the last lines of a log, as they are."""
    log = "\n".join(lines)
    return Words(f"{first}\n{log}", Message(WITH_LOG, {"first": message_of(first), "lines": log}))


def without_log(words: Words) -> Words:
    """The phrase above a log, or the words as they are."""
    first, line_feed, _ = words.partition("\n")
    above = words.message.parameters.get("first") if words.message and words.message.code == WITH_LOG else None
    return Words(first, above if isinstance(above, Message) else None) if line_feed else words


def message_of(words: Words) -> Message:
    """Its message; of one without a code the text itself."""
    return words.message or Message(KEPT, {"text": str(words)})


def _parameter(value: object) -> Parameter:
    if isinstance(value, Exception):
        value = getattr(value, "words", value)  # of a known error
    if isinstance(value, Words) and value:
        return message_of(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return str(value)[:MOST_TEXT]
