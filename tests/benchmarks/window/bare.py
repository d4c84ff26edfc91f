"""What Qt for Python itself costs: a window with a button, a process of its own: `... bare BEGAN [gaps]`.

Says when it was painted, serves until SIGTERM, says the gaps of its loop where they were asked for.
"""

import json
import signal
import sys
import time

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QPushButton

from tests.benchmarks.window.cores import waited_from_the_start
from tests.benchmarks.window.gaps import Gaps


class Button(QPushButton):
    def __init__(self, began: float) -> None:
        super().__init__("Order Desk")
        self._began, self._is_told = began, False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_told:
            self._is_told = True
            _say(computed=time.process_time(), waited=waited_from_the_start(), usable=time.monotonic() - self._began)


def main(began: float, has_gaps: bool) -> int:
    application = QApplication([])
    ending = _Ending(application)
    gaps = Gaps() if has_gaps else None
    window = QMainWindow()
    window.setCentralWidget(Button(began))
    window.show()
    application.exec()
    del ending
    if gaps is not None:
        _say(gaps=gaps.found)
    return 0


class _Ending(QObject):
    """SIGTERM wakes Qt through a socket."""

    def __init__(self, application: QApplication) -> None:
        import socket  # noqa: PLC0415  # as small as a start can be until it is painted

        super().__init__()
        self._inside, self._outside = socket.socketpair()
        self._outside.setblocking(False)
        self._notifier = QSocketNotifier(self._inside.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(application.quit)
        signal.set_wakeup_fd(self._outside.fileno())
        signal.signal(signal.SIGTERM, lambda *_: None)


def _say(**words: object) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), "gaps" in sys.argv[2:]))
