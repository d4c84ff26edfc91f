"""`return`: takes a shipped order back, so that its units are on hand again."""

import argparse

from messaging.commands.support.books import opened
from messaging.commands.support.changing import OPTIONS, find_order, in_words, publish_changes
from messaging.commands.support.terminal import print_line
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings, add_arguments


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("return", help="take a shipped order back: its goods are on hand again")
    parser.add_argument("order", metavar="ORDER", help="its id, or a unique beginning of it")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why; its user reads it")
    add_arguments(parser, *OPTIONS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    users = Profiles(settings.folder).names()
    with opened(settings) as store:
        events = store.orders.take_back(find_order(store, args.order, users).identity, args.reason)
        for event in events:
            print_line(in_words(event, users))
        publish_changes(store, settings, events)
    return 0
