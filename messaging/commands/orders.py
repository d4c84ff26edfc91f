"""`orders`: lists the orders in the warehouse's books."""

import argparse

from messaging.commands.support.books import opened, print_table
from messaging.commands.support.formatting import lines_in_words
from messaging.commands.support.numbers import positive
from messaging.commands.support.terminal import print_json
from messaging.errors import UsageError
from messaging.phrases import phrase
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings, add_arguments


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("orders", help="list the orders in the warehouse's books")
    parser.add_argument("--user", metavar="NAME", help="only this user's: a profile's name, or a user id")
    parser.add_argument("--limit", type=positive, default=1_000_000, metavar="N", help="the newest N only")
    parser.add_argument("--json", action="store_true")
    add_arguments(parser, "database", "data_dir", "log_level")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    user = None if args.user is None else _user(args.user, settings)
    with opened(settings) as store:
        orders = store.orders.page(user_id=user, limit=args.limit)
    if args.json:
        print_json(orders)
        return 0
    rows = [
        (o.number, o.received_at[:19], o.order_id, o.status.value, lines_in_words(o.lines), o.reason) for o in orders
    ]
    print_table(("no.", "received (UTC)", "order", "status", "lines", "reason"), rows, right=(0,))
    return 0


def _user(name: str, settings: Settings) -> str | int:
    """A profile's user id; a name without a profile is taken as the id itself, as in legacy programs."""
    if not name.strip():  # an empty variable of a script must not show everybody's
        raise UsageError(phrase("orders.user_needs_a_name_leave_it"))
    for profile in Profiles(settings.folder).all():
        if profile.name.casefold() == name.casefold():
            return profile.user_id
    return int(name) if name.isdecimal() else name
