"""An accepted order is safe until it has an outcome: another RabbitMQ than before, an emptied queue."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote
from uuid import uuid4

import pika
import pytest

from messaging.bootstrap.rabbitmq_server import find_rabbitmq_server
from messaging.broker.node import member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.client import resender
from messaging.commands import main
from messaging.contract.topology import COMMANDS_QUEUE, NEW_ORDERS_QUEUE
from messaging.domain.orders import Order, new_order
from messaging.history import subscription
from messaging.history.records import OrderState
from messaging.history.store.history_store import HistoryStore
from messaging.runtime.profiles import Profile
from tests.helpers.admin import Admin
from tests.helpers.amqp import depth
from tests.helpers.services import Shop, Told
from tests.helpers.waiting import eventually


@pytest.fixture
def other_url(admin: Admin, broker_url: str) -> Iterator[str]:
    """Another broker: it has nothing of what the first one accepted."""
    name = f"other-{uuid4().hex[:12]}"
    admin.add_vhost(name)
    admin.permit(name, "operator", ".*", ".*", ".*")
    yield f"{broker_url.rpartition('/')[0]}/{quote(name, safe='')}"
    admin.delete_vhost(name)


def accepted(shop: Shop, alice: Profile, count: int = 3) -> list[Order]:
    """Placed and confirmed by RabbitMQ while no warehouse runs."""
    orders = [new_order(alice.user_id, [("laptop", 1)]) for _ in range(count)]
    with shop.client(alice) as (client, told):
        client.place_many([("", order) for order in orders]).result(10)
        told.until(is_each(orders, OrderState.ACCEPTED))
    return orders


def is_each(orders: list[Order], state: OrderState) -> Callable[[Told], bool]:
    return lambda told: all(o.identity in told.orders and told.orders[o.identity].state is state for o in orders)


def purge(url: str, queue: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    connection.channel().queue_purge(queue)
    connection.close()


@contextmanager
def opened(shop: Shop, alice: Profile) -> Iterator[HistoryStore]:
    store = HistoryStore(shop.settings.folder.history(alice.user_id), alice.user_id)
    try:
        yield store
    finally:
        store.close()


def said(told: Told, words: str) -> bool:
    return any(words in str(error) for error in told.errors)


def test_another_broker_gets_what_the_last_one_had_accepted_once(
    tmp_path: Path, broker_url: str, other_url: str
) -> None:
    shop, there = Shop(tmp_path, broker_url), Shop(tmp_path, other_url)
    alice = shop.profile()
    orders = accepted(shop, alice)
    with there.client(alice) as (_, told):
        told.until(is_each(orders, OrderState.ACCEPTED))
        assert said(told, "another RabbitMQ than before: 3 orders and 0 cancellations")
    with there.client(alice) as (_, told):
        told.until(lambda t: t.is_ready)
        with there.history(alice) as history:
            assert history.ask(lambda store: store.outbox.waiting()).result(10) == 0
        assert not told.errors
    assert depth(other_url, NEW_ORDERS_QUEUE.name) == 3
    with there.warehouse(), there.client(alice) as (_, told):
        told.until(is_each(orders, OrderState.PROCESSED))


def test_the_same_broker_gets_nothing_again(tmp_path: Path, broker_url: str) -> None:
    shop = Shop(tmp_path, broker_url)
    alice = shop.profile()
    orders = accepted(shop, alice)
    for _ in range(2):
        with shop.client(alice) as (client, told):
            marker = new_order(alice.user_id, [("mouse", 1)])
            client.place(marker).result(10)
            told.until(is_each([marker], OrderState.ACCEPTED))
            assert not told.errors
    assert depth(broker_url, NEW_ORDERS_QUEUE.name) == len(orders) + 2


def test_a_wish_to_cancel_goes_along(tmp_path: Path, broker_url: str, other_url: str) -> None:
    shop, there = Shop(tmp_path, broker_url), Shop(tmp_path, other_url)
    alice = shop.profile()
    (order,) = accepted(shop, alice, 1)
    with shop.client(alice) as (client, _):
        client.cancel(order.identity).result(10)
        assert depth(broker_url, COMMANDS_QUEUE.name, at_least=1) == 1
        with shop.history(alice) as history:
            eventually(lambda: history.ask(lambda store: store.outbox.waiting()).result(10) == 0)
    with there.warehouse(), there.client(alice) as (_, told):
        told.until(is_each([order], OrderState.CANCELLED))
        assert said(told, "1 order and 1 cancellation of which")


def test_a_history_of_before_sends_what_is_open_at_its_first_connection(
    tmp_path: Path, broker_url: str, other_url: str
) -> None:
    """RabbitMQ and Order Desk may have been changed at once: then nothing else would tell."""
    shop, there = Shop(tmp_path, broker_url), Shop(tmp_path, other_url)
    alice = shop.profile()
    orders = accepted(shop, alice)
    with opened(shop, alice) as store, store._file.writing():
        store._file.execute("DELETE FROM marks WHERE key = 'broker'")
    with there.warehouse(), there.client(alice) as (_, told):
        told.until(is_each(orders, OrderState.PROCESSED))


def test_a_wish_to_cancel_an_order_that_is_sent_again_is_no_end_by_itself(
    tmp_path: Path, broker_url: str, other_url: str
) -> None:
    """It has left before: only the warehouse can say what becomes of it."""
    shop = Shop(tmp_path, broker_url)
    alice = shop.profile()
    (order,) = accepted(shop, alice, 1)
    with opened(shop, alice) as store:
        assert store.resending.meet_broker("elsewhere").orders == 1
        assert store.outbox.place_cancel(order.identity).state is OrderState.UNKNOWN
        assert [owed.is_command for owed in store.outbox.owed(10)] == [False, True]
        assert store.resending.meet_broker("elsewhere") == (0, 0)
        assert store.resending.meet_broker("and elsewhere") == (0, 0), "it is owed already"


def test_an_emptied_queue_is_noticed(tmp_path: Path, broker_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resender, "LONG", 0.2)
    monkeypatch.setattr(subscription, "CONFIRM_EVERY", 0.1)
    shop = Shop(tmp_path, broker_url)
    alice = shop.profile()
    orders = accepted(shop, alice)
    purge(broker_url, NEW_ORDERS_QUEUE.name)
    with shop.client(alice) as (_, told), shop.warehouse():
        told.until(is_each(orders, OrderState.PROCESSED))
        assert said(told, "RabbitMQ has lost accepted orders: 3 of which nothing was heard")


def test_orders_that_wait_in_the_queue_are_not_sent_again(
    tmp_path: Path, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resender, "LONG", 0.0)
    monkeypatch.setattr(subscription, "CONFIRM_EVERY", 0.05)
    shop = Shop(tmp_path, broker_url)
    alice = shop.profile()
    with shop.warehouse() as (warehouse, _):
        warehouse.pause()
        orders = accepted(shop, alice)
        with shop.client(alice) as (_, told), shop.history(alice) as history:
            asked = history.ask(lambda store: store.version()).result(10)
            eventually(lambda: history.ask(lambda store: store.version()).result(10) >= asked)
            told.until(lambda t: t.is_ready)
            assert not told.errors
            warehouse.resume()
            told.until(is_each(orders, OrderState.PROCESSED))
            assert not told.errors


@pytest.mark.timeout(240)
def test_a_private_node_whose_data_went_is_another_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As when Debian changes the series of RabbitMQ: what was accepted stays in the old series' folder."""
    shop = Shop(tmp_path, "")
    alice = shop.profile()
    folder, server = NodeFolder(shop.settings.folder.broker), find_rabbitmq_server(os.environ)
    assert server is not None
    with PrivateNode(shop.settings.folder, shop.settings, grace=0.2) as shop.broker:
        shop.broker.wait_ready(120)
        orders = accepted(shop, alice)
    eventually(lambda: not member.is_supervised(folder), 60, "the end of the node")
    folder.data(server).rename(folder.root / "data-3.8")
    with PrivateNode(shop.settings.folder, shop.settings, grace=0.2) as shop.broker:
        shop.broker.wait_ready(120)
        with shop.warehouse(), shop.client(alice) as (_, told):
            told.until(is_each(orders, OrderState.PROCESSED))
            assert said(told, "3 orders and 0 cancellations")
        assert main(["doctor", "--data-dir", str(tmp_path)]) == 0
        assert "left data: data-3.8 holds what RabbitMQ 3.8" in capsys.readouterr().out
    eventually(lambda: not member.is_supervised(folder), 60, "the end of the node")
