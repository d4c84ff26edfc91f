"""The standard streams as every program of Order Desk finds them: open, and unable to fail for a letter."""

import io
import os
import sys


def make_safe() -> None:
    """Whatever was closed leads to nowhere: else the next file that is opened would stand in its place.

    What a console or pipe cannot show, in whatever encoding it has, is shown as `?`.
    """
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(descriptor, True)
    os.close(descriptor)
    sys.stdin = sys.stdin or io.StringIO()
    sys.stdout = sys.stdout or io.TextIOWrapper(io.FileIO(1, "w", closefd=False))
    sys.stderr = sys.stderr or io.TextIOWrapper(io.FileIO(2, "w", closefd=False))
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
