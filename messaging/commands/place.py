"""`place`: places an order from arguments, from questions, or many from a file (client_producer.py of the original
contract)."""

import argparse
import sys
import threading
import time
from functools import partial
from pathlib import Path

from messaging.broker.choose import broker_for
from messaging.broker.publisher import Receipt
from messaging.client.orders_csv import OrdersFile, read_orders_csv
from messaging.client.outbox import PROBLEMS
from messaging.client.service import ClientService, Traffic
from messaging.commands.support import serving
from messaging.commands.support.formatting import (
    MOST_NAMED,
    counted,
    lines_in_words,
    print_left_out,
    print_wrong_rows,
    wrong_rows,
)
from messaging.commands.support.terminal import print_error, print_line, print_note, print_progress, print_upgrade
from messaging.domain.orders import MAX_QUANTITY, OnShortage, Order, checked_line, new_order
from messaging.errors import BrokerUnavailable, TooLarge, UsageError, WrongOrder
from messaging.files.amounts import read_whole
from messaging.history.history import History
from messaging.history.records import OWED, OrderState, PlacedMany, PlacedOrder
from messaging.history.store.history_store import HistoryStore
from messaging.phrases import Words, phrase
from messaging.runtime.profiles import Profile, Profiles
from messaging.runtime.settings import Settings, add_arguments
from messaging.telemetry.metrics import Metrics
from messaging.telemetry.reporting import reporting
from messaging.texts import redacted

POLL = 0.5  # seconds between two polls of the progress
PATIENCE = 60.0  # seconds without any progress after which `place` gives up waiting


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("place", help="place an order, or many from a file")
    parser.add_argument("items", nargs="*", metavar="NAME=QUANTITY", help="what to order; none: it asks")
    parser.add_argument("--user", required=True, metavar="NAME", help="who orders; a new name makes a new profile")
    parser.add_argument("--file", type=Path, metavar="ORDERS.csv", help="rows order,name,quantity[,on_shortage]")
    parser.add_argument("--on-shortage", choices=[o.value for o in OnShortage], default=OnShortage.REJECT.value)
    parser.add_argument("--wait", action="store_true", help="wait until the warehouse has decided")
    add_arguments(parser, "broker", "data_dir", "rabbitmq_server", "confirm_window", "heartbeat", "log_level")
    parser.set_defaults(run=run)


class Progress(serving.Watcher):
    """Counts how many orders are still on the way."""

    def __init__(self, wait_for_outcome: bool) -> None:
        super().__init__()
        self.changed = threading.Condition()
        self._open: set[str] = set()
        self._done = OWED if not wait_for_outcome else OWED | {OrderState.ACCEPTED}
        self.seen: dict[str, PlacedOrder] = {}
        self.too_large: dict[str, PlacedOrder] = {}  # RabbitMQ has just said so: they leave no more while this runs
        self.moves = 0

    def expect(self, identities: set[str]) -> None:
        with self.changed:
            self._open = {i for i in identities if i not in self.seen or self.seen[i].state in self._done}
            self._open -= self.too_large.keys()

    @property
    def open(self) -> int:
        return len(self._open)

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        with self.changed:
            self.moves += 1
            for order in orders:
                self.seen[order.identity] = order
                if order.state in OWED and order.problem == PROBLEMS[Receipt.TOO_LARGE]:
                    self.too_large[order.identity] = order
                if order.state not in self._done or order.identity in self.too_large:
                    self._open.discard(order.identity)
            self.changed.notify_all()

    def traffic_changed(self, traffic: Traffic) -> None:
        """The orders are enough."""

    def finish(self, ended: threading.Event, *, show: bool) -> bool:
        """Wait for the orders that are still open; False where nothing moved for PATIENCE seconds, or the service has
        ended."""
        moves, deadline = self.moves, time.monotonic() + PATIENCE
        while self.open and not ended.is_set() and time.monotonic() < deadline:
            if show:
                print_progress(f"{self.open:,} still on the way")
            serving.until(lambda: self.open == 0, self.changed, POLL, ended)
            if self.moves != moves:
                moves, deadline = self.moves, time.monotonic() + PATIENCE
        if show:
            print_progress("")
        return self.open == 0


