"""Finds the product that a typed name or a scanned code means."""

from collections.abc import Iterable

from messaging.texts import normal_name


def named(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The product with exactly this name, else those that differ only in upper and lower case."""
    wanted = normal_name(text)
    alike = tuple(name for name in names if normal_name(name).casefold() == wanted.casefold())
    return tuple(name for name in alike if normal_name(name) == wanted) or alike
