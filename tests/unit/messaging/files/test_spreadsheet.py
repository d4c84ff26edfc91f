"""Text from others is never a formula, and reading takes back exactly what writing did."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as some

from messaging.files.spreadsheet import csv_text, guarded, tabbed_text, unguarded

RUN = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\tx",
    "\rx",
    "\nx",
    "\0x",
    "\uff1d1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    " =1",
    "'=1",
]
risky = some.text(some.sampled_from("'=+-@ \t\r\n\0\"x,;\uff1d\uff20")) | some.text()


@pytest.mark.parametrize("text", RUN)
def test_a_text_that_a_spreadsheet_would_run_is_kept_from_it(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["5", "a=b", "", "'", "'tis", "milk", "''"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert guarded(text) == unguarded(text) == text


def test_numbers_stay_numbers() -> None:
    assert csv_text([[-5, "-5", "5"]]) == '"-5","\'-5","5"\r\n'


@given(risky)
def test_a_guard_is_taken_away_exactly(text: str) -> None:
    assert unguarded(guarded(text)) == text


def test_bare_cells_stay_one_cell_in_every_country() -> None:
    assert csv_text([["milk", "a;=b", "a,b", "\tx", "", "=x", 5]], is_bare=True) == (
        'milk,"a;=b","a,b","\'\tx","",\'=x,5\r\n'
    )


@given(some.lists(some.lists(risky.filter(lambda text: "\0" not in text), min_size=1), min_size=1), some.booleans())
def test_what_is_written_as_csv_is_read_by_others_too(rows: list[list[str]], is_bare: bool) -> None:
    read = csv.reader(io.StringIO(csv_text(rows, is_bare=is_bare), newline=""), strict=True)
    assert [[unguarded(cell) for cell in row] for row in read] == rows


def test_pasted_cells_stay_in_their_place() -> None:
    assert tabbed_text([["a\tb", "c\nd"], ['"=x"', "e"]]) == 'a b\tc d\n"""=x"""\te'
