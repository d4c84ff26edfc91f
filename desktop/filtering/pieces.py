"""The grammar of the filter language: pieces between blanks, each with an optional minus and key, and values."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from desktop.filtering.keys import key_named

_PIECE = re.compile(r'(?=\S)(-?)(?:([^\W\d_]+):)?((?:"[^"]*"?|[^\s"])*)')
_VALUE = re.compile(r'(?:"[^"]*"?|[^,"])+')
_BUT_FIGURES = re.compile(r'(?:"[^"]*"?|\d,(?=\d)|[^,"])+')  # 1,000 is one word


@dataclass(frozen=True, slots=True)
class Piece:
    """`written` as it was typed; `key` is empty for plain words. One value must match, or none where `without`."""

    written: str
    without: bool
    key: str
    values: tuple[str, ...]


def pieces(text: str) -> Iterator[Piece]:
    """Split the text; what stands before a colon and is no key is a plain word."""
    for found in _PIECE.finditer(text):
        written, without, name, value = found[0], bool(found[1]), key_named(found[2] or ""), found[3]
        if not name:
            yield Piece(written, without, "", _values(_BUT_FIGURES, written.removeprefix("-")))
        elif value.startswith("-"):  # state:-refused
            yield Piece(written, True, name, _values(_VALUE, value[1:]))
        else:
            yield Piece(written, without, name, _values(_VALUE, value))


def last_piece(text: str) -> "re.Match[str] | None":
    """The piece that the text ends in; its groups are the minus, what stands before a colon, and the rest."""
    return next((piece for piece in _PIECE.finditer(text) if piece.end() == len(text)), None)


def piece_text(name: str, *values: str) -> str:
    """Format a key with its values, in quotation marks where they need them."""
    return f"{name}:{','.join(quoted(value) for value in values)}"


def quoted(value: str) -> str:
    """Format one value; quotation marks in it are left out, since words are found without them."""
    bare = " ".join(value.replace('"', " ").split())
    return f'"{bare}"' if re.search(r"^-|[\s,]", bare) else bare


def _values(pattern: "re.Pattern[str]", text: str) -> tuple[str, ...]:
    return tuple(value for found in pattern.findall(text) if (value := found.replace('"', "").strip()))
