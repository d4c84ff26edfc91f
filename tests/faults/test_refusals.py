"""RabbitMQ says no: to an order it cannot route or has no room for, to a password, to an account, to a right."""

from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from messaging.contract import topology
from messaging.errors import NotRoutable
from messaging.history.records import OrderState
from messaging.ports import Phase
from messaging.runtime.profiles import Profile
from tests.faults.test_lines import assert_each_once, decided, some_orders
from tests.helpers.accounts import NOBODY, client_account
from tests.helpers.admin import Admin
from tests.helpers.amqp import depth
from tests.helpers.services import Shop, Told
from tests.helpers.stores import newest_notices
from tests.helpers.waiting import eventually

ORDERS = topology.NEW_ORDERS_QUEUE.name
A_MINUTE = 48.0  # at least, with the chance in it


@pytest.fixture
def direct(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


@pytest.fixture
def declared(direct: Shop) -> Shop:
    with direct.warehouse() as (_, done):
        done.until(lambda t: t.is_ready)
    return direct


def is_refused(told: Told) -> bool:
    return bool(told.states) and told.states[-1].phase is Phase.REFUSED


def noticed(shop: Shop, profile: Profile) -> int:
    with shop.history(profile) as history:
        return len(history.ask(lambda store: newest_notices(store, limit=1000)).result())


def problems(told: Told) -> set[str]:
    return {order.problem for order in told.orders.values() if order.problem}


def test_orders_that_no_queue_takes_wait_with_the_reason_and_leave_when_there_is_one(
    direct: Shop, admin: Admin, vhost: str
) -> None:
    alice = direct.profile()
    orders = some_orders(alice, 30)
    with direct.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        admin.delete_queue(vhost, ORDERS)
        client.place_many([("", order) for order in orders]).result(10)
        told.until(lambda t: any("no queue bound" in problem for problem in problems(t)))
        assert not [order for order in told.orders.values() if order.state is OrderState.ACCEPTED]
        told.until(lambda t: any(isinstance(error, NotRoutable) for error in t.errors))
        with direct.warehouse():
            told.until(lambda t: decided(t) == 30)
    assert not problems(told)
    assert_each_once(direct, alice, orders)


def test_orders_that_a_full_queue_refuses_wait_with_the_reason_and_leave_when_there_is_room(
    declared: Shop, admin: Admin, vhost: str, broker_url: str
) -> None:
    full = topology.Policy("full", f"^{ORDERS}$", "queues", {"max-length": 5, "overflow": "reject-publish"}, priority=9)
    admin.set_policy(vhost, full)
    alice = declared.profile()
    orders = some_orders(alice, 60)
    with declared.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        client.place_many([("", order) for order in orders[:10]]).result(10)
        told.until(lambda t: sum(o.state is OrderState.ACCEPTED for o in t.orders.values()) >= 5)
        client.place_many([("", order) for order in orders[10:]]).result(10)  # a quorum queue may have taken a few more
        told.until(lambda t: problems(t) == {"RabbitMQ refused the order for now: its queue is full."})
        assert depth(broker_url, ORDERS) < 60
        with declared.warehouse():
            told.until(lambda t: decided(t) == 60)
    assert_each_once(declared, alice, orders)


def test_a_wrong_password_is_named_and_tried_again_no_sooner_than_in_a_minute(declared: Shop) -> None:
    alice = declared.profile()
    (order,) = some_orders(alice, 1)
    parts = urlsplit(declared.url)
    netloc = f"operator:hunter-7@{parts.netloc.rpartition('@')[2]}"
    wrong = Shop(declared.folder, parts._replace(netloc=netloc).geturl())
    with wrong.client(alice) as (client, told):
        told.until(is_refused)
        assert "refused the login of operator" in told.states[-1].reason
        assert "hunter-7" not in str(told.states)
        assert told.states[-1].retry_in > A_MINUTE
        client.place(order).result(10)
        told.until(lambda t: [o.state for o in t.orders.values()] == [OrderState.WAITING])
    with declared.warehouse(), declared.client(alice) as (_, told):
        told.until(lambda t: decided(t) == 1)
    assert_each_once(declared, alice, [order])


@pytest.mark.parametrize("loss", ["account", "rights"])
def test_who_loses_the_account_or_its_rights_at_work_is_told_and_loses_no_order(
    declared: Shop, admin: Admin, vhost: str, loss: str
) -> None:
    alice = declared.profile(user_id=str(uuid4()))
    orders = some_orders(alice, 40)
    with declared.warehouse() as (_, done), client_account(admin, declared.url, alice.user_id) as url:
        done.until(lambda t: t.is_ready)
        with Shop(declared.folder, url).client(alice) as (client, told):
            client.place_many([("", order) for order in orders[:20]]).result(10)
            told.until(lambda t: decided(t) == 20)
            if loss == "account":
                admin.delete_user(alice.user_id)
            else:
                admin.permit(vhost, alice.user_id, NOBODY, NOBODY, NOBODY)
            for number in range(20, 40):  # RabbitMQ asks a busy channel's rights again only after a while
                client.place(orders[number]).result(10)
            if loss == "rights":
                _close_connections(admin, alice.user_id)
            told.until(is_refused)
            assert told.states[-1].retry_in > A_MINUTE
        if loss == "account":
            admin.add_user(alice.user_id, "again")  # deleted once more at the end
    with declared.warehouse(), declared.client(alice):
        eventually(lambda: noticed(declared, alice) == 40)
    assert_each_once(declared, alice, orders)


def _close_connections(admin: Admin, user: str) -> None:
    def mine() -> list[str]:
        return [row["name"] for row in admin.connections() if row.get("user") == user]

    for name in eventually(mine):
        admin.close_connection(name, "rights have changed")
