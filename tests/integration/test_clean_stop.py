"""Who ends in an orderly way leaves nothing half done: no order comes a second time, in either direction."""

from pathlib import Path

import pytest

from messaging.domain.orders import new_order
from messaging.history.records import OrderState
from messaging.runtime.profiles import Profile
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.proxy import proxy_to
from tests.helpers.services import Shop
from tests.helpers.stores import newest_orders


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url, batch=10)


def placed(shop: Shop, alice: Profile, count: int) -> list[OrderState]:
    with shop.history(alice) as history:
        return [order.state for order in history.ask(lambda store: newest_orders(store, count)).result()]


def test_a_warehouse_that_ends_in_the_middle_leaves_no_order_that_comes_twice(shop: Shop) -> None:
    alice = shop.profile()
    orders = some_orders(alice, 400)
    with shop.client(alice) as (client, told):
        client.place_many([("", order) for order in orders]).result(10)
        told.until(lambda t: sum(order.state is OrderState.ACCEPTED for order in t.orders.values()) == len(orders))
    left = len(orders)
    while left:
        with shop.warehouse() as (_, done):
            done.until(lambda t: len(t.done) >= min(left, 60))  # noqa: B023  # it is asked at once
        assert not [one for one in done.done if one.repeated]
        left -= len(done.done)
    with shop.warehouse(), shop.client(alice) as (_, told):
        told.until(lambda t: decided(t) == len(orders))
    assert_each_once(shop, alice, orders)


def test_a_client_that_ends_while_it_sends_leaves_no_order_in_doubt(shop: Shop) -> None:
    alice = shop.profile()
    orders = some_orders(alice, 400)
    for start in range(0, 400, 100):
        with shop.client(alice) as (client, told):
            told.until(lambda t: t.is_ready)
            client.place_many([("", order) for order in orders[start : start + 100]]).result(10)
            told.until(lambda t: t.traffic.unconfirmed > 0 or t.traffic.waiting == 0)
        assert set(placed(shop, alice, 400)) <= {OrderState.WAITING, OrderState.ACCEPTED}


def test_an_end_does_not_wait_for_ever_for_a_rabbitmq_that_does_not_answer(shop: Shop, broker_url: str) -> None:
    alice = shop.profile()
    with proxy_to(broker_url) as proxy:
        shop = Shop(shop.folder, proxy.url)
        with shop.client(alice) as (client, told):
            told.until(lambda t: t.is_ready)
            proxy.hold(to_client=True)
            client.place(new_order(alice.user_id, [("laptop", 1)])).result(10)
            told.until(lambda t: t.traffic.unconfirmed == 1)
        assert placed(shop, alice, 1) == [OrderState.UNKNOWN]
