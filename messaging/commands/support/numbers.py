"""Parsing numbers of the command line, so that a wrong one is refused before anything is opened."""

import argparse

from messaging.domain.orders import MAX_NUMBER
from messaging.errors import UsageError
from messaging.files.amounts import read_whole
from messaging.texts import copied_id


def positive(text: str) -> int:
    """From 1 to what a database can hold."""
    try:
        number = int(copied_id(text))
    except ValueError:  # also where it has thousands of digits
        number = 0
    if not 1 <= number <= MAX_NUMBER:
        raise argparse.ArgumentTypeError(f"use a whole number above zero, not {text[:40]!r}")
    return number


def units(text: str) -> int:
    """Units to add, or with a minus to subtract: +3, -3. The stock decides whether they are too many."""
    figures = text.strip()
    sign = -1 if figures.startswith("-") else 1
    return sign * _whole(figures[1:] if figures[:1] in ("+", "-") else figures, 10**40, "a whole number of units")


def port(text: str) -> int:
    return _whole(text, 65535, "a port: use 0 (any free one) to 65535")


def _whole(text: str, most: int, what: str) -> int:
    try:
        return read_whole(text, 0, most)
    except UsageError as error:
        raise argparse.ArgumentTypeError(f"{text[:40]!r} is not {what}") from error
