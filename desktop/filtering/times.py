"""Parses times as they are typed."""

import re
from datetime import UTC, datetime, timedelta

from desktop.filtering.keys import TODAY, YESTERDAY, name_of

_AGO = re.compile(r"(\d{1,5})(s|min|m|h|d|w)")
_UNITS = {"s": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "w": 604800}


def moment_of(text: str, now: datetime) -> datetime | None:
    """Parse `2h` (ago), `14:05` (today), `today`, `yesterday`, a date, or a date with a time; None for anything else.

    Gives UTC, as times of receipt are stored.
    """
    try:
        return _moment(text.casefold(), now).astimezone(UTC)
    except (ValueError, OverflowError):  # no date, or one that no calendar holds
        return None


def _moment(text: str, now: datetime) -> datetime:
    here = _local(now)
    midnight = here.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if day := name_of(text, (TODAY, YESTERDAY)):
        return midnight - timedelta(days=int(day == YESTERDAY))
    if ago := _AGO.fullmatch(text):
        return now - timedelta(seconds=int(ago[1]) * _UNITS[ago[2]])
    if clock := re.fullmatch(r"(\d{1,2}):(\d\d)", text):
        return midnight.replace(hour=int(clock[1]), minute=int(clock[2]))
    return datetime.fromisoformat(text.upper())


def _local(now: datetime) -> datetime:
    """Local time without an offset: each time of the day then gets its own offset, also when clocks change."""
    return now.replace(tzinfo=None) if now.astimezone().utcoffset() == now.utcoffset() else now
