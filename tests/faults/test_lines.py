"""What networks do to the lines between desks and RabbitMQ: cut, half-open, confirms lost, slow."""

import random
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from messaging.broker import connection
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import Order, new_order
from messaging.history.records import OWED, OrderState
from messaging.ports import Phase
from messaging.runtime.profiles import Profile
from tests.faults.conftest import detection
from tests.helpers.amqp import depth
from tests.helpers.proxy import Proxy
from tests.helpers.services import Shop, Told
from tests.helpers.stores import newest_notices
from tests.helpers.waiting import eventually


def some_orders(profile: Profile, count: int) -> list[Order]:
    return [new_order(profile.user_id, [("mechanical_keyboard", 1)]) for _ in range(count)]


def decided(told: Told) -> int:
    return sum(order.state in (OrderState.PROCESSED, OrderState.REJECTED) for order in told.orders.values())


def has_decided(least: int, told: Told) -> bool:
    return decided(told) >= least


def assert_each_once(shop: Shop, profile: Profile, orders: list[Order]) -> None:
    """One outcome in the books, one notice in the history, for each order and no other."""
    wanted = {order.identity for order in orders}
    found = shop.look(lambda store: store.orders.page())
    assert {order.identity for order in found} == wanted
    assert len(found) == len(wanted)
    assert shop.look(lambda store: store.audit()).gaps == ()
    assert shop.look(lambda store: store.set_aside.page()) == []
    with shop.history(profile) as history:
        notices = history.ask(lambda store: newest_notices(store, limit=10_000)).result()
    assert sorted(kept.notice.identity for kept in notices) == sorted(wanted)


def test_lines_reset_in_the_middle_of_frames_lose_nothing_and_double_nothing(shop: Shop, proxy: Proxy) -> None:
    alice, chance = shop.profile(), random.Random(9)
    orders = some_orders(alice, 300)
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        done.until(lambda t: t.is_ready)
        for start in range(0, len(orders), 30):
            proxy.cut_after(chance.randint(1, 20_000))  # within orders, events, acknowledgements
            client.place_many([("", order) for order in orders[start : start + 30]]).result(10)
            told.until(partial(has_decided, start // 2))
            if chance.random() < 0.3:
                proxy.cut()
        told.until(lambda t: decided(t) == len(orders), 60)
        assert not [state for state in told.states + done.states if state.phase is Phase.REFUSED]
    assert_each_once(shop, alice, orders)


def test_half_open_lines_hold_the_window_are_noticed_and_make_the_orders_unknown(
    tmp_path: Path, proxy: Proxy, broker_url: str
) -> None:
    """RabbitMQ gets what is sent, but its confirms do not come back."""
    heartbeat = 2  # with 1 a busy machine may let RabbitMQ give the line up before anything is sent on it
    shop = Shop(tmp_path, proxy.url, heartbeat=heartbeat, retry_most=1.0, confirm_window=20)
    alice = shop.profile()
    first, *orders = some_orders(alice, 101)
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        client.place(first).result(10)  # so that the channels are open, too
        told.until(lambda t: decided(t) == 1)
        done.until(lambda t: t.is_ready)
        proxy.hold(to_client=True)
        client.place_many([("", order) for order in orders]).result(10)
        told.until(lambda t: (t.traffic.waiting, t.traffic.unconfirmed) == (100, 20))
        for desk in (told, done):
            desk.until(lambda t: t.states[-1].phase is Phase.WAITING, detection(heartbeat))
            assert any("did not answer any more" in state.reason for state in desk.states)
        told.until(lambda t: sum(o.state is OrderState.UNKNOWN for o in t.orders.values()) == 20)
        assert {told.orders[order.identity].state for order in orders} == OWED
        assert depth(broker_url, NEW_ORDERS_QUEUE.name, 20, detection(heartbeat)) == 20
        proxy.release()
        told.until(lambda t: decided(t) == 1 + len(orders))  # of the 20, what is not heard of first is sent again
    assert_each_once(shop, alice, [first, *orders])


def test_a_broker_that_takes_the_line_and_says_nothing_is_said_not_to_answer(
    shop: Shop, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one that is frozen when a desk comes: its system still takes connections."""
    monkeypatch.setattr(connection, "CONNECT_TIMEOUT", 1.0)
    proxy.hold(to_client=True)
    with shop.listener(shop.profile()) as (_, told):
        told.until(lambda t: any(state.phase is Phase.WAITING for state in t.states))
        said = next(state.reason for state in told.states if state.phase is Phase.WAITING)
        assert "does not answer: is it frozen or overloaded?" in said
        monkeypatch.undo()
        proxy.release()
        told.until(lambda t: t.is_ready)


def test_a_line_on_which_nothing_but_heartbeats_come_is_no_lost_line(tmp_path: Path, broker_url: str) -> None:
    shop = Shop(tmp_path, broker_url, heartbeat=2)
    with shop.warehouse() as (desk, done):
        done.until(lambda t: t.is_ready)
        line: Any = desk._in._pika
        # one a second comes, and pika looks first after heartbeat + 5 seconds
        eventually(lambda: not done.is_ready or line._heartbeat_checker._heartbeat_frames_received > 9)
        assert [state.phase for state in done.states if state.phase is Phase.WAITING] == []


def test_a_slow_line_is_no_lost_line(shop: Shop, proxy: Proxy) -> None:
    proxy.latency = 0.05
    alice = shop.profile()
    orders = some_orders(alice, 200)
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        done.until(lambda t: t.is_ready)
        client.place_many([("", order) for order in orders]).result(10)
        told.until(lambda t: decided(t) == 200)
        assert not [state for state in told.states + done.states if state.phase is Phase.WAITING]
    assert_each_once(shop, alice, orders)


def test_an_acknowledgement_of_an_old_line_is_never_sent_on_the_new_one(shop: Shop, proxy: Proxy) -> None:
    """Its tag would be unknown there: RabbitMQ would close the channel with 406."""
    alice = shop.profile()
    orders = some_orders(alice, 120)
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        for start in range(0, 120, 20):
            client.place_many([("", order) for order in orders[start : start + 20]]).result(10)
            proxy.cut()
            eventually(lambda: proxy.lines >= 4, 10)
        told.until(lambda t: decided(t) == 120, 60)
        assert not [state for state in done.states if ": 406 " in state.reason]
    assert_each_once(shop, alice, orders)
