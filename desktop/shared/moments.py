"""Times in a list of what happened: the time of day for today's, else the day."""

from datetime import date, datetime

from desktop.shared.texts import exact, took


def clock(moment: str) -> str:
    shown = exact(moment)
    day, _, time = shown.partition(" ")
    return time if day == date.today().isoformat() else day


def since(before: str, moment: str) -> str:
    """How long after `before` it was, as `+1.2 s`; empty where the clocks of two machines do not agree."""
    try:
        seconds = (datetime.fromisoformat(moment) - datetime.fromisoformat(before)).total_seconds()
    except (ValueError, TypeError):  # also where only one of them names its zone
        return ""
    return f"+{took(seconds)}" if seconds >= 0 else ""
