"""What Qt says goes to the log: it is meant for developers, and a terminal is for users.

But for what ends the program: Qt would abort right after it. At the start that is a display that cannot be used.
"""

import logging
import os
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from messaging.bootstrap.checkout import typed
from messaging.bootstrap.prompts import say
from messaging.phrases import Words, phrase
from messaging.texts import printable

LOG = logging.getLogger("qt")

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


def log_qt_messages() -> Callable[[], object]:
    """Write Qt's messages to the log from now on; returns a function that undoes this."""
    before = qInstallMessageHandler(_log)
    return lambda: qInstallMessageHandler(before)


def _log(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    LOG.log(LEVELS[kind], "%s", message)
    if kind is QtMsgType.QtFatalMsg:
        say(_fatal(message))
        os._exit(1)  # nothing can be done after it, and Qt would leave a core


def _fatal(message: str) -> Words:
    if "platform plugin" not in message:
        return phrase("qt_log.qt_cannot_go_on_the_log", message=printable(message)[:200])
    named = ", ".join(f"{name}={printable(os.environ[name])[:80]}" for name in DISPLAYS if os.environ.get(name))
    program = typed("desktop")
    return phrase("qt_log.the_display_cannot_be_reached_see", named=named, program=program)
