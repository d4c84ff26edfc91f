"""Several processes write into the same books: whoever serves brings the news to users and clients."""

from collections import Counter
from pathlib import Path

import msgspec
import pika
import pytest

from messaging.contract import topology
from messaging.domain.orders import new_order
from messaging.history.records import OrderState
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually


@pytest.fixture
def shop(tmp_path: Path, broker_url: str, store_url: str) -> Shop:
    return Shop(tmp_path, broker_url, database=store_url)


def test_what_another_process_writes_into_the_books_reaches_users_and_clients(shop: Shop) -> None:
    alice = shop.profile()
    order = new_order(alice.user_id, [("laptop", 2)])
    with shop.warehouse(), shop.client(alice) as (client, told):
        client.place(order).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.PROCESSED)
        shop.look(lambda store: (store.orders.ship([order.identity]), store.stock.restock("webcam", 7)))
        told.until(lambda t: t.orders[order.identity].state is OrderState.SHIPPED, 8)
        told.until(lambda t: t.levels["laptop"].on_hand == 23 and t.levels["webcam"].on_hand == 52, 8)
        shop.look(lambda store: store.stock.change_product("webcam", 4999, 5))
        told.until(lambda t: t.levels["webcam"].threshold == 5, 8)
        eventually(lambda: not shop.look(lambda store: store.events.unpublished(1)))


def test_two_warehouses_publish_an_event_once_each_at_most(shop: Shop, broker_url: str) -> None:
    alice = shop.profile()
    orders = [("", new_order(alice.user_id, [("webcam", 1)])) for _ in range(40)]
    connection = pika.BlockingConnection(pika.URLParameters(broker_url))
    channel = connection.channel()
    with shop.warehouse() as (_, one), shop.warehouse() as (_, two), shop.client(alice) as (client, told):
        one.until(lambda t: t.is_ready)
        two.until(lambda t: t.is_ready)
        listening = str(channel.queue_declare("", exclusive=True).method.queue)
        channel.queue_bind(listening, topology.NOTIFICATIONS.name, topology.NOTICES_OF_ALL)
        client.place_many(orders).result(10)
        told.until(lambda t: sum(o.state is OrderState.PROCESSED for o in t.orders.values()) == len(orders))
        shop.look(lambda store: store.orders.ship([order.identity for _, order in orders]))
        told.until(lambda t: sum(o.state is OrderState.SHIPPED for o in t.orders.values()) == len(orders))
    heard: Counter[str] = Counter()
    while (delivered := channel.basic_get(listening, auto_ack=True))[0] is not None:
        heard[msgspec.json.decode(delivered[2])["event_id"]] += 1
    connection.close()
    assert len(heard) == 2 * len(orders)
    assert max(heard.values()) <= 2
