"""Says why a message could not be read, in plain words, and which of its fields is the bad one."""

import re
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.text.phrases import said
from messaging.contract.codec import WRITTEN

translate = QCoreApplication.translate

_PATH = re.compile(r" - at `\$(?P<path>[^`]*)`")
_MISSING = re.compile(r"Object missing required field `(?P<field>\w+)`")
_STEP = re.compile(r"\.(\w+)|\[(\d+|\.\.\.)\]")
_TYPES = re.compile(r"Expected `(?P<wanted>[\w |]+)`(?P<more>[^,`]*?)(, got `(?P<got>\w+)`)?( - at |\.|$)")
_LIMIT = re.compile(r"(?P<length> of length)? (?P<sign>>=|<=) (?P<number>-?\d+)")


@dataclass(frozen=True, slots=True)
class BadField:
    """`line` counts from 1, and is 0 for a field outside the lines; `name` is empty where the whole line is bad."""

    name: str
    line: int = 0


def bad_field(reason: str) -> BadField | None:
    """The field that the reason names; None where the message as a whole is wrong."""
    path, missing = _PATH.search(reason), _MISSING.search(reason)
    steps = _STEP.findall(path["path"]) if path else []
    names = [name for name, _ in steps if name] + ([missing["field"]] if missing else [])
    indexes = [int(index) for _, index in steps if index.isdecimal()]
    if indexes and names[:1] == ["order"]:
        return BadField(names[1] if len(names) > 1 else "", indexes[0] + 1)
    return BadField(names[0]) if names else None


def in_plain_words(reason: str) -> str:
    """Field and expectation in the window's language, where they are known; otherwise the whole reason."""
    field = bad_field(reason)
    if field is None:
        return said(reason)
    return f"{_where(field)}: {_what(reason, field.name)}"


def field_words(name: str) -> str:
    """The label of a field of an order; an unknown field keeps its name."""
    return {
        "order_id": translate("Reasons", "order number"),
        "user_id": translate("Reasons", "user"),
        "created_at": translate("Reasons", "placed at"),
        "on_shortage": translate("Reasons", "if stock is short"),
        "order": translate("Reasons", "lines"),
        "status": translate("Reasons", "state"),
        "name": translate("Reasons", "product"),
        "quantity": translate("Reasons", "quantity"),
    }.get(name, name)


def _where(field: BadField) -> str:
    if not field.line:
        return field_words(field.name)
    line = translate("Reasons", "line {0}").format(field.line)
    return f"{line}, {field_words(field.name)}" if field.name else line


def _what(reason: str, field: str) -> str:
    if _MISSING.search(reason):
        return translate("Reasons", "is missing")
    if WRITTEN in reason or "matching regex" in reason:  # written by earlier releases
        return _written(field)
    types = _TYPES.search(reason)
    if types is None:
        return translate("Reasons", "is not as it must be")
    wanted = " | ".join(_kind(kind.strip()) for kind in types["wanted"].split("|"))
    if types["got"]:
        return translate("Reasons", "must be {0}, but is {1}").format(wanted, _kind(types["got"]))
    return translate("Reasons", "must be {0}{1}").format(wanted, _limit(types["more"].rstrip()))


def _written(field: str) -> str:
    """What the pattern of this field demands; only ids and texts have one."""
    return {
        "order_id": translate("Reasons", "must be a whole number or a UUID in small letters"),
        "user_id": translate("Reasons", "must be a whole number, or at most 36 letters, digits, - and _"),
    }.get(field, translate("Reasons", "must be text without control characters"))


def _limit(words: str) -> str:
    """Translate a limit such as ` >= 1` or ` of length <= 128`; anything else stays as it is."""
    found = _LIMIT.fullmatch(words)
    if found is None:
        return words
    least = found["sign"] == ">="
    if found["length"]:
        shown = translate("Reasons", ", at least {0} long") if least else translate("Reasons", ", at most {0} long")
    else:
        shown = translate("Reasons", ", at least {0}") if least else translate("Reasons", ", at most {0}")
    return shown.format(found["number"])


def _kind(name: str) -> str:
    return {
        "int": translate("Reasons", "a whole number"),
        "float": translate("Reasons", "a number with a fraction"),
        "str": translate("Reasons", "text"),
        "bool": translate("Reasons", "true or false"),
        "null": translate("Reasons", "nothing"),
        "array": translate("Reasons", "a list"),
        "object": translate("Reasons", "a group of fields"),
    }.get(name, name)
