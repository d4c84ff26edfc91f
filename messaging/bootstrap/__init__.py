"""From a bare machine to a running program: `.venv`, Python packages, system packages.

Standard library only, and nothing else of the project but `messaging.errors`, `messaging.texts` and
`messaging.bootstrap.rabbitmq_server`: this runs before anything is installed.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  # the only line that must run on an old Python, before newer syntax is read
    sys.exit("Order Desk needs Python 3.11 or newer; this is Python " + sys.version.split()[0] + ".")

from messaging.bootstrap.checkout import typed
from messaging.bootstrap.command_line import Peek
from messaging.bootstrap.ending import exit_code
from messaging.bootstrap.parts import Part
from messaging.bootstrap.prompts import SetUpFailed
from messaging.bootstrap.set_up import Needs, prepare, stands

__all__ = ["Needs", "Part", "Peek", "SetUpFailed", "exit_code", "prepare", "stands", "typed"]
