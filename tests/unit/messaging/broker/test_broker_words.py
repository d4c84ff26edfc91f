"""What RabbitMQ says, in words for a user: texts that only a cluster says, as RabbitMQ 3.10 said them."""

import pytest
from pika.exceptions import ChannelClosedByBroker

from messaging.broker.error_messages import explain, is_for_good

NODE_DOWN = (
    "NOT_FOUND - home node 'rabbit@two' of durable queue 'new_orders_queue' in vhost '/' is down or inaccessible"
)


@pytest.mark.parametrize("may_declare", [True, False])
def test_a_classic_queue_whose_node_is_down_is_waited_for_whoever_asks(may_declare: bool) -> None:
    error = ChannelClosedByBroker(404, NODE_DOWN)
    said = explain(error, "amqp://localhost", may_declare=may_declare)
    assert "The node rabbit@two of the cluster, which alone holds new_orders_queue, is down" in said
    assert not is_for_good(error, may_declare=may_declare)


def test_a_queue_that_crashes_on_and_on_is_said_to_have_crashed() -> None:
    text = "NOT_FOUND - failed to perform operation on queue 'new_orders_queue' in vhost '/' due to timeout"
    said = explain(ChannelClosedByBroker(404, text), "amqp://localhost")
    assert "The queue new_orders_queue has crashed in RabbitMQ" in said
