"""What kind of queue holds the orders, on whichever RabbitMQ the tests run."""

from functools import partial

import pika
import pytest
from pika.adapters.blocking_connection import BlockingChannel

from messaging.broker.diagnostics.management_api import ROOT_VHOST
from messaging.broker.node.configuration import queue_type
from messaging.broker.node.private import PrivateNode
from messaging.contract import topology
from tests.helpers.admin import Admin
from tests.helpers.waiting import eventually

QUEUE = topology.NEW_ORDERS_QUEUE.name
OFTEN = 25  # RabbitMQ's own limit is 20 from 4.0 on


@pytest.mark.parametrize(
    ("series", "kind"),
    [("3.10", "classic"), ("3.12", "classic"), ("3.13", "quorum"), ("4.0", "quorum"), ("unknown", "classic")],
)
def test_from_3_13_on_it_is_a_quorum_queue(series: str, kind: str) -> None:
    assert queue_type(series) == kind


def test_the_private_node_has_it_so_and_takes_the_seeds_declaration(node: PrivateNode, admin: Admin) -> None:
    kind = "quorum" if admin.version() >= (3, 13) else "classic"
    assert admin.queue(ROOT_VHOST, QUEUE)["type"] == kind
    with pika.BlockingConnection(pika.URLParameters(node.wait_ready(1))) as connection:
        connection.channel().queue_declare(QUEUE, durable=True)


def test_a_listeners_queue_stays_exclusive_and_goes_with_it(broker_url: str, vhost: str, admin: Admin) -> None:
    with pika.BlockingConnection(pika.URLParameters(broker_url)) as connection:
        name = connection.channel().queue_declare("", exclusive=True, auto_delete=True).method.queue
        assert name.startswith("amq.gen-")
    eventually(lambda: name not in [queue["name"] for queue in admin.queues(vhost)], 10, "the end of its queue")


def test_an_order_given_back_often_is_not_set_aside(broker_url: str) -> None:
    """Each pause of a warehouse and each lost connection gives back what it had in hand."""
    with pika.BlockingConnection(pika.URLParameters(broker_url)) as connection:
        connection.channel().queue_declare(QUEUE, durable=True)
        connection.channel().basic_publish("", QUEUE, b"order", pika.BasicProperties(delivery_mode=2))
        for _ in range(OFTEN):
            channel = connection.channel()
            assert eventually(partial(_take, channel), 10, "the order") == b"order"
            channel.close()
        assert eventually(partial(_take, connection.channel()), 10, "the order again") == b"order"


def _take(channel: BlockingChannel) -> bytes | None:
    body: bytes | None = channel.basic_get(QUEUE)[2]
    return body
