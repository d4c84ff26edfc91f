"""What Qt says goes to the log: it is meant for developers, and a terminal is for users."""

import logging
from collections.abc import Callable

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

LOG = logging.getLogger("qt")

LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def log_qt_messages() -> Callable[[], object]:
    """From now on; gives what undoes it."""
    before = qInstallMessageHandler(_log)
    return lambda: qInstallMessageHandler(before)


def _log(kind: QtMsgType, context: QMessageLogContext, message: str) -> None:
    LOG.log(LEVELS[kind], "%s", message)
