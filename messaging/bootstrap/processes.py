"""Running pip and apt-get, printing only the lines that show progress."""

import re
import subprocess
from collections.abc import Mapping, Sequence

from messaging.bootstrap.prompts import say

WHEEL_TAGS = re.compile(r"-(py|cp|pp)\d\S*\.whl")  # tags of a wheel's name, left out of the line


def run_telling(
    command: Sequence[str],
    progress: tuple[str, ...],
    errors: tuple[str, ...],
    environ: Mapping[str, str],
    keep: tuple[int, ...] = (),
) -> tuple[int, str]:
    """Show the lines that begin with one of `progress`; give the exit code and the last line that begins like an error.

    `keep` are descriptors that the process holds too: a lock then outlives this process as long as that one works.
    """
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=dict(environ),
        text=True,
        errors="replace",
        pass_fds=keep,
    )
    last = ""
    with process:
        assert process.stdout is not None
        for line in map(str.strip, process.stdout):
            if line.startswith(progress):
                say("  " + WHEEL_TAGS.sub("", line))
            if line.startswith(errors):
                last = line
    return process.returncode, last
