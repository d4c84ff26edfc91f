"""The headless commands: `python3 -m messaging COMMAND`, good for scripts.

Exit codes: 0 done, 1 failed, 2 wrong arguments, 141 whoever read the output has gone. Errors are one line on stderr.
"""

import argparse
import os
import sys
from collections.abc import Sequence

from messaging.bootstrap.checkout import typed
from messaging.commands import (
    adjust,
    audit,
    broker,
    cancel,
    dead_letters,
    doctor,
    listen,
    metrics,
    offer,
    order,
    orders,
    place,
    restock,
    ship,
    stock,
    take_back,
    warehouse,
)
from messaging.commands.support.terminal import discard_rest, flush, print_error
from messaging.errors import OrderDeskError, UsageError
from messaging.runtime import settings as options
from messaging.runtime.arguments import Parser
from messaging.runtime.settings import Settings
from messaging.telemetry.logs import install_crash_hook, start_logging

BY_CLIENTS = (place, cancel, listen)
AT_THE_BOOKS = (orders, order, ship, take_back, stock, restock, adjust, offer, dead_letters, audit)
BY_SIGPIPE = 141  # 128 + SIGPIPE, as shells report it
COMMANDS = (broker, warehouse, *BY_CLIENTS, *AT_THE_BOOKS, metrics, doctor)


def parser() -> argparse.ArgumentParser:
    top = Parser(prog=typed("messaging"), description="Order Desk without a window.")
    subparsers = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for command in COMMANDS:
        command.add(subparsers)
    return top


def main(argv: Sequence[str]) -> int:
    args = parser().parse_args(argv)
    try:
        settings = options.load(vars(args), os.environ)
        if warning := options.readable_by_others(settings.folder):
            print_error(warning)
        with start_logging(settings.folder.log, settings.log_level):
            install_crash_hook()
            return _run(args, settings)
    except OrderDeskError as error:
        print_error(error)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of the output has gone, as in `| head`
        discard_rest()
        return BY_SIGPIPE


def _run(args: argparse.Namespace, settings: Settings) -> int:
    """Report a bug while the log is open."""
    try:
        code = int(args.run(args, settings))
        flush()
        return code
    except (OrderDeskError, BrokenPipeError):
        raise
    except Exception as bug:  # noqa: BLE001  # the crash hook logs the bug and prints one line
        sys.excepthook(type(bug), bug, bug.__traceback__)
        return 1
