"""Messages that come again, in another order, or from a client that was killed at the worst moment."""

import random
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from messaging.contract import codec, topology
from messaging.contract.codec import encode
from messaging.domain.orders import OrderStatus, new_order
from messaging.history.records import OrderState
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.amqp import depth, publish
from tests.helpers.services import Shop


@pytest.fixture
def direct(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


@pytest.mark.parametrize("consumers", [1, 3])
def test_messages_that_come_up_to_three_times_and_shuffled_have_the_effects_of_one_each(
    direct: Shop, broker_url: str, consumers: int
) -> None:
    direct.settings = replace(direct.settings, consumers=consumers, batch=5)
    chance, alice = random.Random(20), direct.profile()
    orders = [new_order(alice.user_id, [("webcam", 1), ("laptop", chance.randint(0, 1) + 1)]) for _ in range(60)]
    bodies = [encode(order) for order in orders for _ in range(chance.randint(1, 3))]
    chance.shuffle(bodies)
    with direct.listener(alice) as (_, heard), direct.warehouse() as (_, done):
        heard.until(lambda t: t.is_ready)
        done.until(lambda t: t.is_ready)
        publish(broker_url, topology.NEW_ORDERS.name, "", bodies)
        heard.until(lambda t: len(t.notices) == 60)
        done.until(lambda t: len(t.done) == len(bodies))
    assert_each_once(direct, alice, orders)
    statuses = Counter(kept.notice.status for kept in heard.notices)
    levels = {level.name: level for level in direct.look(lambda store: store.stock.levels())}
    assert levels["webcam"].reserved == statuses[OrderStatus.PROCESSED]
    assert levels["laptop"].free in (0, 1)


@pytest.mark.parametrize("moment", ["before it publishes", "before the confirm"])
def test_a_client_killed_at_the_worst_moment_sends_at_the_next_start_and_it_is_one_order(
    direct: Shop, broker_url: str, moment: str
) -> None:
    alice = direct.profile()
    (order,) = some_orders(alice, 1)
    command = [sys.executable, "-m", "tests.helpers.killed_client", moment, str(direct.folder), broker_url]
    doomed = subprocess.run([*command, alice.user_id], input=encode(order), timeout=30, check=False)
    assert doomed.returncode == -signal.SIGKILL
    arrived = 0 if moment == "before it publishes" else 1
    with direct.client(alice) as (_, told):
        told.until(lambda t: [o.state for o in t.orders.values()] == [OrderState.ACCEPTED])
        assert depth(broker_url, topology.NEW_ORDERS_QUEUE.name, arrived + 1) == arrived + 1
        with direct.warehouse():
            told.until(lambda t: decided(t) == 1)
    assert_each_once(direct, alice, [order])


def test_a_hundred_unreadable_messages_among_a_thousand_orders_cost_the_orders_nothing(
    direct: Shop, broker_url: str
) -> None:
    chance, alice = random.Random(18), direct.profile()
    orders = [new_order(alice.user_id, [("wireless_mouse", 1)]) for _ in range(1000)]
    poison = [b"{", b"\xff\xfe", b"[]", b" " * (codec.MAX_BYTES + 1), b'{"order_id": NaN}']
    bodies = [encode(order) for order in orders] + [chance.choice(poison) + b" " * number for number in range(100)]
    chance.shuffle(bodies)
    with direct.warehouse() as (_, done):
        done.until(lambda t: t.is_ready)
        publish(broker_url, topology.NEW_ORDERS.name, "", bodies)
        done.until(lambda t: len(t.done) == 1100, 60)
    assert {order.identity for order in direct.look(lambda store: store.orders.page(limit=2000))} == {
        order.identity for order in orders
    }
    assert len(direct.look(lambda store: store.set_aside.page())) == 100
    assert direct.look(lambda store: store.audit()).gaps == ()
