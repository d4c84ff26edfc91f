"""`audit`: checks whether the books balance."""

import argparse

from messaging.commands.support.books import opened
from messaging.commands.support.formatting import counted, noun
from messaging.commands.support.terminal import print_json, print_line, print_note
from messaging.runtime.settings import Settings, add_arguments
from messaging.warehouse.records import Audit


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("audit", help="check the warehouse's books; exit 1 on a gap")
    parser.add_argument("--json", action="store_true")
    add_arguments(parser, "database", "data_dir", "log_level")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    with opened(settings) as store:
        audit = store.audit()
    if args.json:
        print_json(audit)
        return 0 if audit.balanced else 1
    if audit.is_summed:
        _print_sums(audit)
    for gap in audit.gaps:
        print_note(f"GAP: {gap}")
    print_line(
        "The books balance." if audit.balanced else f"The books do NOT balance: {counted(len(audit.gaps), 'gap')}."
    )
    return 0 if audit.balanced else 1


def _print_sums(audit: Audit) -> None:
    for status, count in sorted(audit.orders.items()):
        print_line(f"{count:10,}  {status}")
    units, events, messages = audit.units_on_hand, audit.events, audit.set_aside
    print_line(f"{units:10,}  {noun(units, 'unit')} on hand, {audit.units_reserved:,} reserved")
    print_line(f"{events:10,}  {noun(events, 'event')}, {audit.unpublished:,} not published yet")
    print_line(f"{messages:10,}  {noun(messages, 'message')} set aside")
