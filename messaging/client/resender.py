"""Sends orders again that RabbitMQ had confirmed and lost; a duplicate is harmless, for its identity is known."""

import time
from collections.abc import Callable

from messaging.broker.connection import Connection
from messaging.broker.event_loop import BrokerLoop
from messaging.contract.codec import Events
from messaging.errors import NotRoutable, OrderDeskError
from messaging.history.history import History
from messaging.history.store.unanswered_orders import UnansweredOrders
from messaging.phrases import Words, phrase

LONG = 60.0  # seconds between two empty queues with the same order accepted and without an outcome
SELDOM = 3600.0  # seconds between two sendings of one order


class Resender:
    """Another broker than before has nothing of what the last one accepted: all of it leaves again, once.

    The same broker may have lost its queue: an order that is accepted though the warehouse has twice said, more
    than `LONG` apart, that none waits leaves again, at most every `SELDOM`. In the loop's thread.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        history: History,
        failed: Callable[[OrderDeskError], None],
        leave: Callable[[], None],
    ) -> None:
        self._loop, self._history, self._failed, self._leave = loop, history, failed, leave
        self._missing: dict[str, float] = {}  # since when, monotonic
        self._sent: dict[str, float] = {}

    def connected(self, connection: Connection) -> None:
        name = connection.broker_name
        met = self._history.ask(lambda store: store.resending.meet_broker(name))
        self._loop.when_done(met, self._moved, self._failed)

    def received(self, events: Events) -> None:
        """An answer of the warehouse, with all it had to tell already in the history."""
        if events.queued == 0:
            accepted = self._history.ask(lambda store: store.resending.accepted())
            self._loop.when_done(accepted, self._find_lost, self._failed)
        elif events.queued is not None:
            self._missing.clear()

    def _find_lost(self, accepted: list[str]) -> None:
        now = time.monotonic()
        self._missing = {identity: self._missing.get(identity, now) for identity in accepted}
        lost = [
            identity
            for identity, since in self._missing.items()
            if now - since >= LONG and now - self._sent.get(identity, -SELDOM) >= SELDOM
        ]
        if lost:
            self._sent = {identity: at for identity, at in self._sent.items() if now - at < SELDOM}
            self._sent.update((identity, now) for identity in lost)
            sent = self._history.ask(lambda store: store.resending.send_again(lost))
            self._loop.when_done(sent, self._lost, self._failed)

    def _moved(self, again: UnansweredOrders) -> None:
        what, words = _orders(again.orders), _cancellations(again.commands)
        self._report(
            again,
            phrase("resender.this_is_another_rabbitmq_than_before", what=what, words=words),
        )

    def _lost(self, again: UnansweredOrders) -> None:
        orders = again.orders
        if orders == 1:
            words = phrase("resender.rabbitmq_has_lost_an_accepted_order")
        else:
            words = phrase("resender.rabbitmq_has_lost_accepted_orders_of", orders=orders)
        self._report(again, words)

    def _report(self, again: UnansweredOrders, words: Words) -> None:
        if again.orders or again.commands:
            self._failed(NotRoutable(words))
            self._leave()


def _orders(number: int) -> Words:
    return phrase("resender.1_order") if number == 1 else phrase("resender.orders", number=number)


def _cancellations(number: int) -> Words:
    return phrase("resender.1_cancellation") if number == 1 else phrase("resender.cancellations", number=number)
