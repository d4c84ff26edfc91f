"""What is an amount or a whole number, what is none, and what is unclear."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some

from messaging.errors import UsageError
from messaging.files.amounts import MOST_PRICE, decimal_text, read_decimal, read_price, read_whole


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("1.25", 125),
        ("1,25", 125),
        ("1,5", 150),
        ("12", 1200),
        (" 12.50 ", 1250),
        (".50", 50),
        ("5.", 500),
        ("0", 0),
        ("0.250", 25),
        ("1250.00000", 125_000),
        ("1250,000", 125_000),
        ("007.10", 710),
        (decimal_text(MOST_PRICE), MOST_PRICE),
    ],
)
def test_a_price_is_read_however_it_is_written(text: str, price: int) -> None:
    assert read_price(text) == price


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", ".", ",", "x", "-1", "+1", "1.2.3", "1.234567", "0.001", "1.23.", "12 50", "EUR 5", "$5", "0x10"),
        *("1e999999", "1E-9999999999", "1e3", "1_0.50", "nan", "inf", "-inf", "Infinity", "sNaN", "1.2e1"),
        *("\uff11\uff12", "\u0661", "\u00bd", "\u00b2", "9" * 5000, "0." + "0" * 5000, "1\n2", "1\0", "10000000000.01"),
    ],
)
def test_what_is_no_price_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError, match=r"^price ['\"].* is not an amount like 12\.50\.$") as refused:
        read_price(text)
    assert len(str(refused.value)) < 120


@pytest.mark.parametrize(
    "text",
    [*("1,250", "1.250", "1 250,00", "1,250.00", "1.250,00", "1'250.00", "1\u00a0250", "1\u202f250,5", "12.345.678")],
)
def test_a_mark_for_thousands_is_unclear_and_a_clear_form_is_asked_for(text: str) -> None:
    with pytest.raises(UsageError, match=r"unclear: write 1250\.00"):
        read_price(text)
    with pytest.raises(UsageError, match="unclear: write 1250"):
        read_whole(text, 0, 10**9)
    with pytest.raises(UsageError, match=r"unclear: write 1250\.00"):
        read_decimal(text, 0, 10**9)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), ("1.0", 1), ("2.00", 2), ("2,0", 2), (" 3 ", 3), ("1250.00000", 1250), ("1250.000", 1250), ("007", 7)],
)
def test_a_whole_number_is_one_however_it_is_written(text: str, number: int) -> None:
    assert read_whole(text, 1, 2000) == number


@pytest.mark.parametrize("text", ["", ".", "1.5", "-1", "0", "2001", "1e2", "two", "1_0", "\u0662", "9" * 5000, "nan"])
def test_what_is_none_or_out_of_bounds_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a whole number from 1 to 2,000\.$") as refused:
        read_whole(text, 1, 2000)
    assert len(str(refused.value)) < 100


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [("0.01", 1), ("2.5", 250), ("2,50", 250), (" 10 ", 1000), (".5", 50), ("1250.000", 125_000)],
)
def test_a_number_with_tenths_is_read_however_it_is_written(text: str, hundredths: int) -> None:
    assert read_decimal(text, 1, 200_000) == hundredths


@pytest.mark.parametrize(
    "text", ["", ".", "0", "0.001", "1.2.3", "3e2", "-5", "2000.01", "9" * 5000, "inf", "two", "1_0"]
)
def test_no_number_with_tenths_is_refused_in_words(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a number from 0\.01 to 2000\.00 like 12\.50\.$") as refused:
        read_decimal(text, 1, 200_000)
    assert len(str(refused.value)) < 100


@given(some.integers(0, MOST_PRICE))
def test_a_price_that_is_written_is_read_again(price: int) -> None:
    assert read_price(decimal_text(price)) == price


@given(some.text())
def test_any_text_is_a_number_or_refused(text: str) -> None:
    for read in (read_price, lambda text: read_whole(text, 0, MOST_PRICE)):
        with suppress(UsageError):
            assert 0 <= read(text) <= MOST_PRICE
