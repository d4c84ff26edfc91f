"""Numbers as arguments: what can never be right is refused before anything is opened."""

import argparse

from messaging.orders import MAX_NUMBER
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
