"""Sentences with named places, as messaging's catalogue and its translators write them."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

from PySide6.QtCore import QCoreApplication, QLocale

CONTEXT = "Phrases"
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    name: str
    format: str = ""
    is_quoted: bool = False

    def shown(self, value: str | float) -> str:
        """The value as the window's language writes it; the translation brings quotes of its own.

        Raises ValueError or TypeError for a value that this place cannot take.
        """
        if self.format == "," and isinstance(value, int):
            return QLocale().toString(value)
        text = format(repr(value) if self.is_quoted else value, self.format)
        return without_quotes(text) if self.is_quoted else text


@dataclass(frozen=True)
class Template:
    """One sentence: its literal parts and places in turn, and `words`, the translation with the same places."""

    literals: tuple[str, ...]
    places: tuple[Placeholder, ...]
    words: str = ""

    @property
    def source(self) -> str:
        """What a translator sees: places have names only."""
        return "".join(literal + (f"{{{place.name}}}" if place else "") for literal, place in self.parts())

    @property
    def size(self) -> int:
        return sum(map(len, self.literals))

    def translated(self) -> "Template | None":
        """None where there is no translation."""
        words = QCoreApplication.translate(CONTEXT, self.source)
        return None if words == self.source else Template(self.literals, self.places, words)

    def filled(self, values: Mapping[str, str]) -> str:
        return _PLACE.sub(lambda place: values.get(place[1], place[0]), self.words)

    def parts(self) -> Iterator[tuple[str, Placeholder | None]]:
        return zip(self.literals, (*self.places, None), strict=True)


def parsed(template: str) -> Template:
    literals, places = [""], list[Placeholder]()
    for literal, name, spec, conversion in Formatter().parse(template):
        literals[-1] += literal
        if name is not None:
            places.append(Placeholder(name, spec or "", conversion == "r"))
            literals.append("")
    return Template(tuple(literals), tuple(places))


def without_quotes(text: str) -> str:
    """A text as Python quotes it; a long one was cut, with its last quote."""
    if text[:1] not in ("'", '"'):
        return text
    return text[1:-1] if text[-1] == text[0] else text[1:]
