"""The long runs: `python3 -m tests faults [--rounds N] [--orders FILE --catalogue FILE]`, then the long tests."""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from messaging.bootstrap.rabbitmq_server import find_rabbitmq_server
from messaging.broker.node import configuration, files
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.contract import topology
from messaging.runtime.settings import Settings
from tests.faults import receipts
from tests.faults.cluster import Broker, Cluster, Single
from tests.faults.storm import Storm
from tests.helpers.admin import Admin

KILLS = {"client": 3, "warehouse": 3, "listener": 2, "broker": 2}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python3 -m tests faults", description="kill -9 of all four, again and again")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1, help="of the first round")
    parser.add_argument("--count", type=int, default=5000, help="made receipts")
    parser.add_argument("--cluster", action="store_true", help="three nodes, of which one at a time is killed")
    parser.add_argument("--orders", type=Path, help="real receipts: order,name,quantity")
    parser.add_argument("--catalogue", type=Path, help="their products: name,price,stock")
    args = parser.parse_args(arguments)
    if not args.rounds:
        return _long_tests()
    if (args.orders is None) != (args.catalogue is None):
        parser.error("--orders and --catalogue belong together")
    server = find_rabbitmq_server(os.environ)
    assert server is not None  # `python3 -m tests` has seen to it
    if args.cluster and configuration.queue_type(files.series_of(server)) != "quorum":
        parser.error("--cluster is about quorum queues by default, which RabbitMQ has later: add --broker 4.0")
    root = Path(tempfile.mkdtemp(prefix="order-desk-faults-"))
    began, broken = time.monotonic(), 0
    with _broker(root, server, args) as broker:
        for number in range(args.rounds):
            broken += _round(broker, root, args, args.seed + number)
    _say(f"{args.rounds} rounds in {time.monotonic() - began:.0f} s, {broken} of them broken; kept in {root}")
    return int(broken > 0) or _long_tests()


@contextmanager
def _broker(root: Path, server: Path, args: argparse.Namespace) -> Iterator[Broker]:
    if args.cluster:
        with Cluster(root, server, args.seed) as cluster:
            yield cluster
        return
    settings = Settings(data_dir=str(root / "node"))
    with PrivateNode(settings.folder, settings, grace=1.0) as node:
        yield Single(node, NodeFolder(settings.folder.broker), server)


def _long_tests() -> int:
    """In a process of its own: pytest wants to load its plugins before what they belong to is imported."""
    command = [sys.executable, "-m", "pytest", "-m", "long", str(Path(__file__).parent)]
    return subprocess.run(command, check=False).returncode


def _round(broker: Broker, root: Path, args: argparse.Namespace, seed: int) -> int:
    folder = root / f"round-{seed}"
    folder.mkdir()
    given = receipts.read(args.orders, args.catalogue) if args.orders else receipts.made(folder, args.count, seed)
    with Admin(broker.management_url(), timeout=60) as admin:
        admin.add_vhost(folder.name, broker.queue_type)
        admin.permit(folder.name, "operator", ".*", ".*", ".*")
        for policy in topology.POLICIES:
            admin.set_policy(folder.name, policy)
    began = time.monotonic()
    account = Storm(folder, broker.urls(folder.name), broker.kill, given, seed, _say).run(KILLS)
    outcomes = ", ".join(f"{count} {status}" for status, count in sorted(account.outcomes.items()))
    took = time.monotonic() - began
    _say(f"seed {seed}: {outcomes}, {account.notices} notices, {len(account.gaps)} gaps, {took:.1f} s")
    for gap in account.gaps[:20]:
        _say(f"  GAP {gap}")
    return int(bool(account.gaps))


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()
