"""`broker start|status|url|stop`: the private RabbitMQ of the data directory."""

import argparse
import contextlib
import time

from messaging.bootstrap.checkout import typed
from messaging.broker.node import member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.broker.node.protocol import NodeReport, NodeRequest, NodeStage
from messaging.commands.support.formatting import counted
from messaging.commands.support.terminal import print_line, print_note
from messaging.errors import NodeFailed, UsageError
from messaging.phrases import phrase
from messaging.runtime.settings import Settings, add_arguments

NOT_RUNNING = f"The private RabbitMQ is not running; start it with: {typed('messaging')} broker start"
START_SECONDS = 180.0
STOP_SECONDS = 60.0


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("broker", help="start, look at or stop the private RabbitMQ")
    parser.add_argument("action", choices=list(_ACTIONS), help="url prints the AMQP URL of the operator's account")
    add_arguments(parser, "broker", "data_dir", "rabbitmq_server")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    if settings.broker_urls:
        raise UsageError(phrase("broker.these_commands_are_for_the_private"))
    return _ACTIONS[args.action](settings)


def _start(settings: Settings) -> int:
    """Start the node, which stays until `stop`, also without users."""
    with PrivateNode(settings.folder, settings, keep=True) as node:
        node.wait_ready(START_SECONDS)
        print_line(node.address().reason)
    return 0


def _status(settings: Settings) -> int:
    report = _look(NodeFolder(settings.folder.broker))
    if report is None:
        print_line(NOT_RUNNING)
        return 1
    print_line(f"{report.words} ({counted(report.members, 'user')})")
    return 0 if report.stage is NodeStage.READY else 1


def _url(settings: Settings) -> int:
    report = _look(NodeFolder(settings.folder.broker))
    if report is not None and report.stage is NodeStage.READY:
        print_line(report.url)
        return 0
    print_note(NOT_RUNNING if report is None else report.words)
    return 1


def _stop(settings: Settings) -> int:
    folder = NodeFolder(settings.folder.broker)
    asked = member.connect(folder, NodeRequest.STOP)
    if asked is None and not member.is_supervised(folder):
        print_line("The private RabbitMQ is not running.")
        return 0
    if asked is not None:
        with contextlib.closing(asked), contextlib.suppress(ConnectionError):
            asked.lines.read()  # until the supervisor has stopped the node and ended
    _wait_for_end(folder)
    print_line("The private RabbitMQ is stopped. Windows that use it keep their orders and wait.")
    return 0


def _wait_for_end(folder: NodeFolder) -> None:
    until = time.monotonic() + STOP_SECONDS
    while member.is_supervised(folder):
        if time.monotonic() > until:
            raise NodeFailed(
                phrase(
                    "broker.the_private_rabbitmq_did_not_stop",
                    stop_seconds=STOP_SECONDS,
                    supervisor_log=folder.supervisor_log,
                )
            )
        time.sleep(0.1)


def _look(folder: NodeFolder) -> NodeReport | None:
    asked = member.connect(folder, NodeRequest.LOOK)
    if asked is None:
        return None
    asked.close()
    return asked.first


_ACTIONS = {"start": _start, "status": _status, "url": _url, "stop": _stop}
