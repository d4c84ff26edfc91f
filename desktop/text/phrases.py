"""Translates messages and errors of `messaging` into the window's language, by their codes and values.

Text without a code was written before there were codes, or by others: `desktop.text.recognised`.
"""

from collections.abc import Mapping
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.text import recognised
from desktop.text.templates import CONTEXT, Placeholder, Template, parsed
from messaging.messages import KEPT, LISTED, WITH_LOG, Message, Parameter
from messaging.phrases import NESTED, SEPARATOR, Words, sentences


def said(text: str) -> str:
    """In an English window, and where the code is not known here or its values do not fit, the text itself."""
    message = text.message if isinstance(text, Words) else None
    if message is None:
        return recognised.recognised(text)
    if not _translated(QLocale().name()):
        return text
    try:
        return _said(message)
    except (_NotOurs, ValueError, TypeError):
        return text


def forget() -> None:
    """After another translator was put in the place of one for the same locale."""
    recognised.forget()
    _translated.cache_clear()


class _NotOurs(Exception):
    """A message with a code that this version does not have, or with other values than it takes."""


@lru_cache(maxsize=1)
def _translated(_locale: str) -> dict[str, Template]:
    """By code; nothing in an English window."""
    found = ((code, parsed(template).translated()) for code, template in sentences().items())
    return {code: template for code, template in found if template}


def _said(message: Message) -> str:
    values = message.parameters
    match message.code, values:
        case str(code), {"text": str(text)} if code == KEPT:
            return recognised.recognised(text)
        case str(code), {"sentences": tuple(several)} if code == LISTED:
            return SEPARATOR.join(map(_said, several))
        case str(code), {"first": Message() as first, "lines": str(lines)} if code == WITH_LOG:
            return f"{_said(first)}\n{lines}"
    template = _translated(QLocale().name()).get(message.code)
    if template is None:
        return _in_english(message)
    return template.filled({place.name: _value(place, values) for place in template.places})


def _in_english(message: Message) -> str:
    template = sentences().get(message.code)
    if template is None:
        raise _NotOurs
    try:
        return template.format(**{name: _plain(value) for name, value in message.parameters.items()})
    except (LookupError, AttributeError) as error:
        raise _NotOurs from error


def _value(place: Placeholder, values: Mapping[str, Parameter]) -> str:
    value = values.get(place.name)
    if isinstance(value, Message):
        return _said(value)
    if value is None or isinstance(value, tuple):
        raise _NotOurs
    shown = place.shown(value)
    return QCoreApplication.translate(CONTEXT, shown) if place.name in NESTED and shown else shown


def _plain(value: Parameter) -> str | float:
    if isinstance(value, Message):
        return _said(value)
    if isinstance(value, tuple):
        raise _NotOurs
    return value
