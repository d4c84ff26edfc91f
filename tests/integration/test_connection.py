"""A connection's beginning and end."""

import gc
import threading
from functools import partial

import pytest

from messaging.broker.connection_pair import ConnectionPair
from messaging.broker.consumer import Consumer
from messaging.broker.delivery import Delivery
from messaging.broker.event_loop import BrokerLoop
from messaging.broker.external import ExternalBroker
from messaging.contract import topology
from messaging.runtime.settings import Settings
from tests.helpers.amqp import publish
from tests.helpers.services import in_thread


def test_stopping_at_any_moment_of_the_opening_ends_cleanly(broker_url: str) -> None:
    """Name, TCP, handshake, topology: wherever it stands, no error, no thread and no socket is left."""
    for moment in range(40):
        loop = BrokerLoop()
        links = ConnectionPair(loop, ExternalBroker((broker_url,)), Settings(), "early end")
        for direction in ("out", "in"):
            links.add(direction, lambda _connection: None, lambda: None)
        links.start(lambda _state: None)
        with in_thread(loop.run, loop.stop):
            threading.Event().wait(moment / 2000)  # not for something to happen: to end at another moment
        gc.collect()  # an open socket would warn, and warnings are errors


def test_a_bug_in_taking_a_delivery_ends_the_loop_and_is_no_lost_connection(broker_url: str) -> None:
    """pika would take it for one, and connect and fall again for ever."""
    ready = threading.Event()

    def fall(_delivery: Delivery) -> None:
        raise LookupError("a bug")

    loop = BrokerLoop()
    consumer = Consumer(fall, 1, queues=(topology.NEW_ORDERS_QUEUE.name,), on_consuming=ready.set)
    links = ConnectionPair(loop, ExternalBroker((broker_url,)), Settings(), "buggy")
    links.add("in", lambda c: c.open_channel(partial(consumer.attach, c)), consumer.detach)
    links.start(lambda _state: None)

    def serve() -> None:
        with in_thread(loop.run, loop.stop) as ended:
            assert ready.wait(20)
            publish(broker_url, topology.NEW_ORDERS.name, "", [b"{}"])
            assert ended.wait(20)

    with pytest.raises(LookupError, match="a bug"):
        serve()
    gc.collect()  # an open socket would warn
