"""Translates English text that has no code, by matching it against the templates of our sentences.

Older rows of the books and of histories, and notices of older programs, have nothing but the text: each sentence is
known again by its template and said in the language of now. What has a code never comes here (`desktop.text.phrases`).
"""

import re
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QLocale

import resources
from desktop.text.templates import Placeholder, Template, parsed, without_quotes
from messaging.phrases import NESTED, SEPARATOR, sentences

OTHERS = "translations/recognised.txt"  # in resources: states, and what others say inside of our sentences
_LONGEST = 1000  # characters of one sentence; what is longer was not written here
_LONGEST_LIST = 20_000  # of several: what an order of 100 lines may lack
_MOST_PARTS = 8
_INTEGER = r"-?\d[\d,]*"
_NUMBERS = {"d": r"-?\d+", ",": _INTEGER, ".0f": r"\d+"}  # what is found where a template has this format
_QUOTED = r"['\"].*?|[^\s'\"]+"  # as Python writes a text, or a number


def recognised(text: str) -> str:
    """In the window's language; what nobody here has written is shown as it came, as are lines below the first."""
    first, line_feed, rest = text.partition("\n")
    return _said(first, QLocale().name()) + line_feed + rest


@lru_cache(maxsize=1)
def others() -> tuple[str, ...]:
    """Templates without a code."""
    return tuple((Path(resources.__file__).parent / OTHERS).read_text("utf-8").splitlines())


def forget() -> None:
    """After another translator was put in the place of one for the same locale."""
    _known.cache_clear()
    _said.cache_clear()


@lru_cache(maxsize=4096)
def _said(text: str, locale: str) -> str:
    told = _list_of(text, locale)
    if told is None and (one := _one(text, locale)):
        told, _ = one
    return text if told is None else told


@lru_cache(maxsize=1)
def _known(_locale: str) -> tuple[Template, ...]:
    """Those that are translated, what says most first; none in an English window."""
    translated = (parsed(line).translated() for line in {*sentences().values(), *others()})
    return tuple(sorted(filter(None, translated), key=lambda template: (-template.size, template.source)))


def _one(text: str, locale: str, likely: Template | None = None) -> tuple[str, Template] | None:
    known = _known(locale) if len(text) <= _LONGEST else ()
    for template in (likely, *known) if likely else known:
        words = _as_template(template, text, locale)
        if words is not None:
            return words, template
    return None


def _as_template(template: Template, text: str, locale: str) -> str | None:
    """The translation with the values that stand in `text`; None where it is another sentence."""
    first, last = template.literals[0], template.literals[-1]
    if not (text.startswith(first) and text.endswith(last) and all(part in text for part in template.literals)):
        return None
    found = _pattern_of(template).fullmatch(text)
    if found is None:
        return None
    return template.filled({place.name: _value(place, found[place.name], locale) for place in template.places})


@lru_cache(maxsize=1024)
def _pattern_of(template: Template) -> re.Pattern[str]:
    """Made when a text looks like it: three hundred would take too long for one start."""
    return re.compile("".join(re.escape(x) + (_group(place) if place else "") for x, place in template.parts()))


def _group(place: Placeholder) -> str:
    return f"(?P<{place.name}>{_QUOTED if place.is_quoted else _NUMBERS.get(place.format, '.+?')})"


def _value(place: Placeholder, value: str, locale: str) -> str:
    if place.is_quoted:
        value = without_quotes(value)
    if place.format == ",":
        return QLocale().toString(int(value.replace(",", "")))
    return _said(value, locale) if place.name in NESTED else value


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
