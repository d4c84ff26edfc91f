"""What messaging says, in the window's language.

It comes as finished English text, from an error, the wire, a file or the books, whenever that was written: each
sentence is known again by its template and said in the language of now. What nobody here has written is shown as it
came.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from string import Formatter

from PySide6.QtCore import QCoreApplication, QLocale

import resources
from messaging.phrases import NESTED, PHRASES, SEPARATOR

CONTEXT = "Phrases"
_LONGEST = 1000  # characters of one sentence; what is longer was not written here
_LONGEST_LIST = 20_000  # of several: what an order of 100 lines may lack
_MOST_PARTS = 8
_INTEGER = r"-?\d[\d,]*"
_NUMBERS = {"d": r"-?\d+", ",": _INTEGER, ".0f": r"\d+"}  # what is found where a template has this format
_QUOTED = r"['\"].*?|[^\s'\"]+"  # as Python writes a text, or a number
_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Placeholder:
    name: str
    format: str = ""
    is_quoted: bool = False

    @property
    def pattern(self) -> str:
        return f"(?P<{self.name}>{_QUOTED if self.is_quoted else _NUMBERS.get(self.format, '.+?')})"

    def say(self, value: str, locale: str) -> str:
        if self.is_quoted and value[:1] in ("'", '"'):
            value = value[1:-1] if value[-1] == value[0] else value[1:]  # a long one was cut, with its last quote
        if self.format == ",":
            return QLocale().toString(int(value.replace(",", "")))
        return _said(value, locale) if self.name in NESTED else value


@dataclass(frozen=True)
class Template:
    """One sentence: its literal parts and places in turn, and `words`, the translation with the same places."""

    literals: tuple[str, ...]
    places: tuple[Placeholder, ...]
    words: str = ""

    @property
    def source(self) -> str:
        """What a translator sees: places have names only."""
        return "".join(literal + (f"{{{place.name}}}" if place else "") for literal, place in self._parts())

    @property
    def size(self) -> int:
        return sum(map(len, self.literals))

    def say(self, text: str, locale: str) -> str | None:
        """The translation with the values that stand in `text`; None where it is another sentence."""
        first, last = self.literals[0], self.literals[-1]
        if not (text.startswith(first) and text.endswith(last) and all(part in text for part in self.literals)):
            return None
        found = self._pattern.fullmatch(text)
        if found is None:
            return None
        values = {place.name: place.say(found[place.name], locale) for place in self.places}
        return _PLACE.sub(lambda place: values.get(place[1], place[0]), self.words)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Made when a text looks like it: three hundred would take too long for one start."""
        return re.compile("".join(re.escape(x) + (place.pattern if place else "") for x, place in self._parts()))

    def _parts(self) -> Iterator[tuple[str, Placeholder | None]]:
        return zip(self.literals, (*self.places, None), strict=True)


def said(text: str) -> str:
    """Lines below the first one, of a log, stay as they are."""
    first, line_feed, rest = text.partition("\n")
    return _said(first, QLocale().name()) + line_feed + rest


def parsed(template: str) -> Template:
    literals, places = [""], list[Placeholder]()
    for literal, name, spec, conversion in Formatter().parse(template):
        literals[-1] += literal
        if name is not None:
            places.append(Placeholder(name, spec or "", conversion == "r"))
            literals.append("")
    return Template(tuple(literals), tuple(places))


@lru_cache(maxsize=4096)
def _said(text: str, locale: str) -> str:
    told = _list_of(text, locale)
    if told is None and (one := _one(text, locale)):
        told, _ = one
    return text if told is None else told


@lru_cache(maxsize=1)
def _catalogue(_locale: str) -> tuple[Template, ...]:
    """Those that are translated, what says most first; none in an English window."""
    lines = (Path(resources.__file__).parent / PHRASES).read_text("utf-8").splitlines()
    known = [(template, QCoreApplication.translate(CONTEXT, template.source)) for template in map(parsed, lines)]
    spoken = [Template(t.literals, t.places, words) for t, words in known if words != t.source]
    return tuple(sorted(spoken, key=lambda template: -template.size))


def _one(text: str, locale: str, likely: Template | None = None) -> tuple[str, Template] | None:
    known = _catalogue(locale) if len(text) <= _LONGEST else ()
    for template in (likely, *known) if likely else known:
        words = template.say(text, locale)
        if words is not None:
            return words, template
    return None


def _list_of(text: str, locale: str) -> str | None:
    """Several sentences in a row, most often of one kind; None where a piece is none.

    A value in it may hold the separator, so that a piece is several parts: some, for a text may be made to be slow.
    """
    if SEPARATOR not in text or len(text) > _LONGEST_LIST:
        return None
    said_so_far, kind, piece = list[str](), None, list[str]()
    for part in text.split(SEPARATOR):
        piece.append(part)
        told = _one(SEPARATOR.join(piece), locale, kind)
        if told is not None:
            words, kind = told
            said_so_far.append(words)
            piece.clear()
        elif len(piece) == _MOST_PARTS:
            return None
    return None if piece else SEPARATOR.join(said_so_far)


def forget() -> None:
    """After another translator was put in the place of one for the same locale."""
    _catalogue.cache_clear()
    _said.cache_clear()
