"""A warehouse that says how much memory it takes: `python -m tests.helpers.measured_warehouse DATA_DIR URL`.

Prints its resident set in bytes once it is ready, and the most that it ever was when standard input ends.
"""

import sys
from pathlib import Path

from tests.helpers.services import Shop

KIB = 1024  # Linux tells kibibytes


def most() -> int:
    """Not `getrusage`: that counts what the process was before it became this program."""
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * KIB


def say(size: int) -> None:
    sys.stdout.write(f"{size}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    with Shop(Path(sys.argv[1]), sys.argv[2]).warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        say(most())
        sys.stdin.read()
        say(most())
