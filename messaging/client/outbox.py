"""Publishes the messages that are owed to RabbitMQ, in order, until each is confirmed."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial

import uuid_utils.compat

from messaging.broker.event_loop import BrokerLoop
from messaging.broker.publisher import Headers, Outgoing, Publisher, Receipt
from messaging.client.client_log import ClientOrderLog
from messaging.contract import topology
from messaging.contract.codec import MessageType
from messaging.domain.orders import Order, order_id_in
from messaging.errors import NotRoutable, OrderDeskError
from messaging.history.history import History
from messaging.history.records import Owed, PlacedMany
from messaging.history.store.history_store import HistoryStore
from messaging.phrases import phrase
from messaging.runtime.batcher import Batcher
from messaging.telemetry import tracing

LEASE = 5.0  # seconds for which a window that took a message to send it keeps others of this user from it
REST = 2.0  # seconds before what RabbitMQ could not route is tried again

PROBLEMS = {
    Receipt.UNROUTABLE: phrase("outbox.rabbitmq_has_no_queue_bound_for"),
    Receipt.REFUSED: phrase("outbox.rabbitmq_refused_the_order_for_now"),
    Receipt.TOO_LARGE: phrase("outbox.rabbitmq_takes_no_message_as_large"),
}


class Outbox:
    """Claims what is owed, publishes it, writes down the receipts; in the loop's thread, but for `place`.

    Where the connection goes before the confirm, the order's fate is unknown: it is sent again with
    the same identity, which the warehouse takes as the same order.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        publisher: Publisher,
        history: History,
        failed: Callable[[OrderDeskError], None],
        steps: ClientOrderLog,
        *,
        user_id: str,
        moved: Callable[[], object] = lambda: None,
    ) -> None:
        """`moved` is called whenever messages have left, and when it is written down what became of them."""
        self._moved = moved
        self._loop, self._publisher, self._history, self._failed = loop, publisher, history, failed
        self._steps, self._user_id = steps, user_id
        self._owner = str(uuid_utils.compat.uuid7())
        self._claiming = False
        self._resting = False
        self._ending = False
        self._receipts = Batcher(loop, self._write_receipts, self._receipts_written, failed, retry_after=REST)

    def wake(self) -> None:
        """There may be something to send, and room to send it."""
        room = self._room
        if self._claiming or room == 0:
            return
        self._claiming = True
        claimed = self._history.ask(lambda store: store.outbox.claim(self._owner, room, LEASE))
        self._loop.when_done(claimed, partial(self._claimed, room), self._cannot_claim)

    def place(
        self, store: HistoryStore, orders: Sequence[tuple[str, Order]], totals: Sequence[int | None] | None
    ) -> PlacedMany:
        """Keep labelled orders, and send at once what there is room for; in the history's thread.

        It is claimed in the same commit. After a kill it is sent once the lease is over.
        """
        room = self._room
        many, new, owed = store.outbox.place(orders, totals, self._owner, room, LEASE)
        self._steps.placed(many, new)
        if not self._loop.post(partial(self._send, room, owed)):
            store.outbox.release(self._owner)
        return many

    @property
    def _room(self) -> int:
        """How many messages may be claimed now; from any thread."""
        return 0 if self._resting or self._ending else self._publisher.room

    @property
    def is_idle(self) -> bool:
        """No confirm is outstanding, and every receipt is written or being written."""
        return self._publisher.unconfirmed == 0 and self._receipts.waiting == 0

    def end(self) -> None:
        """Send no more: what was sent may be confirmed yet."""
        self._ending = True

    def hold(self) -> None:
        """Confirms may take longer than the lease: keep others of this user from what is on its way."""
        if self._publisher.unconfirmed:
            self._history.ask(lambda store: store.outbox.claim(self._owner, 0, LEASE))

    def release(self) -> None:
        """Let other windows of this user send at once what this one had taken."""
        self._history.ask(lambda store: store.outbox.release(self._owner))

    def _claimed(self, room: int, owed: list[Owed]) -> None:
        self._claiming = False
        self._send(room, owed)

    def _send(self, room: int, owed: list[Owed]) -> None:
        """`room`: how many could be claimed; where there were as many, more may be owed."""
        if self._ending:
            return  # it is given back by `release`
        self._steps.sent(owed)
        for message in owed:
            self._publisher.publish(_outgoing(message, self._user_id), partial(self._settled, message))
        if owed:
            self._moved()
        if len(owed) == room:
            self.wake()

    def _cannot_claim(self, error: OrderDeskError) -> None:
        self._claiming = False
        self._rest()
        self._failed(error)

    def _settled(self, message: Owed, receipt: Receipt) -> None:
        self._steps.answered(message, receipt)
        self._receipts.add((receipt, message.row))

    def _write_receipts(self, batch: list[tuple[Receipt, int]]) -> Future[None]:
        return self._history.ask(partial(self._mark, batch))

    def _mark(self, batch: list[tuple[Receipt, int]], store: HistoryStore) -> None:
        """In the history's thread."""
        rows_of: dict[Receipt, list[int]] = defaultdict(list)
        for receipt, row in batch:
            rows_of[receipt].append(row)
        for receipt, rows in rows_of.items():
            if receipt is Receipt.CONFIRMED:
                store.outbox.mark_accepted(rows)
            elif receipt is Receipt.LOST:
                store.outbox.mark_sent_unknown(rows)
            else:
                store.outbox.mark_returned(rows, PROBLEMS[receipt], again=receipt is not Receipt.TOO_LARGE)
        self._history.emit_changes(store)

    def _receipts_written(self, batch: list[tuple[Receipt, int]], _none: None) -> None:
        self._moved()
        for receipt in {receipt for receipt, _ in batch} & PROBLEMS.keys():
            self._failed(NotRoutable(PROBLEMS[receipt]))
            if receipt is not Receipt.TOO_LARGE:
                self._rest()
        self.wake()

    def _rest(self) -> None:
        if not self._resting:
            self._resting = True
            self._loop.later(REST, self._rested)

    def _rested(self) -> None:
        self._resting = False
        self.wake()


def _outgoing(owed: Owed, user_id: str) -> Outgoing:
    order_id = order_id_in(owed.identity)
    if owed.is_command:
        key, kind, message_id = topology.COMMAND_KEY, MessageType.COMMAND, f"cancel-{order_id}"
    else:
        key, kind, message_id = topology.ORDER_KEY, MessageType.ORDER, order_id
    headers: Headers = {tracing.HEADER: tracing.traceparent(tracing.trace_id_of(owed.identity), kind)}
    return Outgoing(topology.NEW_ORDERS.name, key, owed.body, kind, message_id, owed.identity, headers, sender=user_id)
