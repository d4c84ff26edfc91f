"""No order stays accepted without a word: whoever sent what was set aside hears of it, and of what comes of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from messaging.commands import main
from messaging.contract import codec, topology
from messaging.domain.orders import new_order
from messaging.history.records import OrderState
from messaging.runtime.profiles import Profiles
from messaging.warehouse.records import SetAsideState
from messaging.warehouse.store.changes.decide_batch import CONFLICT
from tests.helpers.admin import Admin
from tests.helpers.amqp import publish
from tests.helpers.services import Shop
from tests.helpers.stores import newest_orders
from tests.helpers.waiting import eventually

QUEUE = topology.NEW_ORDERS_QUEUE.name


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def declare(shop: Shop) -> None:
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)


def test_an_order_that_expired_is_told_and_processed_when_it_is_sent_again(
    shop: Shop, admin: Admin, vhost: str
) -> None:
    alice = shop.profile()
    order = new_order(alice.user_id, [("laptop", 1)])
    declare(shop)
    keys: dict[str, Any] = {"message-ttl": 0, "dead-letter-exchange": topology.DEAD_LETTERS.name}
    admin.set_policy(vhost, topology.Policy("ttl", f"^{QUEUE}$", "queues", keys, priority=9))
    with shop.client(alice) as (client, told):
        client.place(order).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.ACCEPTED)
        admin.set_policy(vhost, topology.Policy("ttl", "^no queue$", "queues", keys))
        with shop.warehouse() as (desk, _):
            told.until(lambda t: t.orders[order.identity].state is OrderState.REJECTED)
            assert told.orders[order.identity].reason == f"It ran out of time in {QUEUE}."
            (kept,) = shop.look(lambda store: store.set_aside.page())
            desk.replay([kept.row]).result(10)
            told.until(lambda t: t.orders[order.identity].state is OrderState.PROCESSED)
            eventually(lambda: shop.look(lambda store: store.set_aside.page(SetAsideState.SETTLED)))
    assert shop.look(lambda store: store.audit()).balanced


def test_a_conflict_is_told_by_the_waiting_command(
    shop: Shop, broker_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Alice's history was lost, and the label is used for something else."""
    alice = Profiles(shop.settings.folder).named("Alice")
    first, second = shop.folder / "1.csv", shop.folder / "2.csv"
    first.write_text("order,name,quantity\ntill-1,laptop,1\n")
    second.write_text("order,name,quantity\ntill-1,laptop,2\n")
    where = ["--wait", "--user", "Alice", "--broker", broker_url, "--data-dir", str(shop.folder)]
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        assert main(["place", "--file", str(first), *where]) == 0
        shop.settings.folder.history(alice.user_id).unlink()
        main(["place", "--file", str(second), *where])
    with shop.history(alice) as history:
        (order,) = history.ask(newest_orders).result()
    assert (order.state, order.reason) == (OrderState.REJECTED, CONFLICT)
    capsys.readouterr()


def test_a_program_of_the_original_contract_hears_a_usual_refusal(shop: Shop, broker_url: str) -> None:
    body = {"order_id": 1, "user_id": 7, "order": [{"name": "laptop", "quantity": 0}], "created_at": "t"}
    with shop.warehouse() as (_, told), shop.listener(shop.profile(user_id="7")) as (_, heard):
        told.until(lambda t: t.is_ready)
        heard.until(lambda t: t.is_ready)
        publish(broker_url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [json.dumps(body).encode()])
        heard.until(lambda t: len(t.notices) == 1)
    sent = json.loads(codec.encode(heard.notices[0].notice))
    assert {name: sent[name] for name in ("order_id", "user_id", "created_at", "status", "order")} == {
        "order_id": 1,
        "user_id": 7,
        "created_at": "t",
        "status": "rejected",
        "order": [{"name": "laptop", "quantity": 0}],
    }
