"""What a user is told: English sentences, in which values stand.

They travel, are logged and are kept in English, as plain text. A window in another language knows each of them again,
in whatever it was told: an error, a notice of years ago, a row of the books. For that it needs the sentences as
templates: `python3 -m tests translations` reads them where they are written and collects them in PHRASES.
"""

from collections.abc import Iterable
from typing import NewType

Words = NewType("Words", str)  # made by `phrase`; or said by others, which no window can translate
NO_WORDS = Words("")
SEPARATOR = "; "
PHRASES = "translations/phrases.txt"  # in resources: a template a line

# Places whose value may be a phrase itself, or the name of a state.
NESTED = frozenset(
    {"answer", "empty", "error", "harm", "kind", "mend", "reason", "refused", "remedy", "state", "status"}
    | {"strerror", "to", "verify_message", "wanted", "what", "why", "words"}
)


def phrase(text: str) -> Words:
    """Marks a literal, or an f-string, as a sentence for users.

    Each value in it becomes a named place of the template: by the last name in its expression, `{name}` for
    `{path.name}` or `{name[:40]!r}`. Its format says what a window may find there: `:d` and `:,` whole numbers, `!r` a
    text in quotes, anything else any text.
    """
    return Words(text)


def listed(phrases: Iterable[Words]) -> Words:
    """Several in one line; a window knows them one by one."""
    return Words(SEPARATOR.join(phrases))


def with_log(first: Words, lines: Iterable[str]) -> Words:
    """A phrase, and below it the last lines of a log, as they are."""
    return Words("\n".join([first, *lines]))
