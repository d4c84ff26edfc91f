"""Formatting orders, amounts and the errors of a file for the terminal."""

from collections.abc import Iterable, Sequence

from messaging.commands.support.terminal import print_error
from messaging.domain.stock import DecidedLine

MOST_NAMED = 20  # orders


def lines_in_words(lines: Iterable[DecidedLine], most: int = 6) -> str:
    """`2 laptop, 1 webcam (1 missing)`; more than `most` lines are counted."""
    shown = list(lines)
    parts = [f"{x.quantity} {x.name}" + (f" ({x.missing} missing)" if x.missing else "") for x in shown[:most]]
    if len(shown) > most:
        parts.append(f"{len(shown) - most} more")
    return ", ".join(parts)


def noun(number: int, one: str) -> str:
    """`event` for 1, else `events`."""
    return one if number == 1 else f"{one}s"


def counted(number: int, one: str) -> str:
    """`1 row`, `1,000 rows`."""
    return f"{number:,} {noun(number, one)}"


def wrong_rows(number: int) -> str:
    return f"{counted(number, 'wrong row')}: mend {'it' if number == 1 else 'them'}"


def money(minor: int) -> str:
    """1999 -> 19.99"""
    return f"{minor // 100:,}.{minor % 100:02}"


def print_wrong_rows(name: str, note: str, errors: Iterable[object]) -> None:
    """Print on stderr how a file was read, where not as UTF-8, and each of its rows that is not imported."""
    if note:
        print_error(note)
    for error in errors:
        print_error(f"{name}: {error}")


def print_left_out(name: str, rows: int, orders: Sequence[str] = ()) -> None:
    """Print on stderr how many rows and orders of a file are left out, if any."""
    if not rows:
        return
    more = f" and {len(orders) - MOST_NAMED:,} more" if len(orders) > MOST_NAMED else ""
    named = f"; orders left out: {len(orders):,}: {', '.join(orders[:MOST_NAMED])}{more}" if orders else ""
    print_error(f"{name}: rows left out: {rows:,}{named}.")
