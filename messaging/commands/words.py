"""Orders, amounts and what is wrong with a file in words, for the terminal."""

from collections.abc import Iterable, Sequence

from messaging.commands.terminal import complain
from messaging.stock import SettledLine

MOST_NAMED = 20  # orders


def lines_in_words(lines: Iterable[SettledLine], most: int = 6) -> str:
    """`2 laptop, 1 webcam (1 missing)`; more than `most` lines are counted."""
    shown = list(lines)
    parts = [f"{x.quantity} {x.name}" + (f" ({x.missing} missing)" if x.missing else "") for x in shown[:most]]
    if len(shown) > most:
        parts.append(f"{len(shown) - most} more")
    return ", ".join(parts)


def money(minor: int) -> str:
    """1999 -> 19.99"""
    return f"{minor // 100:,}.{minor % 100:02}"


def tell_left_out(name: str, note: str, errors: Iterable[object], left_out: Sequence[str] = ()) -> None:
    """How a file was read, each of its rows that is not taken, and the orders that are left out for it, on stderr."""
    if note:
        complain(note)
    for error in errors:
        complain(f"{name}: {error}")
    if left_out:
        more = f" and {len(left_out) - MOST_NAMED:,} more" if len(left_out) > MOST_NAMED else ""
        named = ", ".join(left_out[:MOST_NAMED]) + more
        complain(f"{name}: left out, orders with a wrong row: {len(left_out):,}: {named}.")
