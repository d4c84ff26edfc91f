"""`ship`: ships processed orders, all of those named or none."""

import argparse

from messaging.commands.support.books import opened
from messaging.commands.support.changing import OPTIONS, find_order, in_words, publish_changes
from messaging.commands.support.terminal import print_line
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings, add_arguments


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("ship", help="ship orders that are processed: all of these or none")
    parser.add_argument("orders", nargs="+", metavar="ORDER", help="its id, or a unique beginning of it")
    add_arguments(parser, *OPTIONS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    users = Profiles(settings.folder).names()
    with opened(settings) as store:
        events = store.orders.ship([find_order(store, name, users).identity for name in args.orders])
        for event in events:
            print_line(in_words(event, users))
        publish_changes(store, settings, events)
    return 0
