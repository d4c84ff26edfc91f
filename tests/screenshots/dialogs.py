"""Each dialog, as the window opens it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PySide6.QtWidgets import QDialog, QWidget

from desktop.connection.dialog import ConnectionDialog
from desktop.demo.stage import until
from desktop.frame.wishes import Wish
from desktop.palette.dialog import Palette
from desktop.station import Station

SECONDS = 60.0

DIALOGS: dict[str, tuple[Wish, str]] = {
    "new-window": (Wish.NEW_WINDOW, ""),
    "profile": (Wish.PROFILE, ""),
    "connection": (Wish.CONNECTION, ""),
    "preferences": (Wish.PREFERENCES, ""),
    "palette": (Wish.PALETTE, ""),
    "palette-searched": (Wish.PALETTE, "w"),
    "palette-nothing": (Wish.PALETTE, "zzz"),
    "shortcuts": (Wish.SHORTCUTS, ""),
    "status": (Wish.STATUS, ""),
    "about": (Wish.ABOUT, ""),
}


@asynccontextmanager
async def dialog(name: str, station: Station) -> AsyncIterator[QWidget]:
    wish, typed = DIALOGS[name]
    before = station.window.findChildren(QDialog)
    station.window.wished.emit(wish)
    (opened,) = (one for one in station.window.findChildren(QDialog) if one not in before)
    if isinstance(opened, ConnectionDialog):
        opened.test()
        await until(opened.testing.isEnabled, SECONDS, lambda: "the test does not end")
    if isinstance(opened, Palette):
        opened.field.setText(typed)
    await asyncio.sleep(0.1)  # a picture is the last step: nothing waits for it
    yield opened
    opened.reject()
    await asyncio.sleep(0)
