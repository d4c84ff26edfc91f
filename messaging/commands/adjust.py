"""`adjust`: corrects the stock of a product by a difference."""

import argparse

from messaging.commands.restock import stock_in_words
from messaging.commands.support.books import opened
from messaging.commands.support.changing import OPTIONS, in_words, publish_changes
from messaging.commands.support.numbers import units
from messaging.commands.support.terminal import print_line
from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings, add_arguments


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("adjust", help="correct the stock by so many units, up or down")
    parser.add_argument("name", metavar="NAME", help="the product")
    parser.add_argument("quantity", type=units, metavar="QUANTITY", help="units more, or with a minus less: -3")
    parser.add_argument("--reason", required=True, metavar="TEXT", help="why; kept in the ledger")
    add_arguments(parser, *OPTIONS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    if not args.reason.strip():
        raise UsageError(phrase("adjust.a_correction_needs_a_reason_reason"))
    users = Profiles(settings.folder).names()
    with opened(settings) as store:
        events = store.stock.adjust(args.name, args.quantity, args.reason)
        print_line(stock_in_words(store, args.name))
        for event in events:
            print_line(in_words(event, users))
        publish_changes(store, settings, events, [args.name])
    return 0
