"""Starting the program again in the environment's Python."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from messaging.bootstrap.checkout import Checkout


def start_again(checkout: Checkout, program: str, arguments: Sequence[str]) -> NoReturn:
    """Replace this process by the program in the environment's Python, with the same arguments."""
    command = [str(checkout.python), "-m", program, *arguments]
    environ = dict(os.environ)
    if os.getcwd() != str(checkout.root):  # found by PYTHONPATH or an editable install: let it be found again
        environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(checkout.root), environ.get("PYTHONPATH")]))
    if os.name == "nt":  # execv there returns to the shell before the program ends
        import subprocess

        sys.exit(subprocess.call(command, env=environ))
    os.execve(command[0], command, environ)
