"""`warehouse`: runs the warehouse as a service (new_order_consumer.py of the original contract)."""

import argparse
import logging
import sys

from messaging.broker.choose import broker_for
from messaging.commands.support import serving
from messaging.commands.support.formatting import lines_in_words
from messaging.commands.support.terminal import print_line, print_upgrade
from messaging.errors import StoreRefused, StoreUnavailable
from messaging.runtime.database_thread import DatabaseThread
from messaging.runtime.settings import Settings, add_arguments
from messaging.telemetry.metrics import Metrics
from messaging.telemetry.reporting import reporting
from messaging.warehouse.records import Decided, Verdict
from messaging.warehouse.service import WarehouseService
from messaging.warehouse.store.warehouse_store import WarehouseStore

LOG = logging.getLogger(__name__)


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("warehouse", help="take orders, reserve stock, tell the clients")
    parser.add_argument("--quiet", action="store_true", help="no line for each order")
    parser.add_argument(
        "--take-over",
        action="store_true",
        help="once: serve these books although this RabbitMQ was served with others, or with newer ones of them",
    )
    add_arguments(parser)
    parser.set_defaults(run=run)


class OutcomePrinter(serving.Watcher):
    def __init__(self, quiet: bool) -> None:
        super().__init__()
        self._quiet = quiet

    def decided(self, decided: list[tuple[Decided, float]]) -> None:
        if self._quiet:
            return
        for one, seconds in decided:
            print_line(_words(one, seconds))
        sys.stdout.flush()


def _words(one: Decided, seconds: float) -> str:
    """Of an order or of a wish to cancel one; the first event of that is the order's own."""
    if one.status is None:
        return f"set aside   {one.reason}" if one.verdict is Verdict.REFUSE else f"cancel      {one.reason}"
    about = one.order if one.order is not None else one.events[0].notice
    event = one.events[-1 if one.order is not None else 0] if one.events else None
    did = "cancel" if one.order is None and one.repeated else one.status
    again = "  [came before]" if one.order is not None and one.repeated else ""
    reason = f"  ({one.reason})" if one.reason else ""
    lines = lines_in_words(event.notice.lines if event else ())
    return f"{did:11} {about.order_id}  {lines}{reason}{again}  {seconds * 1000:.0f} ms"


def _refuse_at_once(books: DatabaseThread[WarehouseStore]) -> None:
    """Raise StoreRefused for what does not pass by itself, such as a wrong password; the service waits for a database
    that is away."""
    try:
        books.ask(lambda store: store.stock.levels()).result()
    except StoreRefused:
        raise
    except StoreUnavailable:
        LOG.info("the database is away at the start: the service waits for it")


def run(args: argparse.Namespace, settings: Settings) -> int:
    url, metrics = settings.database_url, Metrics()
    with (
        DatabaseThread("books", lambda: WarehouseStore(url, print_upgrade).open()) as books,
        broker_for(settings) as broker,
    ):
        _refuse_at_once(books)
        service = WarehouseService(
            books, broker, settings, OutcomePrinter(args.quiet), metrics=metrics, take_over=args.take_over
        )
        with reporting(metrics.snapshot, settings.folder, "warehouse"), serving.serving(service) as ended:
            serving.until_told_to_stop(ended)
    return 0
