"""A bar code reader that acts as a keyboard, and a hand that types quickly."""

import time
from collections.abc import Sequence
from itertools import count

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.helpers.user_input import do

ENTER, TAB = ((Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier),), ((Qt.Key.Key_Tab, Qt.KeyboardModifier.NoModifier),)
CTRL = Qt.KeyboardModifier.ControlModifier
CR_LF = ((Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier), (Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier))
LINE_FEED = ((Qt.Key.Key_unknown, Qt.KeyboardModifier.NoModifier),)
DOWN = ((Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier),)
END_OF_TEXT = ((Qt.Key.Key_C, CTRL),)
CONTROLS = ((Qt.Key.Key_M, CTRL), (Qt.Key.Key_J, CTRL))

_WRITES = {Qt.Key.Key_unknown: "\n", Qt.Key.Key_Down: "", Qt.Key.Key_C: "\x03"}  # else Enter
_MOMENTS = count(int(time.monotonic() * 1000) + 60_000, 60_000)  # milliseconds

Ends = Sequence[tuple[Qt.Key, Qt.KeyboardModifier]]


def target() -> QWidget:
    found = QApplication.activePopupWidget() or QApplication.focusWidget() or QApplication.activeWindow()
    assert found is not None, "no window is in use"
    return found


def press_keys(text: str, ends: Ends, gap: int, pause: int = 0, stop: int = 0) -> None:
    """`gap` milliseconds from key to key by the times of the keys, which a busy machine does not stretch; `pause` by
    the clock, for what happens meanwhile; `stop` more milliseconds before the last key of the text. Each goes to what
    has the cursor then."""
    plain = Qt.KeyboardModifier.NoModifier
    keys = [(Qt.Key(ord(sign.upper())), plain, sign) for sign in text]
    keys += [(*end, _WRITES.get(end[0], "\r")) for end in ends]
    at = next(_MOMENTS)  # long after whatever was pressed before
    for number, (key, modifiers, sign) in enumerate(keys):
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            event = QKeyEvent(kind, key, modifiers, sign)
            event.setTimestamp(at + gap * number + (stop if number >= len(text) - 1 else 0))
            QApplication.sendEvent(target(), event)
        if pause:
            QTest.qWait(pause)


async def read_code(code: str, ends: Ends = ENTER) -> None:
    """A burst, wherever the cursor is: 4 ms from key to key."""
    await do(lambda: press_keys(code, ends, 4))


async def type_quickly(text: str, ends: Ends = ENTER) -> None:
    """By hand: 70 ms from key to key."""
    await do(lambda: press_keys(text, ends, 70, 70))
