"""Formats numbers, money, times and names in the user's locale where Qt knows it."""

from datetime import UTC, datetime
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QLocale

from messaging.domain.orders import MAX_NUMBER
from messaging.texts import printable, printable_lines

AHEAD = 60  # seconds that clocks may differ without a word
_SHOWN = 200  # characters of a text from others
MOST_TIP = 2000  # characters


def money(minor: int | None) -> str:
    """Minor units (cents) with two decimals; a dash while the price is not known."""
    if minor is None:
        return "\u2013"
    sign = "-" if minor < 0 else ""
    whole, part = divmod(abs(minor), 100)
    locale = QLocale()
    return f"{sign}{number(whole)}{locale.decimalPoint()}{part:02d}"


def number(value: int) -> str:
    return QLocale().toString(value) if abs(value) <= MAX_NUMBER else f"{value:,}"  # Qt counts in 64 bits


def relative(moment: str, now: datetime | None = None) -> str:
    """`now`, `3 min`, `2 h`, then the day; empty for an empty or unreadable time.

    A time in the future, because a clock was wrong, is not `now`: it is written as its time of day, or its day.
    """
    then = _parse(moment)
    if then is None:
        return ""
    now = now or datetime.now(UTC)
    seconds = (now - then).total_seconds()
    if seconds < -AHEAD:
        local = then.astimezone()
        return local.strftime("%H:%M" if local.date() == now.astimezone().date() else "%Y-%m-%d")
    now_words = QCoreApplication.translate("Texts", "now")
    days = QCoreApplication.translate("Texts", "d", "days, short")
    for limit, unit, name in ((60, 0, now_words), (3600, 60, "min"), (86400, 3600, "h"), (604800, 86400, days)):
        if seconds < limit:
            return f"{int(seconds // unit)} {name}" if unit else name
    return then.astimezone().strftime("%Y-%m-%d")


@lru_cache(maxsize=4096)
def exact(moment: str) -> str:
    """The local date and time to the second, for the tool tip."""
    then = _parse(moment)
    return then.astimezone().strftime("%Y-%m-%d %H:%M:%S") if then else moment


def took(seconds: float) -> str:
    """A duration: `0.4 ms`, `35 ms`, `1.2 s`, `3 min`."""
    if seconds < 0.01:
        return f"{decimal(seconds * 1000)} ms"
    if seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    return f"{decimal(seconds)} s" if seconds < 100 else f"{seconds / 60:.0f} min"


def decimal(value: float) -> str:
    """A number with one decimal."""
    return f"{value:.1f}".replace(".", QLocale().decimalPoint())


def product(name: str) -> str:
    """A product's name as it was sent, for that is how reasons, files and commands name it."""
    return plain(name)


def plain(text: str, most: int = _SHOWN) -> str:
    """A text from others for a label (`PlainLabel`): on one line, cut to `most` characters."""
    line = " ".join(printable(text[: 4 * most]).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _parse(moment: str) -> datetime | None:
    try:
        then = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return then if then.tzinfo else then.replace(tzinfo=UTC)


def plain_tip(text: str) -> str:
    """A tool tip that shows `text` as it is, cut: Qt would take what looks like HTML for HTML."""
    shown = printable_lines(text if len(text) <= MOST_TIP else f"{text[:MOST_TIP]}\N{HORIZONTAL ELLIPSIS}")
    escaped = shown.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br>")
    return f"<qt>{escaped}</qt>" if text else ""
