"""Takes product names from a bar code reader that acts as a keyboard, wherever the focus is."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from shiboken6 import isValid

from desktop.scanning.key_burst import MODIFIERS, SEPARATORS, SHORTEST, Burst, is_end, meanings, sign_of
from desktop.scanning.scanned_field import KEEPS_CODES, Before, field_of
from desktop.text.formats import plain

HOLD = 100  # milliseconds at least that a key is held back where it would press, choose or open something: the next
# one may have been pressed in time and come late
_KEYS = (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def unknown_words(code: str, names: Sequence[str]) -> str:
    """The words for a code that is no product, or could be several."""
    if names:
        words = QCoreApplication.translate("Scanner", "{0} can be {1}: choose it in the list.")
        return words.format(plain(code, 40), ", ".join(plain(name, 40) for name in names))
    words = QCoreApplication.translate("Scanner", "{0} is no product of the catalogue: nothing was changed.")
    return words.format(plain(code, 40))


class Scanner(QObject):
    """Watches the keys of whatever part of the window has the cursor while `page` is shown.

    In a field for text they are let through, and taken out again where they prove to be a code. Elsewhere they are
    held back until a hand would have been slower, and then do what they do.
    Signals: `scanned(name, field, typed)` with the field that the code was read into, None for no field, and what had
    been typed there; `unknown(code, names, field, typed)`: it is no product, or several could be meant.
    """

    scanned = Signal(str, object, str)
    unknown = Signal(str, tuple, object, str)

    def __init__(self, page: QWidget, products_named: Callable[[str], tuple[str, ...]]) -> None:
        super().__init__(page)
        self._page, self._products_named = page, products_named
        self._watched: list[QWidget] = []
        self._burst = Burst()
        self._before: Before | None = None
        self._held: list[QKeyEvent] = []
        self._is_replaying = self._is_last_wait = False
        self._hand = QTimer(self, singleShot=True)
        self._hand.timeout.connect(self._decide)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._follow)

    # --- where the keys go

    def _follow(self, before: QWidget | None, now: QWidget | None) -> None:
        """Watch only the widget that gets the keys: an application-wide filter would cost every event."""
        is_list = self._before is not None and field_of(now) is self._before.field  # of guesses, below the field
        if self._burst.text and not self._is_replaying and not is_list:
            self._give_back(before)
        self._watch(self._page.window() if now is None else now)

    def _watch(self, *widgets: QWidget | None) -> None:
        for widget in self._watched:
            if isValid(widget):
                widget.removeEventFilter(self)
        self._watched = [one for one in widgets if one is not None and self._is_ours(one)]
        for widget in self._watched:
            widget.installEventFilter(self)

    def _is_ours(self, widget: QWidget) -> bool:
        """Whether keys of this widget are watched: those of the window and its lists, menus and dialogs.

        Fields of a dialog are left alone.
        """
        at: QWidget | None = widget
        is_in_dialog = False
        while at is not None and at is not self._page.window():
            is_in_dialog |= at.windowType() == Qt.WindowType.Dialog
            at = at.parentWidget()
        return at is not None and not (is_in_dialog and field_of(widget) is not None)

    def _watch_list(self) -> None:
        """Watch a list or menu that has opened: it gets the keys without the focus."""
        popup = QApplication.activePopupWidget()
        self._watch(*self._watched[:1], popup, *(popup.findChildren(QMenu) if popup is not None else ()))

    # --- the keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            if event.reason() == Qt.FocusReason.PopupFocusReason:
                QTimer.singleShot(0, self, self._watch_list)
            return False
        if event.type() not in _KEYS or self._is_replaying or not self._page.isVisible():
            return False
        if not isinstance(event, QKeyEvent) or not isinstance(watched, QWidget):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            self._burst.announce(event)
            return self._keeps_from_shortcuts(event)
        if event.type() == QEvent.Type.KeyRelease:
            return self._release(event)
        return self._press(watched, event)

    def _keeps_from_shortcuts(self, event: QKeyEvent) -> bool:
        """Keep the keys of a code, and the repeats of a key that is held back, from acting as shortcuts."""
        if sign_of(event) or event.key() in MODIFIERS:
            return False
        may_end = is_end(event) or self._burst.is_code
        if event.isAutoRepeat() or self._is_within(event) or (may_end and self._burst.continues(event)):
            event.accept()
            return True
        self._give_back()
        return False

    def _is_within(self, event: QKeyEvent) -> bool:
        """Whether this is a control character that a reader sends within a code."""
        return bool(event.text()) and event.text() in SEPARATORS and self._burst.continues(event)

    def _release(self, event: QKeyEvent) -> bool:
        self._burst.released(event)
        if self._held:
            self._held.append(event.clone())
            self._wait()
        return bool(self._held)

    def _press(self, watched: QWidget, event: QKeyEvent) -> bool:
        if event.key() in MODIFIERS:
            return False
        if event.isAutoRepeat():
            self._give_back()
            return event.key() in _ENTER and event.modifiers() != Qt.KeyboardModifier.NoModifier
        if is_end(event):
            return self._end(watched, event)
        sign = sign_of(event)
        if not sign:
            return self._other(event)
        return self._add(watched, event, sign)

    def _add(self, watched: QWidget, event: QKeyEvent, sign: str) -> bool:
        field = field_of(watched)
        if self._burst.text and self._burst.continues(event):
            self._burst.add(event, sign)
        else:
            self._give_back()
            self._burst.begin(event, sign)
            self._before = Before.of(field) if field is not None else None
        if self._before is not None:
            return False
        self._held.append(event.clone())
        self._wait()
        return True

    def _other(self, event: QKeyEvent) -> bool:
        """Handle any other key: from a hand it ends the wait, from a reader the code."""
        if self._is_within(event):
            return True
        if self._burst.is_code and self._burst.continues(event):
            return self._take(event)
        self._give_back()
        return False

    def _end(self, watched: QWidget, event: QKeyEvent) -> bool:
        is_close = self._burst.continues(event)
        if is_close and self._burst.is_over:
            self._burst.end(event)  # Enter and line feed, one after the other
            return True
        if not is_close or len(self._burst.text) < SHORTEST:
            self._give_back()
            return False
        self._burst.add(event, "")
        return self._take(event)

    # --- a code, or a hand

    def _take(self, event: QKeyEvent | None = None) -> bool:
        read, before = self._burst.text, self._before
        names = next(filter(None, map(self._products_named, meanings(read.strip()))), ())
        keeps = before is not None and bool(before.field.property(KEEPS_CODES))
        if before is not None and not self._burst.is_by_reader and (keeps or len(names) != 1):
            self._forget()  # a program has typed it
            return False
        self._forget()
        self._burst.end(event)
        if len(names) == 1 or not keeps:
            self._close_list()
            self._emit(read, names, before)
        return True

    def _emit(self, read: str, names: tuple[str, ...], before: Before | None) -> None:
        field, typed = None, ""
        if before is not None:
            before.restore()
            field, typed = before.field, before.typed + read[: len(read) - len(read.lstrip())]
        if len(names) == 1:
            self.scanned.emit(names[0], field, typed)
        else:
            self.unknown.emit(read.strip(), names, field, typed)

    def _wait(self) -> None:
        self._is_last_wait = False
        self._hand.start(max(HOLD, round(self._burst.patience * 1000)))

    def _decide(self) -> None:
        """Decide about keys that were held back: no further key has come, unless the window was too busy."""
        if not self._is_last_wait:
            self._is_last_wait = True
            self._hand.start(0)
        elif self._burst.is_code:
            self._take()
        else:
            self._give_back()

    def _give_back(self, to: QWidget | None = None) -> None:
        """Send the keys that were held back `to` the widget that had the focus: a hand has pressed them."""
        held = self._held
        self._forget()
        self._is_replaying = True
        try:
            for event in held:
                at = to or QApplication.activePopupWidget() or QApplication.focusWidget() or self._page.window()
                QCoreApplication.sendEvent(at, event)
        finally:
            self._is_replaying = False

    def _forget(self) -> None:
        self._hand.stop()
        self._burst.clear()
        self._before, self._held = None, []

    def _close_list(self) -> None:
        if (popup := QApplication.activePopupWidget()) is not None and self._is_ours(popup):
            popup.close()
