"""Which product is meant by a name that was typed, or by a code that was read."""

import unicodedata
from collections.abc import Iterable


def same_name(text: str) -> str:
    """The form in which two texts are the same name: composed letters, single blanks."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def named(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The products it can mean: the one that is called so, else those that differ in upper and lower case alone."""
    wanted = same_name(text)
    alike = tuple(name for name in names if same_name(name).casefold() == wanted.casefold())
    return tuple(name for name in alike if same_name(name) == wanted) or alike
