"""`withdraw` and `offer`: take products off the catalogue, and offer them again."""

import argparse
from collections.abc import Callable

from messaging.commands.support.books import opened
from messaging.commands.support.changing import OPTIONS, publish_changes
from messaging.commands.support.terminal import print_line
from messaging.runtime.settings import Settings, add_arguments
from messaging.warehouse.store.warehouse_store import WarehouseStore

Change = Callable[[WarehouseStore, list[str]], None]


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    words = "take products off the catalogue: new orders of them are refused, their stock and ledger stay"
    _add(subparsers, "withdraw", words, lambda store, names: store.stock.withdraw(names))
    _add(subparsers, "offer", "offer withdrawn products again", lambda store, names: store.stock.offer_again(names))


def _add(
    subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, words: str, change: Change
) -> None:
    parser = subparsers.add_parser(name, help=words)
    parser.add_argument("names", nargs="+", metavar="NAME", help="a product")
    add_arguments(parser, *OPTIONS)
    parser.set_defaults(run=run, change=change)


def run(args: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as store:
        args.change(store, args.names)
        for level in store.stock.levels(args.names):
            print_line(f"{level.name}: {'withdrawn' if level.withdrawn else 'offered'}")
        publish_changes(store, settings, [], args.names)
    return 0
