"""Whoever asks without end keeps no order waiting."""

from collections.abc import Sequence
from pathlib import Path
from threading import Event

import pika
import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import new_order
from messaging.history.records import OrderState
from messaging.warehouse.records import Decided, Incoming
from messaging.warehouse.store.events import EventsPart
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.amqp import depth
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

QUESTIONS = 12  # fewer than a warehouse takes at once: the client asks, too


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def ask(url: str, count: int) -> None:
    """Nobody listens to the answers."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    properties = pika.BasicProperties(reply_to="amq.gen-nobody", correlation_id="c")
    for _ in range(count):
        channel.basic_publish(
            topology.QUESTIONS.name, topology.QUESTION_KEY, codec.encode(codec.AskOrder("any")), properties
        )
    connection.close()


def test_an_order_is_decided_before_the_questions_that_came_before_it(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice, done, go_on = shop.profile(), list[str](), Event()
    look_up, decide = EventsPart.of_order, WarehouseStore.decide

    def slow(events: EventsPart, identity: str, most_bytes: int) -> codec.Events:
        assert done or go_on.wait(30)
        done.append("answer")
        return look_up(events, identity, most_bytes)

    def decided(store: WarehouseStore, came: Sequence[Incoming]) -> list[Decided]:
        done.append("order")
        return decide(store, came)

    monkeypatch.setattr(EventsPart, "of_order", slow)
    monkeypatch.setattr(WarehouseStore, "decide", decided)
    with shop.warehouse() as (_, told), shop.client(alice) as (client, heard):
        told.until(lambda t: t.is_ready)
        heard.until(lambda t: t.is_ready)
        ask(shop.url, QUESTIONS)
        eventually(lambda: depth(shop.url, topology.QUESTIONS_QUEUE.name) == 0)
        order = new_order(alice.user_id, [("laptop", 1)])
        client.place(order).result(10)
        heard.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.ACCEPTED)
        eventually(lambda: depth(shop.url, topology.NEW_ORDERS_QUEUE.name) == 0)
        go_on.set()
        heard.until(lambda t: t.orders[order.identity].state is OrderState.PROCESSED)
        eventually(lambda: len(done) == QUESTIONS + 1)
    assert done.index("order") < 3
