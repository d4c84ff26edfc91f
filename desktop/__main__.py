"""Order Desk: orders, stock and notifications over RabbitMQ in one window.

  python3 -m desktop [--user NAME] [--tab client|warehouse|notifications] [--start] [--broker URL] ...
  python3 -m desktop demo [--user NAME ...] [--screenshots DIR]
  python3 -m desktop --setup-only

The first start makes .venv, installs what is needed, and asks before it touches the system; after that, --help
lists every option.
"""

import os
import sys
from collections.abc import MutableMapping

from messaging.bootstrap import Needs, Peek, SetUpFailed, exit_code, prepare, stands, typed
from messaging.bootstrap.parts import broker_parts, window_parts
from messaging.bootstrap.secrets import move_out_of_sight
from messaging.phrases import phrase

QT_MODULES = ("PySide6.QtWidgets", "PySide6.QtNetwork", "PySide6.QtSvg")


class NoDisplay(SetUpFailed):
    """Windows were asked for where there is no screen to show them on."""


def main(arguments: list[str] | None = None) -> int:
    """The command `order-desk`, and `python3 -m desktop`."""
    return exit_code(lambda: _run(sys.argv[1:] if arguments is None else arguments, arguments is None))


def _run(arguments: list[str], are_own: bool) -> int:
    """`are_own`: they are those with which this process was started."""
    if are_own:
        move_out_of_sight(sys.orig_argv)
    peek = Peek.at(arguments, os.environ)
    if peek.help and not stands("desktop", arguments):
        sys.stdout.write(str(__doc__))
        return 0
    if not peek.help:
        if not peek.setup_only:
            choose_display(peek, os.environ)
        prepare("desktop", arguments, needs(peek))
    if peek.setup_only:
        return 0
    from desktop.application import startup

    startup.prepare()
    from desktop.application.arguments import parse

    parsed = parse(arguments, os.environ)
    if parsed.demo:
        from desktop.demo import main as run
    else:
        from desktop.application.app import show_window as run
    try:
        return run(parsed)
    finally:
        startup.leave()


def needs(peek: Peek) -> Needs:
    return Needs(
        groups=peek.groups,
        parts=(*window_parts(os.environ), *broker_parts(peek, os.environ)),
        imports=QT_MODULES,
    )


def choose_display(peek: Peek, environ: MutableMapping[str, str]) -> None:
    """Pictures of the demo are made without a screen where there is none; anything else needs one."""
    shown = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY") or environ.get("QT_QPA_PLATFORM")
    if shown or sys.platform != "linux":
        return
    if not peek.screenshots:
        raise NoDisplay(phrase("start.there_is_no_display_here_display", value=typed("desktop")))
    environ["QT_QPA_PLATFORM"] = "offscreen"


if __name__ == "__main__":
    sys.exit(main())
