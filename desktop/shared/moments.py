"""Times in a list of steps: the time of day alone for today's, else the day too."""

from datetime import datetime

from desktop.shared.texts import exact


def clock(moment: str) -> str:
    shown = exact(moment)
    today = datetime.now().astimezone().strftime("%Y-%m-%d ")
    return shown.removeprefix(today)
