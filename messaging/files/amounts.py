"""Prices and whole numbers as people and programs write them. What can be read in two ways is refused, not guessed."""

import re
from typing import Final

from messaging.errors import UsageError
from messaging.phrases import phrase

MINOR_UNITS: Final = 100
MOST_PRICE: Final = 10**12  # minor units
MOST_STOCK: Final = 10**9  # units

_FIGURES = re.compile(r"(?=[.,]?[0-9])([0-9]{0,40})(?:[.,]([0-9]{0,40}))?")
# 1,250 is one and a quarter in one country and more than a thousand in another.
_UNCLEAR = re.compile(r"[1-9][0-9]{0,2}(?:[ .,'\N{RIGHT SINGLE QUOTATION MARK}\s][0-9]{3})+(?:[.,][0-9]*)?")


def read_price(text: str) -> int:
    """An amount with a point or a comma before its cents, in minor units; raises UsageError."""
    stripped = text.strip()
    if _UNCLEAR.fullmatch(stripped):
        raise UsageError(phrase("amounts.price_is_unclear_write_1250_00", text=text[:20]))
    price = _hundredths(stripped)
    if not 0 <= price <= MOST_PRICE:
        raise UsageError(phrase("amounts.price_is_not_an_amount_like", text=text[:20]))
    return price


def read_decimal(text: str, least: int, most: int) -> int:
    """A number with a point or a comma before its tenths, in hundredths like its bounds. Raises UsageError."""
    stripped = text.strip()
    if _UNCLEAR.fullmatch(stripped):
        raise UsageError(phrase("amounts.is_unclear_write_1250_00_or", text=text[:20]))
    number = _hundredths(stripped)
    if not least <= number <= most:
        first, last = decimal_text(least), decimal_text(most)
        raise UsageError(phrase("amounts.is_not_a_number_from_to", text=text[:20], first=first, last=last))
    return number


def read_whole(text: str, least: int, most: int) -> int:
    """A whole number, also one with zeros behind a point or a comma: 2.00 is 2. Raises UsageError."""
    stripped = text.strip()
    if _UNCLEAR.fullmatch(stripped):
        raise UsageError(phrase("amounts.is_unclear_write_1250_no_mark", text=text[:20]))
    whole, part = _figures(stripped)
    if not whole or part or not least <= int(whole) <= most:
        raise UsageError(phrase("amounts.is_not_a_whole_number_from", text=text[:20], least=least, most=most))
    return int(whole)


def decimal_text(price: int) -> str:
    """1250 minor units are 12.50, as `read_price` takes it."""
    return f"{price // MINOR_UNITS}.{price % MINOR_UNITS:02}"


def _hundredths(text: str) -> int:
    """In hundredths; -1 where it is no number, or has more than two figures behind its mark."""
    whole, part = _figures(text)
    return int(whole + part.ljust(2, "0")) if whole and len(part) <= 2 else -1


def _figures(text: str) -> tuple[str, str]:
    """The figures before the mark, and those behind it without trailing zeros; both empty where it is no such
    number."""
    found = _FIGURES.fullmatch(text)
    return ((found[1] or "0"), (found[2] or "").rstrip("0")) if found else ("", "")
