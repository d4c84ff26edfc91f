"""A queue that a message has brought down (RabbitMQ 3.10): the doctor says so, and the orders in it come back."""

from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from urllib.parse import unquote

import pika
import pytest
from pika import exceptions

from messaging.broker.diagnostics.check_results import MEND
from messaging.broker.diagnostics.doctor import CheckResult, State, examine
from messaging.client import resender
from messaging.contract import codec
from messaging.contract.topology import NEW_ORDERS, NEW_ORDERS_QUEUE
from messaging.domain.orders import Order, new_order
from messaging.history import subscription
from messaging.history.records import OrderState
from tests.faults.conftest import Victim
from tests.helpers.admin import Admin
from tests.helpers.amqp import publish
from tests.helpers.services import Shop, Told
from tests.helpers.waiting import eventually

QUEUE = f"queue {NEW_ORDERS_QUEUE.name}"
GIVEN_UP = "reached_max_restart_intensity"  # in RabbitMQ's log: it does not start the queue again by itself


def refuse(url: str) -> str:
    """As a consumer that knows no better would; it says so where RabbitMQ survives that."""
    with suppress(exceptions.AMQPError), closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        method, _, body = channel.basic_get(NEW_ORDERS_QUEUE.name)
        if method is not None and method.delivery_tag:
            channel.basic_nack(method.delivery_tag, requeue=body != b"poison")
            return "" if body == b"poison" else "dead-lettered"
    return ""


def is_down(url: str) -> bool:
    """For good: after each of its first crashes RabbitMQ restarts it by itself, a moment later."""
    return all(_is_down_now(url) for _ in range(10))


def _is_down_now(url: str) -> bool:
    try:
        with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
            connection.channel().queue_declare(NEW_ORDERS_QUEUE.name, passive=True)
    except exceptions.AMQPError as error:
        return "crashed" in str(error)
    return False


def test_orders_behind_a_message_that_crashed_their_queue_are_served_after_the_doctor(
    victim: Victim, victim_url: str, tmp_path: Path
) -> None:
    management_url = victim.node.management_url()

    def look(*, fix: bool, may_restart: bool = True) -> CheckResult:
        restart = victim.node.restart if may_restart else None
        found = {one.name: one for one in examine(victim_url, management_url, fix=fix, restart=restart)}
        return found[QUEUE]

    look(fix=True)
    order = new_order("alice", [("laptop", 1)])
    publish(victim_url, NEW_ORDERS.name, "", [b"poison"], headers={"x-death": [None]})
    publish(victim_url, NEW_ORDERS.name, "", [codec.encode(order)])
    with Admin(management_url) as admin:
        if admin.version() >= (4, 0):
            assert eventually(lambda: refuse(victim_url), 30) == "dead-lettered"
            return
        eventually(lambda: refuse(victim_url) or is_down(victim_url), 60, "the crash of the queue")
    shop = Shop(tmp_path, victim_url, retry_most=0.5)
    with shop.warehouse() as (_, done):
        done.until(lambda t: any("has crashed" in state.reason for state in t.states))
        without = look(fix=True, may_restart=False)
        assert without.state is State.PROBLEM
        assert "systemctl restart" in without.repair
        before = look(fix=False)
        assert (before.state, before.repair) == (State.PROBLEM, MEND)
        assert look(fix=True).state is State.MENDED
        done.until(lambda t: any(one.order and one.order.identity == order.identity for one in t.done), 60)
        done.until(lambda t: t.is_ready)
    assert [kept.body for kept in shop.look(lambda store: store.set_aside.page())] == [b"poison"]
    assert look(fix=False).state is State.OK


def expiring(url: str, seconds: float) -> None:
    """RabbitMQ itself refuses it then, as soon as it is the queue's first."""
    properties = pika.BasicProperties(
        headers={"x-death": [None]}, expiration=f"{seconds * 1000:.0f}", delivery_mode=pika.DeliveryMode.Persistent
    )
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.basic_publish(NEW_ORDERS.name, "", b"poison", properties)


def has_come_to(order: Order, state: OrderState) -> Callable[[Told], bool]:
    return lambda told: order.identity in told.orders and told.orders[order.identity].state is state


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients see within seconds that RabbitMQ has lost what they sent."""
    monkeypatch.setattr(resender, "LONG", 0.1)
    monkeypatch.setattr(subscription, "CONFIRM_EVERY", 0.5)


def until_it_crashes(logs: Path, vhost: str) -> None:
    """The first in the queue has expired. RabbitMQ answers nothing about the queue for a minute then, and its
    management goes on saying that it runs where it had heard of it before: its log alone says it."""

    def reports() -> list[str]:
        return "".join(log.read_text(errors="replace") for log in logs.glob("*.log")).split("errorContext:")

    eventually(lambda: any(GIVEN_UP in one and vhost in one for one in reports()), 60, "the crash")


FIRST = pytest.param(0, id="the first", marks=[pytest.mark.long, pytest.mark.timeout(600)])


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("poisoned", [pytest.param(1, id="behind an order"), FIRST])
def test_a_queue_that_crashes_after_each_restart_is_made_anew_and_its_orders_come_again(
    victim: Victim, victim_url: str, tmp_path: Path, poisoned: int
) -> None:
    def look(*, fix: bool, may_restart: bool = True) -> dict[str, CheckResult]:
        restart = victim.node.restart if may_restart else None
        return {one.name: one for one in examine(victim_url, victim.node.management_url(), fix=fix, restart=restart)}

    look(fix=True)
    with Admin(victim.node.management_url()) as admin:
        is_doomed = admin.version() < (4, 0)
    shop = Shop(tmp_path, victim_url, retry_most=0.5)
    alice = shop.profile()
    orders = [new_order(alice.user_id, [("laptop", 1)]) for _ in range(3)]
    with shop.client(alice) as (client, told):
        for number, order in enumerate(orders[:2]):
            if number == poisoned:
                expiring(victim_url, 0.001 if number else 2.0)  # the first must be on disk before it expires
            client.place(order).result(10)
            told.until(has_come_to(order, OrderState.ACCEPTED))
        if is_doomed and not poisoned:
            until_it_crashes(victim.folder.logs, unquote(victim_url.rpartition("/")[2]))
        with shop.warehouse() as (_, served):
            if is_doomed:
                served.until(lambda t: any("has crashed" in state.reason for state in t.states), 120)
                by_hand = look(fix=True, may_restart=False)[QUEUE]
                assert by_hand.state is State.PROBLEM
                assert "rabbitmqctl delete_queue" in by_hand.repair
                mended = look(fix=True)[QUEUE]
                assert mended.state is State.MENDED
                assert "deleted and made anew" in mended.words
            client.place(orders[2]).result(10)
            for order in orders:
                told.until(has_come_to(order, OrderState.PROCESSED), 60)
            served.until(lambda t: t.is_ready)
    assert {one.identity for one in shop.look(lambda store: store.orders.page())} == {one.identity for one in orders}
    assert look(fix=False)[QUEUE].state is State.OK
