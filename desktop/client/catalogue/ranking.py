"""How well a product's name answers what was typed: what begins so comes before what only holds it."""

import unicodedata
from functools import cache

from messaging.texts import normal_name

EXACT, SAME, BEGINS, WORDS_BEGIN, HOLDS, NEARLY = range(6)
LEAST_GUESSED = 4  # letters: of shorter words nearly every other one is a slip


def rank(typed: str, name: str) -> int | None:
    """From EXACT, the best, to NEARLY, which is one slip of the keys away; None: it does not answer."""
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
    if all(any(_is_one_slip_away(word, part) for part in parts) or word in known for word in words):
        return NEARLY
    return None


@cache
def folded(text: str) -> str:
    """In lower case, without accents, with single blanks."""
    apart = unicodedata.normalize("NFKD", " ".join(text.casefold().split()))
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _parts(known: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in known).split()


def _is_one_slip_away(typed: str, part: str) -> bool:
    """One letter wrong, missing, too many or two swapped, in the beginning of a word."""
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
