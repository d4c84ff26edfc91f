"""Which product is meant by a name that was typed, or by a code that was read."""

from collections.abc import Iterable

from messaging.texts import normal_name


def named(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The products it can mean: the one that is called so, else those that differ in upper and lower case alone."""
    wanted = normal_name(text)
    alike = tuple(name for name in names if normal_name(name).casefold() == wanted.casefold())
    return tuple(name for name in alike if normal_name(name) == wanted) or alike
