"""Ranks how well a product's name matches what was typed: names that begin with it before names that contain it."""

import unicodedata
from functools import cache

from messaging.texts import normal_name

EXACT, SAME, BEGINS, WORDS_BEGIN, HOLDS, NEARLY = range(6)
LEAST_GUESSED = 4  # letters at least; shorter words are one typing error away from too many others


def rank(typed: str, name: str) -> int | None:
    """From EXACT, the best, to NEARLY, one typing error away; None where the name does not match."""
    wanted, known = folded(typed), folded(name)
    if known == wanted:
        return EXACT if normal_name(typed) == normal_name(name) else SAME
    if known.startswith(wanted):
        return BEGINS
    words, parts = wanted.split(), _parts(known)
    if all(any(part.startswith(word) for part in parts) for word in words):
        return WORDS_BEGIN
    if all(word in known for word in words):
        return HOLDS
    if all(any(_is_one_error_away(word, part) for part in parts) or word in known for word in words):
        return NEARLY
    return None


@cache
def folded(text: str) -> str:
    """The text in lower case, without accents, with single blanks."""
    apart = unicodedata.normalize("NFKD", " ".join(text.casefold().split()))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _parts(known: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in known).split()


def _is_one_error_away(typed: str, part: str) -> bool:
    """Whether the word begins as typed but for one letter that is wrong, missing or too many, or two swapped."""
    if len(typed) < LEAST_GUESSED:
        return False
    same = next((n for n, (one, other) in enumerate(zip(typed, part, strict=False)) if one != other), len(part))
    rest, there = typed[same:], part[same:]
    swapped = rest[:2] == there[1::-1] and there[2:].startswith(rest[2:]) and len(there) > 1
    return (
        swapped
        or there.startswith(rest[1:])  # one too many
        or there[1:].startswith(rest)  # one is missing
        or there[1:].startswith(rest[1:])  # another one
    )
