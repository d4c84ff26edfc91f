"""Keeps a user's notices complete: subscribes first, then asks for what was missed; each once, in order."""

import logging
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial

import msgspec

from messaging.broker.connection import Connection
from messaging.broker.consumer import Consumer
from messaging.broker.delivery import Delivery
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.rpc_client import RpcClient
from messaging.contract import topology
from messaging.contract.codec import AskEvents, Events, read_events, read_notice
from messaging.domain.notices import Notice
from messaging.errors import BooksRefused, OrderDeskError, UnreadableMessage
from messaging.history.followed_books import FollowedBooks
from messaging.history.history import History
from messaging.history.listener_log import ListenerOrderLog
from messaging.history.store.history_store import HistoryStore
from messaging.phrases import phrase
from messaging.runtime.batcher import Batcher
from messaging.telemetry.metrics import Metrics

LOG = logging.getLogger(__name__)

PREFETCH = 1000
ASK_AGAIN = 5.0  # seconds, while no warehouse answers
CONFIRM_EVERY = 60.0  # seconds between two questions whether the live notices were all
POLL = 0.5  # seconds until two windows of one user agree
KEEP_AGAIN = 1.0  # seconds, while the history cannot be written


class Subscription:
    """Brings a user's notices into the history; in the loop's thread, but for the history's own.

    A notice is acknowledged once it is on disk. How far the history is complete (`caught_up_to`)
    moves only with answers of the warehouse: a live notice says nothing of those before it, and none
    says nothing at all: a binding may be gone, a cluster in two. So it is asked for now and then.
    """

    def __init__(
        self,
        loop: BrokerLoop,
        rpc_client: RpcClient,
        history: History,
        user_id: str | None,
        failed: Callable[[OrderDeskError], None],
        *,
        followed: FollowedBooks,
        metrics: Metrics,
        on_answer: Callable[[Events], None] = lambda _events: None,
    ) -> None:
        """`user_id` None: everybody's notices. `on_answer`: an answer with which this history lacks nothing, whoever
        of those that share the history has asked for it."""
        key = topology.NOTICES_OF_ALL if user_id is None else topology.notices_of(user_id)
        self.consumer = Consumer(
            self._delivered,
            PREFETCH,
            bindings=((topology.NOTIFICATIONS.name, key),),
            on_consuming=self.catch_up,
        )
        self._loop, self._rpc_client, self._history = loop, rpc_client, history
        self._user_id, self._failed, self._on_answer = user_id, failed, on_answer
        self._followed, self._leadership = followed, history.leadership
        self._connection: Connection | None = None
        self._listens = False
        self._steps = ListenerOrderLog(metrics)
        self._arrived = Batcher(
            loop, self._keep, self._kept, failed, retry_after=KEEP_AGAIN, begin_when=followed.when_known
        )
        self._catching_up = False
        self._once_more = False
        self._is_anew = False  # all is told from the beginning
        self._again: object | None = None

    def start(self) -> None:
        self._poll_history()
        self._confirm()

    def connected(self, connection: Connection) -> None:
        """The connection to consume on is ready: listen, or stand by while another with this history does."""
        self._connection = connection
        self._leadership.join(self)
        if self._leadership.leads(self):
            self._listen(connection)

    def disconnected(self) -> None:
        """Another may listen now: it begins with a question for what came meanwhile."""
        self._connection, self._listens = None, False
        self.consumer.detach()
        self._leadership.leave(self)

    def end(self) -> None:
        """After the loop."""
        self._leadership.leave(self)

    def lead(self) -> None:
        self._loop.post(self._take_over)

    def answered(self, events: Events) -> None:
        self._loop.post(partial(self._on_answer, events))

    def _take_over(self) -> None:
        if self._connection is not None and not self._listens and self._leadership.leads(self):
            self._followed.reload()
            self._listen(self._connection)

    def _listen(self, connection: Connection) -> None:
        self._listens = True
        connection.open_channel(partial(self.consumer.attach, connection))

    def _poll_history(self) -> None:
        """Show what other windows of this user have received."""
        self._history.poll()
        self._loop.later(POLL, self._poll_history)

    def _confirm(self) -> None:
        """Ask whether the live notices were all: after a restart only the last minute is asked for again."""
        self.catch_up()
        self._loop.later(CONFIRM_EVERY, self._confirm)

    def catch_up(self) -> None:
        """Ask for what came since the last time; when both the queue and the RPC client are ready.

        A question that is under way may have been answered before this queue was bound: then ask once more.
        """
        if self._catching_up:
            self._once_more = True
        if self._catching_up or not self._rpc_client.is_ready or not self.consumer.is_consuming:
            return
        self._catching_up, self._once_more = True, False
        self._followed.when_known(self._ask_on)

    def _ask_on(self) -> None:
        known = self._history.ask(lambda store: (store.books.caught_up_to(), store.version()))
        self._loop.when_done(known, partial(self._ask_after, self._followed.books), self._troubled)

    def _ask_after(self, books: str, known: tuple[int, int]) -> None:
        seq, version = known
        self._is_anew = self._is_anew or seq == 0
        self._rpc_client.ask(AskEvents(seq, self._user_id), partial(self._answered, seq, version, books))

    def _answered(self, seq: int, version: int, books: str, body: bytes | None) -> None:
        """`books`: those followed when it was asked, of whose events `seq` is one; `version` of the history then."""
        if body is None:
            self._ask_later()
            return
        try:
            events = read_events(body)
        except UnreadableMessage as error:
            self._troubled(error)
            return
        if books != self._followed.books:
            self._go_on(more=True)
            return
        if not self._followed.follows(events.books):
            self._answered_by_others(events)
            return
        if events.upto < seq:
            self._begin_again()
            return
        kept = self._history.apply(list(events.notices), missed=True, anew=self._is_anew)
        self._loop.when_done(kept, partial(self._caught_up, events, version), self._troubled)

    def _answered_by_others(self, events: Events) -> None:
        """Where they are the first, or have taken the place of those followed, ask for theirs from where they stand."""
        if self._followed.takes(events.books, events.replaces):
            self._go_on(more=True)
        else:
            self._ask_later()

    def _begin_again(self) -> None:
        """The warehouse has fewer events than we had heard of: its books are new, so ask for all of them."""
        reset = self._history.ask(lambda store: store.books.set_caught_up_to(0, backwards=True))
        self._loop.when_done(reset, self._ask_all, self._troubled)

    def _ask_all(self, _none: None) -> None:
        self._go_on(more=True)

    def _caught_up(self, events: Events, version: int, _none: None) -> None:
        self._steps.caught_up(events)
        marked = self._history.ask(lambda store: store.books.set_caught_up_to(events.upto, events.books))
        self._loop.when_done(marked, partial(self._compare, events, version), self._troubled)

    def _compare(self, events: Events, version: int, _none: None) -> None:
        """Orders may have moved by live notices that the books know nothing of: then all that they know is asked."""
        if events.more:
            self._go_on(more=True)
            return
        self._is_anew = False
        doubted = self._history.ask(lambda store: store.books.doubt(events.upto, version, events.books))
        self._loop.when_done(doubted, partial(self._complete, events), self._troubled)

    def _complete(self, events: Events, doubted: int) -> None:
        if doubted:
            self._failed(BooksRefused(phrase("subscription.somebody_tells_of_orders_what_the", doubted=doubted)))
            self._begin_again()
        else:
            self._on_answer(events)
            self._leadership.share(events, self)
            self._go_on(more=False)

    def _go_on(self, more: bool) -> None:
        self._catching_up = False
        if more or self._once_more:
            self.catch_up()

    def _troubled(self, error: OrderDeskError) -> None:
        self._failed(error)
        self._ask_later()

    def _ask_later(self) -> None:
        self._catching_up = False
        if self._again is None:
            self._again = self._loop.later(ASK_AGAIN, self._ask_now)

    def _ask_now(self) -> None:
        self._again = None
        self.catch_up()

    def _delivered(self, delivery: Delivery) -> None:
        try:
            delivery.check()
            notice = read_notice(delivery.body)
        except UnreadableMessage as error:
            LOG.warning("notice with key %r: %s", delivery.key, error)
            self._failed(error)
            self.consumer.ack(delivery.epoch, delivery.tag)
        else:
            self._arrived.add((delivery, notice))

    def _keep(self, batch: list[tuple[Delivery, Notice]]) -> Future[list[tuple[Delivery, Notice]]]:
        """The result is those that were written: the ones of the books followed."""
        ours = [one for one in batch if self._followed.takes_live(one[1].books)]
        if len(ours) < len(batch):
            self._ask_about_others()
        return self._history.ask(partial(self._apply, ours))

    def _apply(self, ours: list[tuple[Delivery, Notice]], store: HistoryStore) -> list[tuple[Delivery, Notice]]:
        """In the history's thread."""
        headers = [_headers(delivery) for delivery, _ in ours]
        self._history.apply_in_thread(store, [notice for _, notice in ours], False, headers, anew=False)
        return ours

    def _ask_about_others(self) -> None:
        """Have they taken the place of those followed? An answer says so, and then brings what was left out here."""
        if self._again is None:
            self._again = self._loop.later(ASK_AGAIN, self._ask_now)
            self.catch_up()

    def _kept(self, batch: list[tuple[Delivery, Notice]], ours: list[tuple[Delivery, Notice]]) -> None:
        self._steps.received(ours)
        last, _ = batch[-1]
        self.consumer.ack(last.epoch, last.tag, multiple=True)


def _headers(delivery: Delivery) -> str:
    """A message's routing key, properties and headers, as JSON."""
    properties = {"routing_key": delivery.key, "redelivered": delivery.redelivered, **delivery.properties}
    return msgspec.json.encode({**properties, "headers": delivery.headers}, enc_hook=str).decode()
