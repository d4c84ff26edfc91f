"""`python3 -m tests screenshots DIR`: pictures of every tab, dialog and state, light, dark and in high contrast, at
scale 1 and 2, to be looked at. Needs no display."""

import asyncio
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QDialog

from desktop.app import OrderDesk, serve
from desktop.connection.dialog import ConnectionDialog
from desktop.demo.stage import by_hand, fill, until
from desktop.frame import languages
from desktop.frame.wishes import Wish
from desktop.shared import theme
from desktop.shared.theme import Theme
from desktop.station import Station
from messaging.errors import StoreUnavailable
from messaging.settings import Settings

NOWHERE = "amqp://localhost:1"  # nobody listens there
DIALOGS = (
    Wish.NEW_WINDOW,
    Wish.PROFILE,
    Wish.CONNECTION,
    Wish.PREFERENCES,
    Wish.PALETTE,
    Wish.SHORTCUTS,
    Wish.STATUS,
    Wish.ABOUT,
)
THEMES = (Theme.LIGHT, Theme.DARK, Theme.CONTRAST)


def main(arguments: list[str]) -> int:
    """Scale is chosen when Qt starts: a process for each."""
    if len(arguments) == 1:
        for scale in ("1", "2"):
            environment = os.environ | {"QT_SCALE_FACTOR": scale, "QT_QPA_PLATFORM": "offscreen"}
            saved = str(Path(arguments[0]).resolve() / f"scale-{scale}")
            own = [sys.executable, "-m", "tests.screenshots", saved, "here"]
            demo = [sys.executable, "-m", "desktop", "demo", "--screenshots", saved]
            for command in (own, demo):
                subprocess.run(command, env=environment, check=True)
        return 0
    folder = Path(arguments[0])
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as data:
        return serve(Settings(data_dir=data, broker=NOWHERE), partial(_take, folder))


async def _take(folder: Path, desk: OrderDesk) -> int:
    station = desk.open_window("alice")
    await until(lambda: station.client.catalogue.rowCount() > 0, 20, lambda: "no catalogue")
    for choice in THEMES:
        theme.apply(choice)
        await _window(folder, station, choice)
        await _dialogs(folder, station, choice)
    theme.apply(Theme.LIGHT)
    desk.memory.keep("language", "de")
    languages.choose("de")
    desk.reopen(desk.settings)
    await until(lambda: bool(desk.stations) and desk.stations[0] is not station, 20, lambda: "no window")
    await _tabs(folder, desk.stations[0], "german")
    await _dialogs(folder, desk.stations[0], "german")
    sys.stdout.write(f"{len(list(folder.glob('*.png')))} pictures in {folder}\n")
    return 0


async def _window(folder: Path, station: Station, name: str) -> None:
    """First steps, each tab empty and offline, something in the basket, a problem with the log open."""
    window = station.window
    window.welcome.show()
    _save(folder, window.grab(), "first-start", name)
    window.welcome.hide()
    await _tabs(folder, station, name)
    await by_hand(partial(_fill, station))
    window.show_log()
    try:
        raise StoreUnavailable("The books are locked: close the other program.") from OSError("database is locked")
    except StoreUnavailable as error:
        station.problems.report(error)
    await until(lambda: bool(station.problems.problems()), 5, lambda: "no problem shown")
    await asyncio.sleep(0.2)  # the picture is the last step: nothing waits for it
    _save(folder, window.grab(), "broken", name)
    station.problems.dismiss(station.problems.problems()[0])
    window.toggle_log()
    station.client.basket.clear()


def _fill(station: Station) -> float:
    fill(station.client, "laptop", 2)
    return 0.0


async def _tabs(folder: Path, station: Station, name: str) -> None:
    for number, tab in enumerate(station.roles):
        station.window.show_tab(number)
        await asyncio.sleep(0.2)
        _save(folder, station.window.grab(), f"offline-{tab}", name)
    station.window.show_tab(0)


async def _dialogs(folder: Path, station: Station, name: str) -> None:
    for wish in DIALOGS:
        station.window.wished.emit(wish)
        (dialog,) = (one for one in station.window.findChildren(QDialog) if one.isVisible())
        if isinstance(dialog, ConnectionDialog):
            dialog.test()
            await until(dialog.testing.isEnabled, 30, lambda: "the test does not end")
        await asyncio.sleep(0.1)
        _save(folder, dialog.grab(), f"dialog-{wish.value.replace(' ', '-')}", name)
        dialog.reject()


def _save(folder: Path, picture: QPixmap, words: str, name: str) -> None:
    picture.save(str(folder / f"{words}-{name}.png"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
