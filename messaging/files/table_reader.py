"""Tables of other programs as strict CSV: bytes to rows by the names of their columns, or one line of words.

Nothing is guessed that could be read in two ways: a file with a stray quotation mark is refused whole, a row whose
fields do not stand under the header is marked, so that whoever reads it leaves it out.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from msgspec import Struct

from messaging.errors import UsageError
from messaging.files.spreadsheet import unguarded
from messaging.phrases import NO_WORDS, Words, phrase

DELIMITERS: Final = ",;\t"  # spreadsheets of some countries write the second
MOST_BYTES: Final = 1 << 28

_LINE_END = re.compile(r"\r\n|\r|\n")
_SEP = re.compile(r'\s*"?sep=([^\w"\r\n])\1*"?(?=\r|\n|\Z)', re.IGNORECASE)  # Excel's own


class FileRow(Struct, frozen=True):
    """`line` on which it begins, as an editor counts; `fields`, and `cells` by column, without blanks and guards.

    `problem`: its fields do not stand under the header, so that any of them may belong to another column.
    `is_longer`: fields stand behind those of the header, if only empty ones.
    """

    line: int
    cells: Mapping[str, str]
    fields: Sequence[str]
    problem: Words = NO_WORDS
    is_longer: bool = False

    def cell(self, column: str) -> str:
        return self.cells.get(column, "")


class FileTable(Struct, frozen=True):
    """`columns` by name with their places; `note` says how it was read where that was not in UTF-8."""

    columns: Mapping[str, int]
    delimiter: str
    rows: Sequence[FileRow]
    note: Words = NO_WORDS


class _NotCsv(Exception):
    """The file is no CSV; caught within this module."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def read_table(path: Path, needed: Sequence[str], known: Sequence[str] = ()) -> FileTable:
    """The rows under a header that names the columns `needed`, in any case and order; others are passed over.

    Raises UsageError where it cannot be read, or a needed or `known` column stands twice.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UsageError(phrase("table_reader.cannot_be_read", name=path.name, strerror=error.strerror)) from error
    if len(data) > MOST_BYTES:
        raise UsageError(phrase("table_reader.has_more_than_bytes_split_it", name=path.name, most_bytes=MOST_BYTES))
    return table_of(path.name, data, needed, known)


def table_of(name: str, data: bytes, needed: Sequence[str], known: Sequence[str] = ()) -> FileTable:
    """As `read_table`; `name` is what the file is called in words."""
    text, note = _decoded(name, data)
    try:
        delimiter, start = _delimiter(name, text, needed)
        records = _records(text, delimiter, start)
        _, header = next(records)
        columns = _columns(name, header, (*needed, *known))
        form = _Form(columns, header)
        return FileTable(columns, delimiter, [form.row(line, fields) for line, fields in records], note)
    except _NotCsv as error:
        words = phrase("table_reader.line_this_is_not_csv_a", name=name, line=error.line)
        raise UsageError(words) from None


def _decoded(name: str, data: bytes) -> tuple[str, Words]:
    try:
        text, note = _text_in(name, data)
    except UnicodeDecodeError:
        raise UsageError(phrase("table_reader.is_not_text_in_utf_8", name=name)) from None
    if (at := text.find("\0")) >= 0:
        line = len(_LINE_END.findall(text, 0, at)) + 1
        raise UsageError(phrase("table_reader.line_this_is_not_text_save", name=name, line=line))
    return text, note


def _text_in(name: str, data: bytes) -> tuple[str, Words]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16"), phrase("table_reader.is_read_as_utf_16", name=name)
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig"), NO_WORDS
    try:
        return data.decode("utf-8"), NO_WORDS
    except UnicodeDecodeError:
        _refuse_damaged(data)
        note = phrase("table_reader.is_not_utf_8_and_is", name=name)
        return data.decode("cp1252"), note


def _refuse_damaged(data: bytes) -> None:
    """Refuse UTF-8 that was cut or mixed: read as Windows-1252, all its names would be wrong."""
    signs = [sign for sign in data.decode("utf-8", "replace") if not sign.isascii()]
    if signs.count("\N{REPLACEMENT CHARACTER}") * 2 < len(signs):
        data.decode("utf-8")


def _delimiter(name: str, text: str, needed: Sequence[str]) -> tuple[str, int]:
    """The delimiter with which the header names the columns, and where the header begins."""
    declared = _SEP.match(text)
    start = declared.end() if declared else 0
    headers: dict[str, set[str]] = {}
    wrong: list[_NotCsv] = []
    for delimiter in declared[1] if declared else DELIMITERS:
        try:
            headers[delimiter] = set(map(_title, next(_records(text, delimiter, start), (1, []))[1]))
        except _NotCsv as error:
            wrong.append(error)
    if not headers:
        raise wrong[0]
    best = max(headers, key=lambda delimiter: len(headers[delimiter].intersection(needed)))
    if missing := [column for column in needed if column not in headers[best]]:
        columns, lacking = ",".join(needed), ",".join(missing)
        raise UsageError(
            phrase("table_reader.needs_the_header_as_its_first", name=name, columns=columns, lacking=lacking)
        )
    return best, start


def _title(cell: str) -> str:
    return " ".join(cell.split()).casefold()


def _columns(name: str, header: Sequence[str], wanted: Sequence[str]) -> dict[str, int]:
    titles = [_title(cell) for cell in header]
    for column in wanted:
        if titles.count(column) > 1:
            raise UsageError(phrase("table_reader.the_column_stands_twice_in_its", name=name, column=column))
    return {title: place for place, title in enumerate(titles) if title}


class _Form:
    """Which fields of a row stand under which name."""

    def __init__(self, columns: Mapping[str, int], header: Sequence[str]) -> None:
        self._columns, self._width = columns, len(header)
        self._named = frozenset(place for place, title in enumerate(header) if title)
        self._first = min(self._named)

    def row(self, line: int, fields: Sequence[str]) -> FileRow:
        found = list(map(unguarded, fields))
        cells = {title: found[place] for title, place in self._columns.items() if place < len(found)}
        return FileRow(line, cells, found, self._problem(found), len(found) > self._width)

    def _problem(self, fields: Sequence[str]) -> Words:
        """What is wrong with a header: only the first column, which may count the rows, needs no name."""
        nameless = [n for n, field in enumerate(fields) if field and n > self._first and n not in self._named]
        if not nameless:
            return NO_WORDS
        if nameless[-1] >= self._width:
            given, width = nameless[-1] + 1, self._width
            return phrase("table_reader.fields_the_header_has_put_quotes", given=given, width=width)
        number = nameless[0] + 1
        return phrase("table_reader.field_stands_under_no_name_name", number=number)


def _records(text: str, delimiter: str, at: int = 0) -> Iterator[tuple[int, list[str]]]:
    """Rows that are not blank, their fields without outer blanks, with the line each begins on. Raises _NotCsv."""
    line = len(_LINE_END.findall(text, 0, at)) + 1
    field = _field(delimiter)
    while at < len(text):
        ends = _LINE_END.search(text, at)
        stop = ends.start() if ends else len(text)
        if text.find('"', at, stop) < 0:
            fields = text[at:stop].split(delimiter)
        else:
            fields, stop = _quoted(text, at, field, line)
            ends = _LINE_END.match(text, stop)
        fields = [cell.strip() for cell in fields]
        if any(fields):
            yield line, fields
        line += len(_LINE_END.findall(text, at, stop)) + 1
        at = ends.end() if ends else len(text)


def _field(delimiter: str) -> re.Pattern[str]:
    ends = re.escape(delimiter) + r"\r\n"
    return re.compile(rf'(?:"([^"]*+(?:""[^"]*+)*+)"|([^"{ends}]*+))(?=[{ends}]|\Z)')


def _quoted(text: str, at: int, field: re.Pattern[str], line: int) -> tuple[list[str], int]:
    """The fields of a row that holds quotation marks, and where it ends."""
    fields: list[str] = []
    start = at
    while True:
        found = field.match(text, at)
        if found is None:
            raise _NotCsv(line + len(_LINE_END.findall(text, start, at)))
        fields.append(found[2] if found[1] is None else found[1].replace('""', '"'))
        at = found.end()
        if at == len(text) or text[at] in "\r\n":
            return fields, at
        at += 1
