"""What is measured: `python3 -m tests benchmark` the messages, `python3 -m tests benchmark window` the window."""

import importlib

# Each loads what it needs by itself: parts of them run before anything is installed.
KINDS = {"messages": "tests.benchmarks.messages", "window": "tests.benchmarks.window.run"}


def main(arguments: list[str]) -> int:
    kind, rest = (arguments[0], arguments[1:]) if arguments and arguments[0] in KINDS else ("messages", arguments)
    return int(importlib.import_module(KINDS[kind]).main(rest))
