"""With accounts of their own, users are told of their own orders and of nobody else's."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pika
import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import Order, new_order
from messaging.warehouse.question_rights import permitted
from messaging.warehouse.records import Incoming
from tests.helpers.accounts import client_account, warehouse_account
from tests.helpers.admin import Admin
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

ALICE, BOB = str(uuid4()), str(uuid4())
EVERYBODYS = codec.AskEvents(0)


@pytest.fixture
def orders() -> list[Order]:
    return [new_order(ALICE, [("laptop", 1)]), new_order(BOB, [("laptop", 1)])]


@pytest.fixture(params=["vouched", "any"])
def shop(request: pytest.FixtureRequest, tmp_path: Path, broker_url: str, orders: list[Order]) -> Shop:
    shop = Shop(tmp_path / "books", broker_url, senders=request.param)
    queue = topology.NEW_ORDERS_QUEUE.name
    shop.look(lambda store: store.decide([Incoming(codec.encode(order), queue) for order in orders]))
    with shop.warehouse() as (_, told):  # it declares what there is to declare
        told.until(lambda t: t.is_ready)
    return shop


@pytest.fixture
def own_url(admin: Admin, shop: Shop) -> Iterator[str]:
    with warehouse_account(admin, shop.url, f"warehouse-{uuid4().hex[:8]}") as url:
        yield url


@pytest.fixture
def alice_url(admin: Admin, shop: Shop) -> Iterator[str]:
    with client_account(admin, shop.url, ALICE) as url:
        yield url


class Asking:
    """Questions by plain pika; `user_id`: the property."""

    def __init__(self, url: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(url))
        self._channel = self._connection.channel()
        self._channel.basic_consume(topology.DIRECT_REPLY_TO, self._came, auto_ack=True)
        self._answers: dict[str, bytes] = {}

    def _came(self, _channel: object, _method: object, properties: pika.BasicProperties, body: bytes) -> None:
        self._answers[properties.correlation_id or ""] = body

    def ask(self, question: codec.Question, user_id: str | None = None) -> codec.Events | None:
        """None: what was asked for last was answered and this was not."""
        for name, asked, sender in (("this", question, user_id), ("last", codec.AskEvents(1_000, ALICE), ALICE)):
            properties = pika.BasicProperties(reply_to=topology.DIRECT_REPLY_TO, correlation_id=name, user_id=sender)
            body = codec.encode(asked)
            self._channel.basic_publish(topology.QUESTIONS.name, topology.QUESTION_KEY, body, properties)
        eventually(self._has_last)
        answer = self._answers.pop("this", None)
        self._answers.clear()
        return None if answer is None else codec.read_events(answer)

    def _has_last(self) -> bool:
        self._connection.process_data_events(0.1)
        return "last" in self._answers

    def close(self) -> None:
        self._connection.close()


def told(events: codec.Events | None) -> set[str] | None:
    return None if events is None else {str(notice.user_id) for notice in events.notices}


@pytest.fixture
def alice(alice_url: str) -> Iterator[Asking]:
    asking = Asking(alice_url)
    yield asking
    asking.close()


def test_everybody_is_told_of_his_own_orders_alone(
    shop: Shop, own_url: str, alice: Asking, orders: list[Order]
) -> None:
    hers, his = orders
    everything = shop.settings.senders == "any"
    with Shop(shop.folder, own_url, senders=shop.settings.senders).warehouse() as (_, ready):
        ready.until(lambda t: t.is_ready)
        for sender in (ALICE, None):
            whose = {ALICE} if sender or everything else None
            assert told(alice.ask(codec.AskEvents(0, ALICE), sender)) == whose
            assert told(alice.ask(codec.AskOrder(hers.identity), sender)) == whose
            assert told(alice.ask(codec.AskOrder(str(hers.order_id)), sender)) == whose
            assert told(alice.ask(codec.AskEvents(0, BOB), sender)) == ({BOB} if everything else None)
            assert told(alice.ask(EVERYBODYS, sender)) == ({ALICE, BOB} if everything else None)
            assert told(alice.ask(codec.AskOrder(his.identity), sender)) == ({BOB} if everything else None)
            nothing: set[str] | None = set() if sender else None
            assert told(alice.ask(codec.AskOrder(str(his.order_id)), sender)) == ({BOB} if everything else nothing)
    assert shop.look(lambda store: store.set_aside.page()) == []


def test_a_listener_catches_up_and_the_warehouses_own_account_hears_everybody(
    shop: Shop, alice_url: str, orders: list[Order], tmp_path: Path
) -> None:
    hers, _ = orders
    alices = Shop(tmp_path / "alice", alice_url)
    with shop.warehouse() as (_, ready):
        ready.until(lambda t: t.is_ready)
        with alices.listener(alices.profile(user_id=ALICE)) as (_, heard):
            heard.until(lambda t: [kept.notice.identity for kept in t.notices] == [hers.identity])
        with shop.listener(shop.profile("everyone", "everyone"), everyone=True) as (_, heard):
            heard.until(lambda t: {str(kept.notice.user_id) for kept in t.notices} == {ALICE, BOB})


@pytest.mark.parametrize(
    ("question", "asker", "is_answered"),
    [
        (codec.AskCatalogue(), None, True),
        (EVERYBODYS, "None", False),
        (codec.AskEvents(0, 7), "7", True),
        (codec.AskEvents(0, 7), b"7", False),
        (codec.AskEvents(0, 7), "", False),
        (codec.AskOrder("7/1/then"), "7", True),
        (codec.AskOrder("7/1/then"), "71", False),
        (codec.AskOrder("x"), None, False),
        (EVERYBODYS, "own", True),
    ],
)
def test_who_may_ask_what(question: codec.Question, asker: object, is_answered: bool) -> None:
    assert (permitted(question, asker, "own") is not None) == is_answered
    assert permitted(codec.AskOrder("x"), "7", "own") == codec.AskOrder("7/x")
    assert permitted(EVERYBODYS, "", "") is None
