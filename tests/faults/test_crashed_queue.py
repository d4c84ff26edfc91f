"""A queue that a message has brought down (RabbitMQ 3.10): the doctor says so, and the orders in it come back."""

from contextlib import closing, suppress
from pathlib import Path

import pika
from pika import exceptions

from messaging.broker.diagnostics.doctor import Finding, State, examine
from messaging.broker.diagnostics.findings import MEND
from messaging.broker.diagnostics.management_api import Admin
from messaging.contract import codec
from messaging.contract.topology import NEW_ORDERS, NEW_ORDERS_QUEUE
from messaging.domain.orders import new_order
from tests.faults.conftest import Victim
from tests.helpers.amqp import publish
from tests.helpers.desks import Shop
from tests.helpers.waiting import eventually

QUEUE = f"queue {NEW_ORDERS_QUEUE.name}"


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

    def look(*, fix: bool, may_restart: bool = True) -> Finding:
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
    assert [kept.body for kept in shop.look(lambda store: store.set_aside())] == [b"poison"]
    assert look(fix=False).state is State.OK
