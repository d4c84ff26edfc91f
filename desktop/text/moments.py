"""Formats times in lists of events: the time of day for today, with the day for older ones."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale, Qt

from desktop.text.formats import exact, took


def clock(moment: str) -> str:
    """`20:31:07` for today, `25 Nov 20:31` for this year, else the day; an unreadable time as it is."""
    day, _, time = exact(moment).partition(" ")
    today = date.today().isoformat()
    if day == today or not time:
        return time or day
    return _in_year(day, time) if day[:5] == today[:5] else day


def _in_year(day: str, time: str) -> str:
    form = QCoreApplication.translate("Texts", "d MMM HH:mm", "Qt's letters for day, month, hour and minute")
    return QLocale().toString(QDateTime.fromString(f"{day}T{time}", Qt.DateFormat.ISODate), form)


def since(before: str, moment: str) -> str:
    """The time since `before`, as `+1.2 s`; empty where it is negative, for then two machines' clocks differ."""
    try:
        seconds = (datetime.fromisoformat(moment) - datetime.fromisoformat(before)).total_seconds()
    except (ValueError, TypeError):  # also where only one of them names its zone
        return ""
    return f"+{took(seconds)}" if seconds >= 0 else ""
