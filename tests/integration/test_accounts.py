"""Every person with an own account at RabbitMQ: who may do what, and whom the warehouse believes."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import uuid4

import pika
import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import new_order
from messaging.errors import WrongMove
from messaging.history.records import OrderState
from messaging.ports import Phase
from tests.helpers.accounts import client_account, warehouse_account
from tests.helpers.admin import Admin
from tests.helpers.amqp import publish
from tests.helpers.services import Shop
from tests.helpers.stores import mark_replayed

ALICE, BOB = str(uuid4()), str(uuid4())
LINES = [("laptop", 1)]
ORDERS = topology.NEW_ORDERS.name


@pytest.fixture
def operated(tmp_path: Path, broker_url: str) -> Shop:
    """The operator's own; his warehouse has declared all there is to declare."""
    shop = Shop(tmp_path / "warehouse", broker_url, senders="vouched")
    with shop.warehouse() as (_, done):
        done.until(lambda t: t.is_ready)
    return shop


@pytest.fixture
def alice_url(operated: Shop, admin: Admin, broker_url: str) -> Iterator[str]:
    with client_account(admin, broker_url, ALICE) as url:
        yield url


@pytest.fixture
def warehouse(operated: Shop, admin: Admin, broker_url: str) -> Iterator[Shop]:
    with warehouse_account(admin, broker_url, f"warehouse-{uuid4().hex[:8]}") as url:
        yield Shop(operated.folder, url, senders="vouched")


def test_an_account_with_the_least_rights_orders_hears_and_cancels(
    warehouse: Shop, alice_url: str, tmp_path: Path
) -> None:
    alices = Shop(tmp_path / "alice", alice_url)
    alice = alices.profile(user_id=ALICE)
    order = new_order(ALICE, LINES)
    with warehouse.warehouse() as (_, done), alices.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        client.place(order).result(10)
        told.until(lambda t: [o.state for o in t.orders.values()] == [OrderState.PROCESSED])
        told.until(lambda t: t.levels["laptop"].free == 24)
        client.cancel(order.identity).result(10)
        told.until(lambda t: [o.state for o in t.orders.values()] == [OrderState.CANCELLED])
        for one in (told, done):
            assert not [state for state in one.states if state.phase in (Phase.REFUSED, Phase.WAITING)]
        with alices.listener(alice) as (_, heard):
            heard.until(lambda t: t.is_ready)
    assert warehouse.look(lambda store: store.set_aside.page()) == []


def test_where_senders_must_be_vouched_for_only_those_are_believed(
    warehouse: Shop, alice_url: str, broker_url: str
) -> None:
    good, unsigned, forged = new_order(ALICE, LINES), new_order(ALICE, LINES), new_order(BOB, LINES)
    cancel = codec.Cancel("c-1", good.order_id, ALICE, good.created_at, "")
    with warehouse.warehouse() as (_, done):
        done.until(lambda t: t.is_ready)
        publish(alice_url, ORDERS, "", [codec.encode(good)], user_id=ALICE)
        publish(alice_url, ORDERS, "", [codec.encode(unsigned)])
        publish(alice_url, ORDERS, "", [codec.encode(forged)], user_id=ALICE)
        publish(alice_url, ORDERS, topology.COMMAND_KEY, [codec.encode(cancel)])
        done.until(lambda t: len(t.done) == 4)
    assert [order.identity for order in warehouse.look(lambda store: store.orders.page())] == [good.identity]
    reasons = [kept.reason for kept in warehouse.look(lambda store: store.set_aside.page())]
    assert [("does not say who sent it" in reason) for reason in sorted(reasons)] == [False, True, True]
    assert "in the name of" in sorted(reasons)[0]


def test_what_nobody_vouched_for_is_not_sent_again_in_anothers_name(warehouse: Shop, alice_url: str) -> None:
    unsigned, good = new_order(BOB, LINES), new_order(ALICE, LINES)
    with warehouse.warehouse() as (desk, done):
        done.until(lambda t: t.is_ready)
        publish(alice_url, ORDERS, "", [codec.encode(unsigned)], headers={"order-desk-sender": BOB})
        done.until(lambda t: len(t.done) == 1)
        (kept,) = warehouse.look(lambda store: store.set_aside.page())
        with pytest.raises(WrongMove, match="Take it over in your own name"):
            desk.replay([kept.row]).result(10)
        warehouse.look(lambda store: mark_replayed(store, [kept.row]))
        publish(alice_url, ORDERS, "", [codec.encode(unsigned)], headers={"order-desk-replay": kept.row})
        publish(alice_url, ORDERS, "", [codec.encode(good)], user_id=ALICE)
        done.until(lambda t: len(t.done) == 3)
    assert [order.identity for order in warehouse.look(lambda store: store.orders.page())] == [good.identity]
    assert [one.row for one in warehouse.look(lambda store: store.set_aside.page())] == [kept.row]
    told = warehouse.look(lambda store: store.events.after(0)).notices
    assert [notice.user_id for notice in told] == [ALICE]


