"""`order`: prints the history of one order."""

import argparse
from datetime import UTC, datetime

from messaging.commands.support.books import opened, print_table
from messaging.commands.support.changing import find_order, user_name
from messaging.commands.support.formatting import lines_in_words
from messaging.commands.support.terminal import print_json, print_line
from messaging.domain.notices import Notice
from messaging.domain.orders import OrderStatus
from messaging.errors import WrongMove
from messaging.phrases import phrase
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings, add_arguments
from messaging.warehouse.records import OrderHistory
from messaging.warehouse.store.changes.decide_batch import BY_USER


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("order", help="what happened to one order: when, by whom, what moved for it")
    parser.add_argument("order", metavar="ORDER", help="its id, or a unique beginning of it")
    parser.add_argument("--json", action="store_true")
    add_arguments(parser, "database", "data_dir", "log_level")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace, settings: Settings) -> int:
    users = Profiles(settings.folder).names()
    with opened(settings) as store:
        history = store.orders.history(find_order(store, args.order, users).identity)
    if history is None:  # orders are never deleted
        raise WrongMove(phrase("order.order_is_not_in_the_books", order=args.order))
    if args.json:
        print_json(history)
    else:
        _print(history, user_name(history.order.user_id, users))
    return 0


def _print(history: OrderHistory, user: str) -> None:
    order = history.order
    print_line(f"Order {order.order_id} of {user}: {order.status.value}")
    print_line(f"{lines_in_words(order.lines, most=100)}; when stock is short: {order.on_shortage.value}")
    print_line()
    rows, before = [(_clock(order.created_at), "", "placed", user, "")], order.created_at
    for event in history.events:
        notice = event.notice
        what, why = notice.status.value, notice.reason or ""
        rows.append((_clock(notice.occurred_at), _after(before, notice.occurred_at), what, _who(notice, user), why))
        before = notice.occurred_at
    print_table(("when (UTC)", "after", "what", "who", "why"), rows, right=(1,))
    if history.ledger:
        print_line()
        moved = [(_clock(x.at), x.kind.value, x.name, f"{x.on_hand:+}", f"{x.reserved:+}") for x in history.ledger]
        print_table(("when (UTC)", "ledger", "product", "on hand", "reserved"), moved, right=(3, 4))


def _who(notice: Notice, user: str) -> str:
    asked = notice.status is OrderStatus.CANCELLED and (notice.reason or "").startswith(BY_USER)
    return user if asked else "warehouse"


def _moment(text: str) -> datetime | None:
    """None for no time: a program written to the original contract may send any text."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else None


def _clock(text: str) -> str:
    moment = _moment(text)
    return f"{moment:%Y-%m-%d %H:%M:%S}.{moment.microsecond // 1000:03}" if moment else text


def _after(before: str, at: str) -> str:
    """`1.2 s`; empty where the clocks of two machines do not agree."""
    start, end = _moment(before), _moment(at)
    if start is None or end is None:
        return ""
    seconds = (end - start).total_seconds()
    if seconds < 100:
        return f"{seconds:.3f} s" if seconds >= 0 else ""
    minutes, hours = round(seconds / 60), round(seconds / 3600)
    return f"{minutes} min" if minutes < 100 else f"{hours} h" if hours < 100 else f"{(end - start).days} d"
