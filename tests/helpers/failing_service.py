"""A command whose desk meets a bug: `python -m tests.helpers.failing_service COMMAND...`."""

import sys
from typing import Any

from messaging import commands
from messaging.broker.consumer import Consumer


def stumble(*_anything: Any) -> None:
    raise LookupError("a bug")


if __name__ == "__main__":
    setattr(Consumer, "_delivered", stumble)  # noqa: B010  # our own class, in this process alone
    sys.exit(commands.main(sys.argv[1:]))
