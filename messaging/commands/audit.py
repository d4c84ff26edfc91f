"""`audit`: do the books balance?"""

import argparse

from messaging.commands.support.books import opened
from messaging.commands.support.formatting import counted, noun
from messaging.commands.support.terminal import print_json, remark, say
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
        _tell_sums(audit)
    for gap in audit.gaps:
        remark(f"GAP: {gap}")
    say("The books balance." if audit.balanced else f"The books do NOT balance: {counted(len(audit.gaps), 'gap')}.")
    return 0 if audit.balanced else 1


def _tell_sums(audit: Audit) -> None:
    for status, count in sorted(audit.orders.items()):
        say(f"{count:10,}  {status}")
    units, events, messages = audit.units_on_hand, audit.events, audit.set_aside
    say(f"{units:10,}  {noun(units, 'unit')} on hand, {audit.units_reserved:,} reserved")
    say(f"{events:10,}  {noun(events, 'event')}, {audit.unpublished:,} not published yet")
    say(f"{messages:10,}  {noun(messages, 'message')} set aside")
