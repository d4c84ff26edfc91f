"""Times in a list of what happened: the time of day for today's, else the day."""

from datetime import date

from desktop.shared.texts import exact


def clock(moment: str) -> str:
    shown = exact(moment)
    day, _, time = shown.partition(" ")
    return time if day == date.today().isoformat() else day
