"""Nothing unreadable stops the warehouse or vanishes."""

import json
from pathlib import Path

import pytest

from messaging.contract import topology
from messaging.contract.codec import MAX_BYTES
from messaging.domain.orders import new_order
from tests.helpers.amqp import bound, depth, publish
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

RUBBISH = [
    b"",
    b"{",
    b"\xff\xfe\x00",
    b"[" * 40_000,
    b'{"order_id": true}',
    b"x" * 70_000,
    json.dumps({"order_id": 1, "user_id": 1, "order": [{"name": "laptop", "quantity": 0}], "created_at": "t"}).encode(),
    json.dumps(
        {"order_id": 1, "user_id": 1, "order": [{"name": "a\u202eb", "quantity": 1}], "created_at": "t"}
    ).encode(),
]


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def test_rubbish_is_kept_with_its_bytes_and_reason_and_good_orders_go_on(shop: Shop, broker_url: str) -> None:
    alice = shop.profile()
    with shop.warehouse() as (_, told), shop.client(alice) as (client, _):
        told.until(lambda t: t.is_ready)
        witness = bound(broker_url, topology.DEAD_LETTERS.name)
        publish(broker_url, topology.NEW_ORDERS.name, topology.ORDER_KEY, RUBBISH)
        client.place(new_order(alice.user_id, [("laptop", 1)])).result(10)
        told.until(lambda t: len(t.done) == len(RUBBISH) + 1)
        assert depth(broker_url, witness, at_least=len(RUBBISH)) == len(RUBBISH)
        eventually(lambda: depth(broker_url, topology.DEAD_LETTER_QUEUE.name) == 0)  # the warehouse has looked at them
        kept = shop.look(lambda store: store.set_aside.page())
        assert sorted(one.body for one in kept) == sorted(body[:MAX_BYTES] for body in RUBBISH)
        assert all(one.reason for one in kept)
    assert shop.look(lambda store: store.audit()).balanced


def test_a_newer_version_of_the_contract_is_set_aside(shop: Shop, broker_url: str) -> None:
    order = {"order_id": 1, "user_id": 1, "order": [{"name": "laptop", "quantity": 1}], "created_at": "t"}
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        publish(
            broker_url,
            topology.NEW_ORDERS.name,
            topology.ORDER_KEY,
            [json.dumps(order).encode()],
            headers={"order-desk-version": 2},
        )
        told.until(lambda t: len(t.done) == 1)
        assert "Version 2" in told.done[0].reason


def test_the_same_identity_with_other_content_is_a_conflict(shop: Shop, broker_url: str) -> None:
    bodies = [
        json.dumps(
            {"order_id": 1, "user_id": 1, "order": [{"name": "laptop", "quantity": n}], "created_at": "t"}
        ).encode()
        for n in (1, 2)
    ]
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        publish(broker_url, topology.NEW_ORDERS.name, topology.ORDER_KEY, bodies)
        told.until(lambda t: len(t.done) == 2)
    assert [one.body for one in shop.look(lambda store: store.set_aside.page())] == [bodies[1]]
    assert {x.name: x.reserved for x in shop.look(lambda store: store.stock.levels())}["laptop"] == 1
