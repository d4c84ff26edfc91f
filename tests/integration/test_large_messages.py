"""Messages far above what anybody may send fill neither memory nor the books."""

import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import new_order
from tests.helpers.amqp import publish
from tests.helpers.services import Shop
from tests.helpers.stores import order_in_books
from tests.helpers.waiting import eventually

MIB = 1024 * 1024
LARGE, COUNT = 15 * MIB, 24  # 360 MiB: less than the queue's RabbitMQ may take here, more than a warehouse may
MOST = 200 * MIB


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


@pytest.fixture
def weighed(shop: Shop) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-m", "tests.helpers.measured_warehouse", str(shop.folder), shop.url]
    warehouse = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    yield warehouse
    warehouse.kill()
    warehouse.wait(30)
    for pipe in (warehouse.stdin, warehouse.stdout):
        if pipe is not None:
            pipe.close()


def test_a_backlog_of_large_messages_takes_little_memory(shop: Shop, weighed: "subprocess.Popen[str]") -> None:
    assert weighed.stdout is not None
    assert weighed.stdin is not None
    first = int(weighed.stdout.readline())
    bodies = [bytes([65 + n]) * LARGE for n in range(COUNT)]
    for queue, key in ((topology.NEW_ORDERS, topology.ORDER_KEY), (topology.QUESTIONS, topology.QUESTION_KEY)):
        publish(shop.url, queue.name, key, bodies[:: 1 if key == topology.ORDER_KEY else 6])
    order = new_order(shop.profile().user_id, [("laptop", 1)])
    publish(shop.url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [codec.encode(order)])
    eventually(lambda: shop.look(lambda store: order_in_books(store, order.identity)), 60)
    weighed.stdin.close()
    most = int(weighed.stdout.readline())
    assert most < MOST
    assert most - first < COUNT * LARGE / 4
    assert sum(path.stat().st_size for path in shop.folder.glob("warehouse*")) < 16 * MIB


def test_of_a_large_message_the_beginning_the_length_and_the_digest_are_kept(shop: Shop) -> None:
    body = b"{" * (codec.MAX_BYTES + 1)
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        publish(shop.url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [body, body[:-1]])
        told.until(lambda t: len(t.done) == 2)
    whole, cut = shop.look(lambda store: store.set_aside.page())
    assert (whole.body, cut.body) == (body[:-1], body[:-1])
    assert cut.reason == "This message has 65,537 bytes, more than 65,536."
    assert (cut.length, cut.digest) == (len(body), sha256(body).hexdigest())
    assert "length" not in whole.properties


def test_a_listener_names_a_large_notice_and_hears_the_next(shop: Shop) -> None:
    alice = shop.profile()
    with shop.listener(alice) as (_, heard), shop.warehouse() as (_, told):
        heard.until(lambda t: t.is_ready)
        told.until(lambda t: t.is_ready)
        key = topology.notice_key(alice.user_id, 1)
        publish(shop.url, topology.NOTIFICATIONS.name, key, [b"x" * 5 * MIB])
        body = codec.encode(new_order(alice.user_id, [("laptop", 1)]))
        publish(shop.url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [body])
        heard.until(lambda t: len(t.notices) == 1)
        assert [str(error) for error in heard.errors] == ["This message has 5,242,880 bytes, more than 65,536."]
