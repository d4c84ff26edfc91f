"""Orders and amounts in words, for the terminal."""

from collections.abc import Iterable

from messaging.stock import SettledLine


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
