"""What was typed into the client's search: a name, or how many of what.

`12 eggs` is twelve eggs, unless a product is called so. Where it can be both, both are found, each with its quantity.
"""

import re
from dataclasses import dataclass

from desktop.client.catalogue.ranking import BEGINS, NEARLY, SAME, WORDS_BEGIN, folded, rank

_COUNT = r"\s*(\d{1,7})\s*[x\u00d7*]?\s+"
_COUNTED = re.compile(_COUNT + r"(\S.*)")

Place = tuple[int, bool, int]


@dataclass(frozen=True, slots=True)
class TypedLine:
    """`whole` as it was typed; `count` of `rest` where it begins with a number, else `rest` is empty."""

    whole: str = ""
    count: int = 1
    rest: str = ""

    def place(self, name: str, worst: int = NEARLY) -> Place | None:
        """The less, the better it answers; None: it does not. A name that was typed whole comes before a number
        with a name, and either before what only begins so."""
        as_name = _place(self._as_name(name), False, min(worst, WORDS_BEGIN) if self.rest else worst)
        as_count = _place(rank(self.rest, name), True, worst) if self.rest else None
        return min(filter(None, (as_name, as_count)), default=None)

    def quantity(self, name: str) -> int:
        """How many of this product are meant, where it is found."""
        place = self.place(name)
        return self.count if place is not None and place[1] else 1

    def _as_name(self, name: str) -> int | None:
        """A number must be one of the name's words."""
        found, words = rank(self.whole, name), _words(name)
        if found is None or not self.rest:
            return found
        if words.startswith(_words(self.whole)):
            return min(found, BEGINS)
        return found if self.whole.split()[0] in words.split() else None


def typed(text: str) -> TypedLine:
    counted = _COUNTED.fullmatch(text)
    whole = " ".join(text.split())
    return TypedLine(whole, int(counted[1]), " ".join(counted[2].split())) if counted else TypedLine(whole)


def count_before(text: str) -> int | None:
    """The quantity that stands before what is still to come."""
    counted = re.fullmatch(_COUNT, text)
    return int(counted[1]) if counted else None


def _place(found: int | None, is_counted: bool, worst: int) -> Place | None:
    if found is None or found > worst:
        return None
    return max(found, SAME), is_counted, found


def _words(text: str) -> str:
    """Signs count as blanks: `12_eggs` begins with `12 eggs`."""
    return "".join(letter if letter.isalnum() else " " for letter in folded(text))
