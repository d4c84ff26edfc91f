"""What RabbitMQ itself may do to the desks: freeze, sound an alarm, delete a queue, close a channel."""

from pathlib import Path

import pytest

from messaging.contract import topology
from messaging.domain.orders import new_order
from messaging.history import subscription
from messaging.history.records import OrderState
from messaging.ports import Phase
from tests.faults.conftest import HEARTBEAT, Victim, detection
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.admin import Admin
from tests.helpers.amqp import delete_exchange, depth
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually


def test_a_frozen_broker_is_said_to_be_frozen_and_nothing_is_lost(
    tmp_path: Path, victim: Victim, victim_url: str
) -> None:
    shop = Shop(tmp_path, victim_url, heartbeat=HEARTBEAT, retry_most=1.0)
    alice = shop.profile()
    orders = some_orders(alice, 60)
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        done.until(lambda t: t.is_ready)
        client.place_many([("", order) for order in orders[:30]]).result(10)
        victim.freeze()
        try:
            client.place_many([("", order) for order in orders[30:]]).result(10)
            told.until(lambda t: t.states[-1].phase is Phase.WAITING, detection(HEARTBEAT))
            assert "frozen" in told.states[-1].reason
        finally:
            victim.thaw()
        told.until(lambda t: decided(t) == 60, 40)
    assert_each_once(shop, alice, orders)


def test_a_memory_alarm_is_shown_as_blocked_and_everything_goes_on_when_it_ends(
    tmp_path: Path, victim: Victim, victim_url: str
) -> None:
    shop = Shop(tmp_path, victim_url)
    alice = shop.profile()
    orders = some_orders(alice, 40)
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        client.place_many([("", order) for order in orders[:20]]).result(10)
        told.until(lambda t: decided(t) == 20)
        victim.starve()
        try:
            client.place_many([("", order) for order in orders[20:]]).result(10)
            told.until(lambda t: t.states[-1].phase is Phase.BLOCKED, 10)
            assert "takes no messages for now" in told.states[-1].reason
            assert {order.state for order in told.orders.values()} >= {OrderState.WAITING, OrderState.PROCESSED}
        finally:
            victim.feed()
        told.until(lambda t: decided(t) == 40, 40)
        assert told.is_ready
        assert not [state for state in told.states if state.phase is Phase.WAITING]  # it is no lost line
    assert_each_once(shop, alice, orders)


def test_a_memory_alarm_does_not_stop_a_warehouse_from_emptying_the_queue(
    tmp_path: Path, victim: Victim, victim_url: str
) -> None:
    """It may be the orders that fill the memory."""
    shop = Shop(tmp_path, victim_url)
    alice = shop.profile()
    orders = some_orders(alice, 500)
    with shop.client(alice) as (client, told):
        client.place_many([("", order) for order in orders]).result(10)
        told.until(lambda t: sum(order.state is OrderState.ACCEPTED for order in t.orders.values()) == 500)
    victim.starve()
    try:
        with shop.warehouse() as (_, done):
            done.until(lambda t: len(t.done) == 500, 60)
            assert done.states[-1].phase is Phase.BLOCKED
            eventually(lambda: depth(victim_url, topology.NEW_ORDERS_QUEUE.name) == 0, 20, "an empty queue")
            victim.feed()
            eventually(lambda: not shop.look(lambda store: store.events.unpublished(1)), 30, "the notices to leave")
    finally:
        victim.feed()
    with shop.warehouse() as (_, done), shop.client(alice) as (_, told):
        done.until(lambda t: t.is_ready)
        told.until(lambda t: decided(t) == 500)
    assert len(done.done) == 0  # all had been acknowledged
    assert_each_once(shop, alice, orders)


def test_a_deleted_queue_is_named_made_again_and_served(shop: Shop, admin: Admin, vhost: str) -> None:
    alice = shop.profile()
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        first, second = some_orders(alice, 2)
        client.place(first).result(10)
        told.until(lambda t: decided(t) == 1)
        admin.delete_queue(vhost, topology.NEW_ORDERS_QUEUE.name)
        done.until(lambda t: any("queue was deleted" in state.reason for state in t.states))
        client.place(second).result(10)
        told.until(lambda t: decided(t) == 2, 20)
        assert done.is_ready
    assert_each_once(shop, alice, [first, second])


def test_notices_that_do_not_come_live_though_all_seems_well_are_asked_for(
    shop: Shop, broker_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody deletes the exchange, and with it the binding of a listener that is told nothing of it."""
    monkeypatch.setattr(subscription, "CONFIRM_EVERY", 0.5)
    alice = shop.profile()
    orders = some_orders(alice, 10)
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        told.until(lambda t: t.is_ready)
        delete_exchange(broker_url, topology.NOTIFICATIONS.name)
        client.place_many([("", order) for order in orders]).result(10)
        told.until(lambda t: decided(t) == 10)
        assert told.states[-1].phase is Phase.READY
    assert_each_once(shop, alice, orders)


def test_a_channel_error_costs_one_connection_and_no_order(shop: Shop) -> None:
    alice = shop.profile()
    orders = some_orders(alice, 20)
    with shop.warehouse() as (desk, done), shop.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        client.place_many([("", order) for order in orders[:10]]).result(10)
        told.until(lambda t: decided(t) == 10)
        consumer = desk._pipelines[0].consumer
        desk._loop.call(lambda: consumer.ack(consumer.epoch, 999_999)).result(10)  # an unknown tag: 406
        eventually(lambda: any("406" in state.reason for state in done.states), 10)
        client.place_many([("", order) for order in orders[10:]]).result(10)
        told.until(lambda t: decided(t) == 20, 30)
        assert [phase for state in done.states if (phase := state.phase) is Phase.REFUSED] == []
    assert_each_once(shop, alice, orders)


def test_a_backlog_that_counts_as_delivered_before_is_not_taken_one_by_one(shop: Shop) -> None:
    """So it is after a restart of RabbitMQ, and after a warehouse was killed."""
    alice = shop.profile()
    orders = [new_order(alice.user_id, [("wireless_mouse", 1)]) for _ in range(300)]
    with shop.client(alice) as (client, told):
        client.place_many([("", order) for order in orders]).result(10)
        told.until(lambda t: len(t.orders) == 300 and t.traffic.waiting == 0)
        with shop.warehouse() as (desk, done):
            done.until(lambda t: len(t.done) > 0)
            consumer = desk._pipelines[0].consumer
            eventually(lambda: consumer.limit == shop.settings.batch * 4, 10)
            told.until(lambda t: decided(t) == 300)
    assert_each_once(shop, alice, orders)
