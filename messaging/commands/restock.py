"""`restock`: adds units to a product's stock; waiting orders are served, oldest first."""

import argparse
from collections.abc import Iterable

from messaging.commands.support.books import opened
from messaging.commands.support.changing import OPTIONS, publish_changes, user_name
from messaging.commands.support.numbers import units
from messaging.commands.support.terminal import print_line
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings, add_arguments
from messaging.warehouse.records import Event, LedgerKind
from messaging.warehouse.store.warehouse_store import WarehouseStore

NOBODY = "No order waits for it."


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("restock", help="goods came in; says which waiting orders got what")
    parser.add_argument("name", metavar="NAME", help="the product")
    parser.add_argument("quantity", type=units, metavar="QUANTITY", help="units that came in")
    parser.add_argument("--reason", default="", metavar="TEXT", help="kept in the ledger")
    parser.add_argument("--preview", action="store_true", help="only say who would get what; nothing changes")
    add_arguments(parser, *OPTIONS)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    users = Profiles(settings.folder).names()
    with opened(settings) as store:
        if args.preview:
            _preview(store, args, users)
            return 0
        events = store.stock.restock(args.name, args.quantity, args.reason)
        print_line(stock_in_words(store, args.name))
        for event in events:
            whole = "is complete" if event.notice.status == "processed" else "still waits for the rest"
            print_line(_got(event.notice.order_id, event.notice.user_id, _units(store, event), whole, users))
        if not events:
            print_line(NOBODY)
        publish_changes(store, settings, events, [args.name])
    return 0


def stock_in_words(store: WarehouseStore, name: str) -> str:
    (level,) = store.stock.levels([name])
    return f"{name}: {level.on_hand:,} on hand, {level.reserved:,} reserved, {level.free:,} free"


def _preview(store: WarehouseStore, args: argparse.Namespace, users: dict[str, str]) -> None:
    allotted = store.stock.preview_restock(args.name, args.quantity)
    for one in allotted:
        whole = "would be complete" if one.completes else "would still wait for the rest"
        print_line(_got(one.order.order_id, one.order.user_id, one.units.items(), whole, users))
    if not allotted:
        print_line(NOBODY)


def _units(store: WarehouseStore, event: Event) -> list[tuple[str, int]]:
    """Units by product that this event reserved, from the ledger: the notice has only the sums."""
    history = store.orders.history(event.notice.identity)
    rows = history.ledger if history else ()
    at = event.notice.occurred_at
    return [(row.name, row.reserved) for row in rows if row.kind is LedgerKind.RESERVE and row.at == at]


def _got(
    order_id: str | int, user_id: str | int, units: Iterable[tuple[str, int]], whole: str, users: dict[str, str]
) -> str:
    got = ", ".join(f"{count} {name}" for name, count in units)
    return f"{order_id} of {user_name(user_id, users)}: {got}; it {whole}"
