"""SIGINT and SIGTERM end the program as closing its windows does.

Qt's loop runs no Python while nothing happens, so a signal wakes it through a socket.
"""

import signal
import socket
from collections.abc import Callable
from types import FrameType

from PySide6.QtCore import QObject, QSocketNotifier


class Signals(QObject):
    def __init__(self, quit_wanted: Callable[[], None]) -> None:
        super().__init__()
        self._quit_wanted = quit_wanted
        self._inside, self._outside = socket.socketpair()
        for end in (self._inside, self._outside):
            end.setblocking(False)
        self._notifier = QSocketNotifier(self._inside.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._woken)
        self._before = signal.set_wakeup_fd(self._outside.fileno(), warn_on_full_buffer=False)
        self._handlers = {which: signal.signal(which, self._take) for which in (signal.SIGINT, signal.SIGTERM)}

    def close(self) -> None:
        signal.set_wakeup_fd(self._before)
        for which, handler in self._handlers.items():
            signal.signal(which, handler)
        self._notifier.setEnabled(False)
        self._inside.close()
        self._outside.close()

    def _take(self, number: int, frame: FrameType | None) -> None:
        """Does nothing: that there is a handler keeps the signal from killing the process."""

    def _woken(self) -> None:
        wanted = set(self._inside.recv(64)) & {signal.SIGINT.value, signal.SIGTERM.value}
        if wanted:
            self._quit_wanted()
