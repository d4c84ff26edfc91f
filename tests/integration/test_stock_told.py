"""What a warehouse tells of its stock when it begins, however slow its connection is."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from messaging.contract import topology
from messaging.contract.codec import Inventory, read_inventory
from tests.helpers.proxy import Proxy, proxy_to
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

SLOW = 0.1  # seconds for each piece: the books are read long before a channel is open


@pytest.fixture
def proxy(broker_url: str, node: object) -> Iterator[Proxy]:
    with proxy_to(broker_url) as proxy:
        yield proxy


@contextmanager
def stock_channel(folder: Path, url: str) -> Iterator[tuple[BlockingChannel, str]]:
    """With a queue that gets all that is told of the stock; a warehouse in `folder` has served here before."""
    with Shop(folder, url).warehouse() as (_, desk):
        desk.until(lambda t: t.is_ready)
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, topology.INVENTORY.name)
        yield channel, queue


def next_told(channel: BlockingChannel, queue: str) -> Inventory:
    return read_inventory(
        eventually(lambda: channel.basic_get(queue, auto_ack=True)[2] or b"", 30, "news of the stock")
    )


def laptops(told: Inventory) -> int:
    return next(level.on_hand for level in told.levels if level.name == "laptop")


def test_all_stock_is_told_once_there_is_a_channel(tmp_path: Path, broker_url: str, proxy: Proxy) -> None:
    shop = Shop(tmp_path, proxy.url)
    proxy.latency = SLOW
    with stock_channel(tmp_path, broker_url) as (channel, queue), shop.warehouse():
        told = next_told(channel, queue)
        assert (told.full, laptops(told)) == (True, 25)


def test_it_is_told_again_after_an_outage(tmp_path: Path, broker_url: str, proxy: Proxy) -> None:
    shop = Shop(tmp_path, proxy.url, retry_most=0.1)
    with stock_channel(tmp_path, broker_url) as (channel, queue), shop.warehouse() as (_, desk):
        desk.until(lambda t: t.is_ready)
        assert laptops(next_told(channel, queue)) == 25
        proxy.hold(to_server=True, to_client=True)
        shop.look(lambda store: store.stock.adjust("laptop", 1, "counted"))
        desk.until(lambda t: "laptop" in t.levels and t.levels["laptop"].on_hand == 26)
        channel.queue_purge(queue)
        proxy.latency = SLOW
        proxy.cut()
        proxy.release()
        told = eventually(lambda: next_told(channel, queue), 30)
        assert (told.full, laptops(told)) == (True, 26)


def test_who_takes_over_tells_it_in_the_name_of_the_books_that_are_served(
    tmp_path: Path, broker_url: str, proxy: Proxy
) -> None:
    other = Shop(tmp_path / "other", proxy.url)
    proxy.latency = SLOW
    with stock_channel(tmp_path / "first", broker_url) as (channel, queue), other.warehouse(take_over=True):
        told = next_told(channel, queue)
        mine = other.look(lambda store: store.identity())
        assert (told.full, told.books, told.replaces) == (True, mine.id, mine.replaces)
