"""What the warehouse publishes does not come back into its own queues, whatever a client's rights allow."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pika
import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import new_order
from messaging.domain.stock import StockLevel
from messaging.telemetry.metrics import Count, Metrics
from messaging.warehouse.relay import stock_messages
from messaging.warehouse.store.books_identity import NO_IDENTITY
from tests.helpers.accounts import client_account
from tests.helpers.admin import Admin
from tests.helpers.amqp import depth, publish
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

MALLORY = "mallory"


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    shop = Shop(tmp_path, broker_url)
    with shop.warehouse() as (_, done):
        done.until(lambda t: t.is_ready)
    return shop


@pytest.fixture
def mallory_url(shop: Shop, admin: Admin, broker_url: str) -> Iterator[str]:
    with client_account(admin, broker_url, MALLORY) as url:
        yield url


def sell(shop: Shop, broker_url: str, metrics: Metrics | None = None) -> None:
    """One good order, and its change of stock told."""
    with shop.warehouse(metrics) as (_, done):
        done.until(lambda t: t.is_ready)
        publish(broker_url, topology.NEW_ORDERS.name, "", [codec.encode(new_order(MALLORY, [("laptop", 1)]))])
        done.until(lambda t: len(t.done) >= 1 and t.levels["laptop"].reserved > 0)
        eventually(lambda: depth(broker_url, topology.NEW_ORDERS_QUEUE.name) == 0)


@pytest.mark.parametrize(
    "bound",
    [
        (topology.INVENTORY, topology.NEW_ORDERS, ""),
        (topology.INVENTORY, topology.QUESTIONS, "question"),
        (topology.INVENTORY, topology.NEW_ORDERS, "command"),
        (topology.NOTIFICATIONS, topology.NEW_ORDERS, f"client.{MALLORY}.order.#"),
    ],
    ids=lambda bound: f"{bound[0].name} to {bound[1].name} with {bound[2]}",
)
def test_exchanges_that_a_client_binds_bring_nothing_back(
    shop: Shop, mallory_url: str, broker_url: str, bound: tuple[topology.Exchange, topology.Exchange, str]
) -> None:
    source, destination, key = bound
    with closing(pika.BlockingConnection(pika.URLParameters(mallory_url))) as mallory:
        mallory.channel().exchange_bind(destination.name, source.name, key)
    metrics = Metrics()
    sell(shop, broker_url, metrics)
    assert metrics.snapshot().counts.get(Count.STRAYED, 0) == 0
    assert shop.look(lambda store: store.set_aside.page()) == []


def test_a_queue_that_dead_letters_stock_into_the_orders_makes_one_warning_and_no_row(
    shop: Shop, mallory_url: str, broker_url: str
) -> None:
    """RabbitMQ lets whoever may order name the orders' exchange as the one of his queue's dead letters."""
    metrics = Metrics()
    trick = {
        "x-dead-letter-exchange": topology.NEW_ORDERS.name,
        "x-dead-letter-routing-key": topology.ORDER_KEY,
        "x-message-ttl": 0,
    }
    with closing(pika.BlockingConnection(pika.URLParameters(mallory_url))) as mallory:
        channel = mallory.channel()
        queue = channel.queue_declare("", exclusive=True, arguments=trick).method.queue
        channel.queue_bind(queue, topology.INVENTORY.name)
        with shop.warehouse(metrics) as (desk, done):
            done.until(lambda t: t.is_ready)
            for _ in range(20):
                desk.publish_events()  # tells all stock
            eventually(lambda: metrics.snapshot().counts.get(Count.STRAYED, 0) >= 20)
            done.until(lambda t: len(t.errors) == 1 and "were dropped: " in str(t.errors[0]))
            publish(broker_url, topology.NEW_ORDERS.name, "", [codec.encode(new_order("alice", [("laptop", 1)]))])
            done.until(lambda t: len(t.done) == 1)
            assert len(done.errors) == 1
    assert shop.look(lambda store: store.set_aside.page()) == []


def test_stock_levels_have_a_key_of_their_own() -> None:
    (message,) = stock_messages([StockLevel("pen", 1, 5, 0)], full=False, books=NO_IDENTITY)
    assert message.key not in {binding.key for binding in topology.BINDINGS}
