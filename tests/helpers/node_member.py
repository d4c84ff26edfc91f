"""A user of the private node in a process of its own: `python -m tests.helpers.node_member DATA_DIR GRACE`.

Prints the node's URL when it is ready, or what went wrong, and stays until its input ends.
"""

import sys

from messaging.broker.node.private import PrivateNode
from messaging.errors import NodeFailed
from messaging.runtime.settings import Settings


def main(data_dir: str, grace: str) -> None:
    settings = Settings(data_dir=data_dir)
    with PrivateNode(settings.folder, settings, grace=float(grace)) as node:
        try:
            print(node.wait_ready(120), flush=True)  # noqa: T201
        except NodeFailed as error:
            print(error, flush=True)  # noqa: T201
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
