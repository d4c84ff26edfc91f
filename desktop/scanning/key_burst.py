"""Recognises the keys of a bar code reader: they follow each other faster than a hand presses them."""

import re
import time
from statistics import median

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

GAP = 0.055  # seconds between two keys at most: readers take 1 to 40 ms, nobody types a word faster than 60 ms a key
FAST = 0.03  # seconds: keys this fast are certainly a reader's, whose code a busy machine may interrupt
STOPPED = 0.15  # seconds that such an interruption may take
PROGRAM = 0.001  # seconds: what comes faster was not sent by a reader, but by a program or an input method
SHORTEST = 2  # characters
SHORTEST_WITHOUT_END = 4  # where no key says that the code is whole
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_LINE_ENDS = ("\r", "\n", "\r\n")  # by whichever key: line feed has one of its own, which Qt does not know
_CONTROLS = (Qt.Key.Key_J, Qt.Key.Key_M)  # line feed and carriage return, as some readers send them
_SYMBOLOGY = re.compile(r"\][A-Za-z][0-9A-Za-z]")  # which kind of code it was, before the code
_AROUND = "!#$%&*/@\\^_`|~"  # what readers are set to put before and behind a code; Code 39 has its own asterisks
_CTRL = Qt.KeyboardModifier.ControlModifier
_COMMAND = _CTRL | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ALT_GR = _CTRL | Qt.KeyboardModifier.AltModifier  # as Windows reports it
SEPARATORS = "\x1c\x1d\x1e\x1f"  # control characters that may stand in a code
_KEYPAD = Qt.KeyboardModifier.KeypadModifier
MODIFIERS = frozenset(
    (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_AltGr, Qt.Key.Key_Meta, Qt.Key.Key_CapsLock)
)


def is_end(event: QKeyEvent) -> bool:
    """Whether this key ends a code: Enter, Tab, or a line end as a control character."""
    modifiers = event.modifiers()
    if event.key() in _ENTER or (event.text() in _LINE_ENDS and not modifiers & _COMMAND):
        return modifiers in (Qt.KeyboardModifier.NoModifier, _KEYPAD)
    return event.key() in _CONTROLS and modifiers == _CTRL


def sign_of(event: QKeyEvent) -> str:
    """The characters that a key writes; empty for keys that do something else."""
    text = event.text()
    held = event.modifiers() & _COMMAND
    is_command = bool(held) and held != _ALT_GR
    return text if text.isprintable() and not is_command else ""


def meanings(code: str) -> tuple[str, ...]:
    """What a code may stand for: itself, and itself without what a reader puts around it."""
    bare = code.strip(_AROUND)
    found = _SYMBOLOGY.match(bare)
    return tuple(dict.fromkeys(filter(None, (code, bare, bare[found.end() :].strip() if found else ""))))


class Burst:
    """The keys so far, timed by when they were pressed, not by when a busy window handled them."""

    def __init__(self) -> None:
        self.text = ""
        self.is_over = False  # a code has just ended: what else its reader sends at the end belongs to it
        self._last = float("-inf")
        self._gaps: list[float] = []
        self._begun = 0.0

    def announce(self, event: QKeyEvent) -> None:
        """Note the time of a key at its shortcut event, which comes before the key itself."""
        self._begun = 0.0 if event.timestamp() else time.monotonic()

    def continues(self, event: QKeyEvent) -> bool:
        """Whether this key follows the last one as fast as a reader's."""
        return bool(self.text or self.is_over) and 0 <= self._pressed_at(event) - self._last <= self.patience

    def add(self, event: QKeyEvent, sign: str) -> None:
        now = self._pressed_at(event)
        self._gaps.append(now - self._last)
        self._last = now
        self.text += sign

    def begin(self, event: QKeyEvent, sign: str) -> None:
        self.clear()
        self.text, self._last = sign, self._pressed_at(event)

    def released(self, event: QKeyEvent) -> None:
        """Note that a key was handled: keys without a time stamp are timed from here."""
        if not event.timestamp():
            self._begun, self._last = 0.0, time.monotonic()

    def end(self, event: QKeyEvent | None = None) -> None:
        self.clear()
        self.is_over = True
        self._last = time.monotonic() if event is None else self._pressed_at(event)

    def clear(self) -> None:
        self.text, self._gaps, self.is_over = "", [], False

    @property
    def is_by_reader(self) -> bool:
        return bool(self._gaps) and median(self._gaps) >= PROGRAM

    @property
    def patience(self) -> float:
        """The longest time to the next key of a reader, in seconds."""
        return STOPPED if self.is_code and median(self._gaps) <= FAST else GAP

    @property
    def is_code(self) -> bool:
        """Whether the keys so far are a code, whatever follows."""
        return len(self.text) >= SHORTEST_WITHOUT_END and self.is_by_reader

    def _pressed_at(self, event: QKeyEvent) -> float:
        """When a key was pressed, in seconds."""
        return event.timestamp() / 1000 or self._begun or time.monotonic()
