"""Sets aside what RabbitMQ has dead-lettered, and replays messages that were set aside."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial

from messaging.broker.consumer import Consumer
from messaging.broker.delivery import Delivery
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.publisher import Publisher, Receipt
from messaging.contract import topology
from messaging.errors import BrokerUnavailable, NotRoutable, OrderDeskError
from messaging.phrases import phrase
from messaging.runtime.batcher import Batcher
from messaging.runtime.database_thread import DatabaseThread
from messaging.warehouse.inbound import replays
from messaging.warehouse.inbound.deliveries import incoming
from messaging.warehouse.records import SetAside
from messaging.warehouse.store.warehouse_store import WarehouseStore

PREFETCH = 200
POLL = 0.1  # seconds between two polls whether the connection is back
PATIENCE = 3.0  # seconds for which a replay waits for it

NO_ARRIVAL = (Receipt.REFUSED, Receipt.UNROUTABLE, Receipt.TOO_LARGE)
NOT_TAKEN = phrase("dead_letters.rabbitmq_did_not_take_it_it")
UNKNOWN = phrase("dead_letters.the_connection_to_rabbitmq_went_whether")
NOT_RUNNING = phrase("sending.the_warehouse_does_not_run_start")


class DeadLetters:
    """In the loop's thread, but for `replay`.

    A batch is acknowledged after the commit.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        books: DatabaseThread[WarehouseStore],
        publisher: Publisher,
        failed: Callable[[OrderDeskError], None],
        *,
        validated_only: bool,
        on_events: Callable[[], object],
    ) -> None:
        """`validated_only` as for the pipelines; `on_events` is called when there are new events."""
        self._validated_only, self._on_events = validated_only, on_events
        self.consumer = Consumer(self._delivered, PREFETCH, queues=(topology.DEAD_LETTER_QUEUE.name,))
        self._loop, self._books, self._publisher, self._failed = loop, books, publisher, failed
        self._arrived = Batcher(loop, self._collect, self._collected, failed)  # a failed batch goes back to its queue
        self._open: set[Future[list[SetAside]]] = set()

    def give_back(self) -> None:
        """Take no more, and give to others what is not acknowledged."""
        self.consumer.close()
        self.lost()

    def lost(self) -> None:
        self.consumer.detach()
        self._arrived.clear()

    def finish(self) -> None:
        """After the loop: nobody answers those who still wait."""
        for answer in self._open:
            answer.set_exception(BrokerUnavailable(UNKNOWN))
        self._open.clear()

    def replay(self, rows: Sequence[int]) -> Future[list[SetAside]]:
        """From any thread; done once RabbitMQ has them. Fails with WrongMove where it would be a loop, then none
        is sent; with NotRoutable or BrokerUnavailable where not all arrived."""
        answer: Future[list[SetAside]] = Future()
        if not self._loop.post(partial(self._replay, rows, answer, PATIENCE)):
            answer.set_exception(BrokerUnavailable(NOT_RUNNING))
        return answer

    def _replay(self, rows: Sequence[int], answer: Future[list[SetAside]], patience: float) -> None:
        self._open.add(answer)
        if not self._publisher.is_ready:
            if patience > 0:
                self._loop.later(POLL, partial(self._replay, rows, answer, patience - POLL))
            else:
                self._cannot(answer, BrokerUnavailable(phrase("dead_letters.rabbitmq_cannot_be_reached_now_nothing")))
            return
        begun = self._books.ask(lambda store: store.set_aside.begin_replay(rows, self._validated_only))
        self._loop.when_done(begun, partial(self._send, answer), partial(self._cannot, answer))

    def _send(self, answer: Future[list[SetAside]], messages: list[SetAside]) -> None:
        receipts: dict[int, Receipt] = {}

        def decided(row: int, receipt: Receipt) -> None:
            receipts[row] = receipt
            if len(receipts) == len(messages):
                self._sent(messages, receipts, answer)

        for one in messages:
            self._publisher.publish(replays.message(one), partial(decided, one.row))

    def _sent(self, messages: list[SetAside], receipts: dict[int, Receipt], answer: Future[list[SetAside]]) -> None:
        refused = not_taken(receipts)
        if refused:
            noted = self._books.ask(lambda store: store.set_aside.replay_refused(refused))
            self._loop.when_done(noted, partial(self._not_taken, answer), self._failed)
        elif Receipt.LOST in receipts.values():
            self._cannot(answer, BrokerUnavailable(UNKNOWN))
        else:
            self._open.discard(answer)
            answer.set_result(messages)

    def _not_taken(self, answer: Future[list[SetAside]], _none: None) -> None:
        self._cannot(answer, NotRoutable(NOT_TAKEN))

    def _cannot(self, answer: Future[list[SetAside]], error: OrderDeskError) -> None:
        self._open.discard(answer)
        answer.set_exception(error)

    def _delivered(self, delivery: Delivery) -> None:
        self._arrived.add(delivery)

    def _collect(self, batch: list[Delivery]) -> Future[int]:
        dead = [incoming(delivery, self._validated_only) for delivery in batch]
        return self._books.ask(lambda store: store.set_aside.collect(dead))

    def _collected(self, batch: list[Delivery], new: int) -> None:
        if new:
            self._on_events()
        last = batch[-1]
        self.consumer.ack(last.epoch, last.tag, multiple=True)


def not_taken(receipts: dict[int, Receipt]) -> list[int]:
    """Rows that did not arrive for sure; of lost ones it is not known."""
    return [row for row, receipt in receipts.items() if receipt in NO_ARRIVAL]
