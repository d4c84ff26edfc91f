"""`cancel`: a client wants an order cancelled, and hears what became of it."""

import argparse
import threading

from messaging.broker.choose import broker_for
from messaging.client.service import ClientService, Traffic
from messaging.commands.support import serving
from messaging.commands.support.terminal import print_line, print_upgrade
from messaging.errors import BrokerUnavailable, UsageError, WrongMove
from messaging.history.history import History
from messaging.history.records import OrderState, PlacedOrder
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.outbox_table import CANCELLABLE
from messaging.phrases import phrase
from messaging.runtime.profiles import Profiles
from messaging.runtime.settings import Settings, add_arguments
from messaging.texts import copied_id

PATIENCE = 30.0  # seconds; a private node that has to start first takes about eight


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    parser = subparsers.add_parser("cancel", help="cancel an order, as the user who placed it")
    parser.add_argument("order", metavar="ORDER", help="its id, or a unique beginning of it")
    parser.add_argument("--user", required=True, metavar="NAME", help="who placed it")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why; the warehouse keeps it")
    add_arguments(parser, "broker", "data_dir", "rabbitmq_server", "heartbeat", "log_level")
    parser.set_defaults(run=run)


class Answer(serving.Watcher):
    """Waits until the order cannot be cancelled any more: because it is, or because it went on."""

    def __init__(self) -> None:
        super().__init__()
        self.changed = threading.Condition()
        self._orders: dict[str, PlacedOrder] = {}

    def orders_changed(self, orders: list[PlacedOrder]) -> None:
        with self.changed:
            self._orders.update((order.identity, order) for order in orders)
            self.changed.notify_all()

    def traffic_changed(self, traffic: Traffic) -> None:
        """The order is enough."""

    def about(self, order: PlacedOrder, seconds: float, ended: threading.Event) -> PlacedOrder:
        """Wait until its cancellation is decided, for `seconds`, or until the service has ended; return the order as it
        is then."""
        self.orders_changed([] if order.identity in self._orders else [order])
        serving.until(lambda: self._orders[order.identity].state not in CANCELLABLE, self.changed, seconds, ended)
        return self._orders[order.identity]


def run(args: argparse.Namespace, settings: Settings) -> int:
    profile = Profiles(settings.folder).known(args.user)
    if profile is None:
        raise UsageError(phrase("cancel.there_is_no_user_here_see", user=args.user))
    path = settings.folder.history(profile.user_id)
    with History(path, profile.user_id, print_upgrade) as history:
        identity = history.ask(lambda store: _find(store, args.order)).result()
        with broker_for(settings) as broker:
            answer = Answer()
            service = ClientService(profile, history, broker, settings, answer)
            with serving.serving(service) as ended:
                order = answer.about(service.cancel(identity, args.reason).result(), PATIENCE, ended)
        has_left = history.ask(
            lambda store: all(owed.identity != identity for owed in store.outbox.owed(100_000))
        ).result()
    return _report(order, has_left)


def _find(store: HistoryStore, name: str) -> str:
    name = copied_id(name)
    if not name:
        raise UsageError(phrase("cancel.the_orders_id_is_missing"))
    found = store.orders.beginning(name, 3)
    if not found:
        raise WrongMove(phrase("cancel.this_user_placed_no_order_from", name=name[:80]))
    if len(found) > 1:
        some = ", ".join(str(order.order.order_id) for order in found[:2])
        raise UsageError(phrase("cancel.is_more_than_one_order_give", name=name[:80], some=some))
    return found[0].identity


def _report(order: PlacedOrder, has_left: bool) -> int:
    if order.state is OrderState.CANCELLED:
        print_line(f"cancelled   {order.order.order_id}" + (f"  ({order.reason})" if order.reason else ""))
        return 0
    if order.state not in CANCELLABLE:
        raise WrongMove(
            phrase("cancel.order_is_it_came_too_late", order_id=order.order.order_id, state=order.state.value)
        )
    if has_left:
        raise BrokerUnavailable(phrase("cancel.the_wish_is_with_rabbitmq_the"))
    raise BrokerUnavailable(phrase("cancel.the_wish_is_kept_it_leaves"))
