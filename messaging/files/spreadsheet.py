"""Text for spreadsheets, in which a text of others never becomes a formula; reading undoes the guard."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

BYTE_ORDER_MARK: Final = "\N{ZERO WIDTH NO-BREAK SPACE}"  # without it they take UTF-8 for the code page of the country

# A cell that begins with one of these is run: CWE-1236, OWASP ASVS 5.0 1.2.10. East Asian ones run wide signs, too.
_SIGNS = (
    r"=+@\-"
    "\N{FULLWIDTH EQUALS SIGN}\N{FULLWIDTH PLUS SIGN}\N{FULLWIDTH HYPHEN-MINUS}\N{FULLWIDTH COMMERCIAL AT}"
)
_RUN = re.compile(rf"'*(?:[\s\0]*[{_SIGNS}]|[\t\r\n\0])")
_DIVIDES = re.compile(r"[,;\t\"\r\n]|^\s|\s\Z")  # as some country's spreadsheet reads them


def guarded(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet would run, and before one that begins with an apostrophe and
    that."""
    return f"'{text}" if _RUN.match(text) else text


def unguarded(text: str) -> str:
    """The text that `guarded` was given."""
    return text[1:] if text[:1] == "'" and _RUN.match(text, 1) else text


def csv_text(rows: Iterable[Sequence[object]], *, is_bare: bool = False) -> str:
    """Lines of comma-separated values. Texts are guarded, a number stays a number.

    `is_bare`: without quotation marks round cells that nobody could take for several.
    """
    return "".join(",".join(_written(cell, is_bare) for cell in row) + "\r\n" for row in rows)


def tabbed_text(rows: Iterable[Sequence[str]]) -> str:
    """Lines of tab-separated values for the clipboard, each cell on one line.

    The cells are guarded already, where they are no numbers.
    """
    return "\n".join("\t".join(map(_pasted, row)) for row in rows)


def _written(cell: object, is_bare: bool) -> str:
    text = guarded(cell) if isinstance(cell, str) else str(cell)
    return text if is_bare and text and not _DIVIDES.search(text) else _quoted(text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _pasted(cell: str) -> str:
    """Quote a line that begins with a quotation mark: pasting would drop it, with the text up to the next one."""
    line = " ".join(cell.split())
    return _quoted(line) if line.startswith('"') else line
