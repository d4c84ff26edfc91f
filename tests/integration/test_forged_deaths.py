"""Headers that only RabbitMQ's dead-lettering should write, written by somebody else: nothing is brought down."""

from pathlib import Path
from typing import Any

import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import Order, OrderStatus, new_order, new_order_id
from messaging.warehouse.store.changes.decide_batch import UNTRUSTED
from tests.helpers.amqp import depth, publish
from tests.helpers.services import Shop
from tests.helpers.stores import mark_replayed
from tests.helpers.waiting import eventually

ALICE = "11111111-1111-4111-8111-111111111111"
WELL_FORMED = {
    "count": 1,
    "reason": "rejected",
    "queue": topology.NEW_ORDERS_QUEUE.name,
    "time": 1_700_000_000,
    "exchange": topology.NEW_ORDERS.name,
    "routing-keys": [""],
}
FORGED: dict[str, dict[str, Any]] = {
    "list of void": {"x-death": [None]},
    "number": {"x-death": 7},
    "text": {"x-death": "rejected"},
    "table": {"x-death": {"count": 1}},
    "empty list": {"x-death": []},
    "list of lists": {"x-death": [[None]]},
    "well formed": {"x-death": [WELL_FORMED]},
    "half formed": {"x-death": [{"queue": 5, "reason": None}]},
    "capital letters": {"X-Death": [None]},
    "first death": {"x-first-death-reason": [None], "x-first-death-queue": None},
    "last death": {"x-last-death-exchange": "", "x-last-death-reason": {"a": [None]}},
}


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def an_order(quantity: int = 1) -> Order:
    return new_order(ALICE, [("laptop", quantity)])


def send(broker_url: str, body: bytes, headers: dict[str, Any] | None = None, key: str = topology.ORDER_KEY) -> None:
    publish(broker_url, topology.NEW_ORDERS.name, key, [body], headers=headers)


@pytest.mark.parametrize("headers", FORGED.values(), ids=FORGED)
def test_a_forged_death_is_set_aside_and_the_next_order_is_taken(
    shop: Shop, broker_url: str, headers: dict[str, Any]
) -> None:
    short, good = an_order(100_000), an_order()
    cancel = codec.encode(codec.Cancel(new_order_id(), good.order_id, ALICE, good.created_at))
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        send(broker_url, codec.encode(an_order()), headers)
        send(broker_url, b"{", headers)
        send(broker_url, codec.encode(short), headers)
        send(broker_url, cancel, headers, topology.COMMAND_KEY)
        publish(broker_url, topology.QUESTIONS.name, topology.QUESTION_KEY, [b"?"], headers=headers)
        told.until(lambda t: len(t.done) == 4)
        send(broker_url, codec.encode(good))
        told.until(lambda t: OrderStatus.PROCESSED in [one.status for one in t.done])
        eventually(lambda: not any(depth(broker_url, queue.name) for queue in topology.QUEUES))
    kept = shop.look(lambda store: store.set_aside.page())
    assert sorted(one.reason == UNTRUSTED for one in kept) == [False, False, True, True, True]
    assert [one.identity for one in shop.look(lambda store: store.orders.page())] == [good.identity]
    assert shop.look(lambda store: store.audit()).balanced


def test_a_replay_with_a_forged_death_is_acknowledged_too(shop: Shop, broker_url: str) -> None:
    """Refused for want of stock, or taken: whoever knows the number and the bytes may add what he likes."""
    short = an_order(100_000)
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        send(broker_url, codec.encode(short), FORGED["list of void"])
        told.until(lambda t: len(t.done) == 1)
        (kept,) = shop.look(lambda store: store.set_aside.page())
        shop.look(lambda store: mark_replayed(store, [kept.row]))
        send(broker_url, codec.encode(short), {"x-death": [None], "order-desk-replay": kept.row})
        told.until(lambda t: [one.status for one in t.done] == [None, OrderStatus.REJECTED])
        send(broker_url, codec.encode(an_order()))
        told.until(lambda t: t.done[-1].status is OrderStatus.PROCESSED)


def test_what_is_sent_again_carries_no_death(shop: Shop, broker_url: str) -> None:
    order = an_order()
    forged = {"x-death": "a", "X-Last-Death-Queue": "b", "x-first-death-reason": 1, "x-mine": "c"}
    with shop.warehouse() as (desk, told):
        told.until(lambda t: t.is_ready)
        send(broker_url, codec.encode(order), forged)
        told.until(lambda t: len(t.done) == 1)
        (kept,) = shop.look(lambda store: store.set_aside.page())
        desk.replay([kept.row]).result(10)
        told.until(lambda t: t.done[-1].status is OrderStatus.PROCESSED)
    assert shop.look(lambda store: store.set_aside.page()) == []