def run(args: argparse.Namespace, settings: Settings) -> int:
    profile = Profiles(settings.folder).named(args.user)
    if args.file and args.items:
        raise UsageError(phrase("place.give_either_items_or_file_not"))
    read = _from_file(args.file, profile) if args.file else OrdersFile([("", _one(args, profile))], [])
    orders = read.orders
    progress, metrics = Progress(args.wait), Metrics()
    path = settings.folder.history(profile.user_id)
    with History(path, profile.user_id, print_upgrade) as history, broker_for(settings) as broker:
        service = ClientService(profile, history, broker, settings, progress, metrics=metrics)
        with reporting(metrics.snapshot, settings.folder, "place"), serving.serving(service) as ended:
            placed = service.place_many(orders).result()
            progress.expect(_known(history, {order.identity for _, order in orders}, progress))
            if not args.file:
                print_line(orders[0][1].order_id, flush=True)
            finished = progress.finish(ended, show=bool(args.file) and sys.stderr.isatty())
    return 1 if _report(args, placed, orders, progress, finished) or read.errors else 0


def _known(history: History, identities: set[str], progress: Progress) -> set[str]:
    """Read the state of orders of an earlier run, of which no change will be reported."""
    for identity in identities - progress.seen.keys():
        order = history.ask(partial(_order, identity)).result()
        if order is not None:
            progress.seen[identity] = order
    return identities


def _order(identity: str, store: HistoryStore) -> PlacedOrder | None:
    return store.orders.one(identity)


def _from_file(path: Path, profile: Profile) -> OrdersFile:
    """Leave out each order with a wrong row. Raises UsageError where no order is left."""
    read = read_orders_csv(path, profile.user_id)
    print_wrong_rows(path.name, read.note, read.errors)
    if read.errors and not read.orders:
        raise UsageError(phrase("place.has_nothing_was_placed", name=path.name, errors=wrong_rows(len(read.errors))))
    print_left_out(path.name, len(read.errors), read.left_out)
    return read


def _one(args: argparse.Namespace, profile: Profile) -> Order:
    items = [_item(text) for text in args.items] or _ask()
    return new_order(profile.user_id, items, OnShortage(args.on_shortage))


def _item(text: str) -> tuple[str, int]:
    name, _, quantity = text.rpartition("=")
    try:
        line = checked_line(name, read_whole(redacted(quantity), 1, MAX_QUANTITY))
    except UsageError as error:
        raise UsageError(
            phrase("place.is_not_name_quantity_for_instance", text=redacted(text)[:60], error=error)
        ) from error
    return line.name, line.quantity


def _ask() -> list[tuple[str, int]]:
    """Read an order from stdin, a line for each product, as the original program does; an empty line ends it."""
    items: list[tuple[str, int]] = []
    print_note("What do you order? NAME=QUANTITY, an empty line ends.")
    for line in sys.stdin:
        if not line.strip():
            break
        try:
            items.append(_item(line.strip()))
        except UsageError as error:
            print_note(error)
    if not items:
        raise WrongOrder(phrase("place.nothing_ordered"))
    return items


def _report(
    args: argparse.Namespace, placed: PlacedMany, orders: list[tuple[str, Order]], progress: Progress, finished: bool
) -> int:
    if args.file:
        print_line(
            f"{placed.placed:,} placed, {placed.repeated:,} were there already, {len(placed.conflicts):,} in conflict"
        )
    for label in placed.conflicts:
        print_error(f"{label}: another order has this name already: rename it.")
    if args.wait and not args.file and (order := progress.seen.get(orders[0][1].identity)):
        print_line(
            f"{order.state.value}: {lines_in_words(order.lines)}" + (f" ({order.reason})" if order.reason else "")
        )
    if not finished:
        raise BrokerUnavailable(
            phrase("place.still_waiting_of_what_waits_is", open=progress.open, orders=counted(len(orders), "order"))
        )
    if progress.too_large:
        raise TooLarge(_too_large(args.user, [str(one.order.order_id) for one in progress.too_large.values()]))
    return 1 if placed.conflicts else 0


def _too_large(user: str, ids: list[str]) -> Words:
    some = ", ".join(ids[:MOST_NAMED]) + (" ..." if len(ids) > MOST_NAMED else "")
    return phrase("place.too_large_for_rabbitmq", some=some, first=ids[0], user=user)
