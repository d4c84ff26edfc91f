"""Parses what was typed into the client's search: a name, or a quantity and a name.

`12 eggs` is twelve eggs, unless a product is called so. Where it can be both, both match, each with its quantity.
"""

import re
from dataclasses import dataclass

from desktop.client.catalogue.ranking import BEGINS, NEARLY, SAME, WORDS_BEGIN, folded, rank

_COUNT = r"\s*(\d{1,7})\s*[x\u00d7*]?\s+"
_COUNTED = re.compile(_COUNT + r"(\S.*)")

Match = tuple[int, bool, int]  # rank, whether the number is a quantity, rank before ties were made


@dataclass(frozen=True, slots=True)
class TypedLine:
    """`whole` as it was typed; `count` and `rest` where it begins with a number, otherwise `rest` is empty."""

    whole: str = ""
    count: int = 1
    rest: str = ""

    def match(self, name: str, worst: int = NEARLY) -> Match | None:
        """How well the name matches, less is better; None where its rank is worse than `worst`.

        A name that was typed whole comes before a number with a name, and both before what only begins so.
        """
        as_name = _matching(self._as_name(name), False, min(worst, WORDS_BEGIN) if self.rest else worst)
        as_count = _matching(rank(self.rest, name), True, worst) if self.rest else None
        return min(filter(None, (as_name, as_count)), default=None)

    def quantity(self, name: str) -> int:
        """How many units of this product were typed; 1 where the number is part of the name."""
        found = self.match(name)
        return self.count if found is not None and found[1] else 1

    def _as_name(self, name: str) -> int | None:
        """The rank where all is the name; a number must then be one of the words of the name."""
        found, words = rank(self.whole, name), _words(name)
        if found is None or not self.rest:
            return found
        if words.startswith(_words(self.whole)):
            return min(found, BEGINS)
        return found if self.whole.split()[0] in words.split() else None


def parse_typed(text: str) -> TypedLine:
    counted = _COUNTED.fullmatch(text)
    whole = " ".join(text.split())
    return TypedLine(whole, int(counted[1]), " ".join(counted[2].split())) if counted else TypedLine(whole)


def count_before(text: str) -> int | None:
    """The quantity at the beginning, where nothing is typed behind it yet."""
    counted = re.fullmatch(_COUNT, text)
    return int(counted[1]) if counted else None


def _matching(found: int | None, is_counted: bool, worst: int) -> Match | None:
    if found is None or found > worst:
        return None
    return max(found, SAME), is_counted, found


def _words(text: str) -> str:
    """The text with blanks in place of signs: `12_eggs` begins with `12 eggs`."""
    return "".join(letter if letter.isalnum() else " " for letter in folded(text))
