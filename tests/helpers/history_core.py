"""A client's outbox and a listener's subscription over fakes, and a user's own history on disk."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from messaging.broker.publisher import Publisher
from messaging.broker.rpc_client import RpcClient
from messaging.client.client_log import ClientOrderLog
from messaging.client.outbox import Outbox
from messaging.contract import codec
from messaging.contract.codec import Events, read_question
from messaging.domain.notices import Notice
from messaging.domain.orders import Order, OrderStatus, new_order
from messaging.domain.stock import DecidedLine
from messaging.errors import OrderDeskError, StoreUnavailable
from messaging.history.followed_books import FollowedBooks
from messaging.history.records import OrderState, PlacedOrder
from messaging.history.subscription import Subscription
from messaging.phrases import Words
from messaging.telemetry.metrics import Metrics
from tests.helpers.fake_channel import FakeChannel, FakeOwner
from tests.helpers.fake_loop import FakeLoop
from tests.helpers.stepped_database import SteppedHistory
from tests.helpers.stores import newest_notices, place_orders

USER = "4b0d4a7e-7d3c-4b44-9d1b-0f6c6a4d8a11"
FULL_DISK = StoreUnavailable(Words("The disk is full."))
WINDOW = 3  # messages in flight


class HistoryCore:
    """What client and listener have in common: a loop, a history, and who is told of failures."""

    def __init__(self, folder: Path) -> None:
        self.loop = FakeLoop()
        self.metrics = Metrics()
        self.history = SteppedHistory(folder / "history.sqlite", USER)
        self.failures: list[OrderDeskError] = []

    def close(self) -> None:
        self.history.close()

    def place(self, number: int = 1, *, lines: int = 1) -> list[Order]:
        """Orders that are on disk and owed to RabbitMQ."""
        orders = [new_order(USER, [(f"product {n}", 1) for n in range(lines)]) for _ in range(number)]
        self.history.peek(lambda store: place_orders(store, [("", order) for order in orders]))
        return orders

    def state(self, order: Order) -> OrderState:
        return self._placed(order).state

    def problem(self, order: Order) -> str:
        return self._placed(order).problem

    def _placed(self, order: Order) -> PlacedOrder:
        (found,) = self.history.peek(lambda store: store.orders.named([order.identity]))
        return found


class ClientCore(HistoryCore):
    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.moves = 0
        self.publisher = Publisher(WINDOW)
        self.outbox = Outbox(
            self.loop,
            self.publisher,
            self.history,
            self.failures.append,
            ClientOrderLog(self.metrics, USER),
            user_id=USER,
            moved=self._moved,
        )
        self.channel = self.connect()

    def place_and_send(self, number: int = 1) -> list[Order]:
        """As a window does: what there is room for leaves as soon as the loop goes on."""
        orders = [new_order(USER, [("laptop", 1)]) for _ in range(number)]
        self.history.peek(lambda store: self.outbox.place(store, [("", order) for order in orders], None))
        return orders

    def connect(self) -> FakeChannel:
        self.channel = FakeChannel(USER)
        self.publisher.attach(self.channel)
        return self.channel

    def disconnect(self) -> None:
        self.channel.break_off()
        self.publisher.detach()
        self.loop.go_on()

    def wake(self) -> None:
        self.outbox.wake()
        self.loop.go_on()

    def confirm(self, *tags: int) -> None:
        for tag in tags:
            self.channel.confirm(tag)
        self.loop.go_on()

    def ids(self) -> list[str]:
        """Of the messages that left on the channel of now, in order."""
        return [one.properties.message_id for one in self.channel.published]

    def owed(self) -> int:
        return len(self.history.peek(lambda store: store.outbox.owed(100)))

    def _moved(self) -> None:
        self.moves += 1


class ListenerCore(HistoryCore):
    """`live`: its queue's channel; `questions`: where it asks the warehouse."""

    def __init__(self, folder: Path, user_id: str | None = USER) -> None:
        super().__init__(folder)
        self.complete: list[Events] = []
        self.rpc_client = RpcClient(self.loop)
        self.followed = FollowedBooks(self.loop, self.history, self.failures.append)
        self.subscription = Subscription(
            self.loop,
            self.rpc_client,
            self.history,
            user_id,
            self.failures.append,
            followed=self.followed,
            metrics=self.metrics,
            on_answer=self.complete.append,
        )
        self.live, self.questions = FakeChannel(), FakeChannel()

    def connect(self, *, live: bool = True, questions: bool = True) -> None:
        self.followed.connected("a broker")
        if questions:
            self.questions = FakeChannel(USER)
            self.rpc_client.attach(self.questions)
            self.questions.answer()
        if live:
            self.live = FakeChannel()
            self.subscription.consumer.attach(FakeOwner(), self.live)
            self.live.answer()
        self.loop.go_on()

    def deliver(self, *notices: Notice, **properties: Any) -> None:
        for notice in notices:
            self.live.deliver(codec.encode(notice), key="client.a.order.b", **properties)
        self.loop.go_on()

    def asked(self) -> list[int]:
        """After which event each question asks."""
        questions = [read_question(one.body) for one in self.questions.published]
        return [question.after for question in questions if isinstance(question, codec.AskEvents)]

    def answer(self, *notices: Notice, upto: int, more: bool = False, books: str = "", replaces: str = "") -> None:
        """The last question."""
        self.answer_with(codec.encode(Events(notices, upto, more, books=books, replaces=replaces)))

    def answer_with(self, body: bytes) -> None:
        question = self.questions.published[-1]
        self.questions.deliver(body, correlation_id=question.properties.correlation_id)
        self.loop.go_on()

    def kept(self) -> list[str]:
        """Event ids in the history, in the order of their arrival."""
        found = self.history.peek(lambda store: newest_notices(store, 1000))
        return [one.notice.event_id for one in sorted(found, key=lambda one: int(one.row))]

    def caught_up_to(self) -> int:
        return int(self.history.peek(lambda store: store.books.caught_up_to()))


def a_notice(seq: int | None, books: str = "", event_id: str = "") -> Notice:
    order = new_order(USER, [("laptop", 1)])
    return Notice(
        order.order_id,
        USER,
        (DecidedLine("laptop", 1, 1),),
        order.created_at,
        OrderStatus.PROCESSED,
        event_id=event_id or f"event-{seq}",
        seq=seq,
        occurred_at="2026-11-22T20:00:01.000+00:00",
        books=books,
    )


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ClientCore]:
    core = ClientCore(tmp_path)
    yield core
    core.close()


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[ListenerCore]:
    core = ListenerCore(tmp_path)
    yield core
    core.close()
