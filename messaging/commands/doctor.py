"""`doctor [--fix]`: compares the broker with the topology, names each problem and its repair."""

import argparse
from collections import Counter
from collections.abc import Iterator
from itertools import chain

from messaging.broker.choose import broker_for
from messaging.broker.diagnostics.doctor import CheckResult, State, examine
from messaging.broker.diagnostics.left_folders import left_data
from messaging.broker.external import ExternalBroker
from messaging.broker.node.private import PrivateNode
from messaging.broker.urls import without_password
from messaging.commands.support.served_books import served_books
from messaging.commands.support.terminal import print_line
from messaging.runtime.settings import Settings, add_arguments

START_SECONDS = 180.0


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("doctor", help="compare the broker with what Order Desk needs")
    parser.add_argument("--fix", action="store_true", help="mend what is safe to mend")
    add_arguments(parser, "broker", "database", "data_dir", "rabbitmq_server")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    """The exit code is 0 without a problem; what cannot be checked is printed and is no problem."""
    found: Counter[State] = Counter()
    brokers = tuple(ExternalBroker((url,)) for url in settings.broker_urls) or (broker_for(settings),)
    for broker in brokers:
        with broker:
            url = broker.wait_ready(START_SECONDS)
            if len(brokers) > 1:
                print_line(without_password(url))
            for result in chain(_examine(broker, url, fix=args.fix), served_books(url, settings), _of_the_node(broker)):
                found[result.state] += 1
                _show(result)
    print_line(", ".join(f"{found[state]} {state.value}" for state in State if found[state]))
    return 1 if found[State.PROBLEM] else 0


def _examine(broker: ExternalBroker | PrivateNode, url: str, *, fix: bool) -> Iterator[CheckResult]:
    restart = broker.restart if isinstance(broker, PrivateNode) else None
    return examine(url, broker.management_url(), fix=fix, restart=restart)


def _of_the_node(broker: ExternalBroker | PrivateNode) -> Iterator[CheckResult]:
    if isinstance(broker, PrivateNode):
        yield from left_data(broker.left_data())


def _show(result: CheckResult) -> None:
    print_line(f"{result.state.value:8} {result.name}" + (f": {result.words}" if result.words else ""))
    if result.repair and result.state in (State.PROBLEM, State.UNKNOWN, State.NOTE):
        print_line(f"{'':8} -> {result.repair}")