def test_where_anybody_may_send_a_program_without_an_account_of_its_own_is_served(operated: Shop) -> None:
    anybodys = Shop(operated.folder, operated.url)
    with anybodys.warehouse() as (_, done):
        done.until(lambda t: t.is_ready)
        publish(operated.url, ORDERS, "", [codec.encode(new_order(ALICE, LINES))])
        done.until(lambda t: len(t.done) == 1)
    assert operated.look(lambda store: store.set_aside.page()) == []


def test_what_the_operator_has_not_made_is_named(operated: Shop, alice_url: str, tmp_path: Path) -> None:
    with closing(pika.BlockingConnection(pika.URLParameters(operated.url))) as operator:
        operator.channel().exchange_delete(topology.INVENTORY.name)
    alices = Shop(tmp_path / "alice", alice_url)
    with alices.client(alices.profile(user_id=ALICE)) as (_, told):
        told.until(lambda t: any("doctor --fix" in state.reason for state in t.states))
        assert told.states[-1].phase is Phase.REFUSED  # it asks again in a minute, and no sooner


Deed = Callable[[Any], object]


def _bind(key: str) -> Deed:
    def deed(channel: Any) -> None:
        queue = channel.queue_declare("", exclusive=True).method.queue
        channel.queue_bind(queue, topology.NOTIFICATIONS.name, key)

    return deed


def _send(exchange: str, key: str = "", **properties: Any) -> Deed:
    def deed(channel: Any) -> None:
        channel.confirm_delivery()
        channel.basic_publish(exchange, key, b"{}", pika.BasicProperties(**properties))

    return deed


ALLOWED: dict[str, Deed] = {
    "hear of its own orders": _bind(topology.notices_of(ALICE)),
    "place an order": _send(ORDERS),
    "place one in its own name": _send(ORDERS, user_id=ALICE),
}
REFUSED: dict[str, Deed] = {
    **{f"bind {key}": _bind(key) for key in ("#", "client.#", "client.*.order.#", topology.notices_of(BOB))},
    "bind in the middle": _bind(f"*.{BOB}.order.#"),
    "forge a notice": _send(topology.NOTIFICATIONS.name, topology.notice_key(ALICE, "1")),
    "send as another": _send(ORDERS, user_id=BOB),
    "send past the exchange": _send("", topology.NEW_ORDERS_QUEUE.name),
    "take others' orders": lambda channel: channel.basic_get(topology.NEW_ORDERS_QUEUE.name),
    "empty the queue": lambda channel: channel.queue_purge(topology.NEW_ORDERS_QUEUE.name),
    "delete the queue": lambda channel: channel.queue_delete(topology.NEW_ORDERS_QUEUE.name),
    "copy all orders": lambda channel: channel.queue_bind(
        channel.queue_declare("", exclusive=True).method.queue, ORDERS, ""
    ),
    "read dead letters": lambda channel: channel.basic_get(topology.DEAD_LETTER_QUEUE.name),
    "make a queue of any name": lambda channel: channel.queue_declare("mine"),
    "make an exchange": lambda channel: channel.exchange_declare("mine"),
}


def test_an_account_may_do_this_and_nothing_else(alice_url: str) -> None:
    outcomes = {name: _refusal(alice_url, deed) for name, deed in (ALLOWED | REFUSED).items()}
    assert {name for name, refusal in outcomes.items() if not refusal} == ALLOWED.keys()
    assert {refusal for refusal in outcomes.values() if refusal} <= {403, 406}


def _refusal(url: str, deed: Deed) -> int:
    """The code with which RabbitMQ closed the channel; 0: it was allowed."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    try:
        deed(connection.channel())
    except pika.exceptions.ChannelClosed as error:
        return int(error.reply_code)
    finally:
        connection.close()
    return 0
