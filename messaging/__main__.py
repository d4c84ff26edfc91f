"""Order Desk without a window.

  python3 -m messaging broker start|status|url|stop
  python3 -m messaging warehouse | place | listen | orders | stock | audit | doctor

The first start makes .venv and installs what is needed; after that, --help lists every option.
"""

import os
import sys

from messaging.bootstrap import Needs, Peek, exit_code, prepare, stands
from messaging.bootstrap.parts import broker_parts
from messaging.bootstrap.secrets import move_out_of_sight

STORE_COMMANDS = frozenset({"orders", "stock", "audit", "metrics"})  # these read the store; no RabbitMQ is asked


def main(arguments: list[str] | None = None) -> int:
    """The command `order-desk-messaging`, and `python3 -m messaging`."""
    return exit_code(lambda: _run(sys.argv[1:] if arguments is None else arguments, arguments is None))


def _run(arguments: list[str], are_own: bool) -> int:
    """`are_own`: they are those with which this process was started."""
    if are_own:
        move_out_of_sight(sys.orig_argv)
    peek = Peek.at(arguments, os.environ)
    if peek.help and not stands("messaging", arguments):
        sys.stdout.write(str(__doc__))
        return 0
    if not peek.help:
        prepare("messaging", arguments, needs(peek))
    from messaging.commands import main as run_command

    return run_command(arguments)


def needs(peek: Peek) -> Needs:
    without = bool(STORE_COMMANDS & set(peek.words[:1]))
    return Needs(groups=peek.groups, parts=() if without else broker_parts(peek, os.environ))


if __name__ == "__main__":
    sys.exit(main())
