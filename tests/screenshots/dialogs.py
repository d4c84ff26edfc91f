"""Each dialog, as the window opens it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from PySide6.QtWidgets import QDialog, QWidget

from desktop.connection.dialog import ConnectionDialog
from desktop.flow.dots import Dot
from desktop.flow.nodes import ORDERS_QUEUE
from desktop.flow.picture import FRAME
from desktop.flow.routes import (
    PLACING,
    PUBLISHING,
    PUBLISHING_STOCK,
    PUBLISHING_TO_OTHERS,
    RECEIVING,
    SENDING,
    SETTING_ASIDE,
    TAKING,
)
from desktop.flow.window import FlowWindow
from desktop.palette.dialog import Palette
from desktop.widgets.number_field import NumberField, first_refused
from desktop.window.user_window import UserWindow
from desktop.window.window_command import WindowCommand
from messaging.runtime.profiles import COLOURS
from tests.screenshots.patience import met

DIALOGS: dict[str, tuple[WindowCommand, str]] = {
    "new-window": (WindowCommand.NEW_WINDOW, ""),
    "profile": (WindowCommand.PROFILE, ""),
    "connection": (WindowCommand.CONNECTION, ""),
    "connection-refused": (WindowCommand.CONNECTION, "65536"),
    "preferences": (WindowCommand.PREFERENCES, ""),
    "preferences-refused": (WindowCommand.PREFERENCES, "1,250"),
    "palette": (WindowCommand.PALETTE, ""),
    "palette-searched": (WindowCommand.PALETTE, "w"),
    "palette-nothing": (WindowCommand.PALETTE, "zzz"),
    "shortcuts": (WindowCommand.SHORTCUTS, ""),
    "status": (WindowCommand.STATUS, ""),
    "flow": (WindowCommand.FLOW, ""),
    "about": (WindowCommand.ABOUT, ""),
}


@asynccontextmanager
async def dialog(name: str, user_window: UserWindow) -> AsyncIterator[QWidget]:
    wish, typed = DIALOGS[name]
    before = user_window.window.findChildren(QDialog)
    user_window.window.command_asked.emit(wish)
    (opened,) = (one for one in user_window.window.findChildren(QDialog) if one not in before)
    if isinstance(opened, ConnectionDialog) and not typed:
        opened.test()
        await met(opened.testing.isEnabled, "the test does not end")
    if isinstance(opened, FlowWindow):
        await under_way(opened)
    if isinstance(opened, Palette):
        opened.field.setText(typed)
    elif typed:
        refuse(opened, typed)
    await asyncio.sleep(0.1)  # a picture is the last step: nothing waits for it
    yield opened
    opened.reject()
    await asyncio.sleep(0)


def refuse(opened: QDialog, typed: str) -> None:
    """This in each field for a number."""
    if isinstance(opened, ConnectionDialog):
        opened.given.setChecked(True)
    for field in opened.findChildren(NumberField):
        field.lineEdit().setText(typed + field.suffix())
        first_refused(field)


async def under_way(flow: FlowWindow) -> None:
    """Orders of two users on all its ways, held still."""
    flow.resize(1180, 700)
    picture, (alice, bob) = flow.picture, COLOURS[:2]
    picture.choose(ORDERS_QUEUE)
    whole = (*PLACING, *SENDING, *TAKING, *PUBLISHING)
    for number in range(12):
        ways = (*whole, *RECEIVING) if number % 3 else (*whole, *PUBLISHING_TO_OTHERS)
        dot = Dot(f"order {number}", alice if number % 3 else bob, is_bad=number == 4, gone=-number * 0.6)
        picture.send(dot, ways)
    picture.send(Dot("aside", alice, is_bad=True, gone=-2.2), SETTING_ASIDE)
    picture.send(Dot("stock", "#4d5766", gone=-1.5), PUBLISHING_STOCK)
    picture.hold()
    for _ in range(3000 // FRAME):
        picture.dots.advance(FRAME / 1000)
    picture.update()
