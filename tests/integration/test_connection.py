"""A connection's beginning and end."""

import gc
import threading

from messaging.broker.given import GivenBroker
from messaging.broker.ioloop import BrokerLoop
from messaging.broker.links import Links
from messaging.settings import Settings
from tests.helpers.desks import in_thread


def test_stopping_at_any_moment_of_the_opening_ends_cleanly(broker_url: str) -> None:
    """Name, TCP, handshake, topology: wherever it stands, no error, no thread and no socket is left."""
    for moment in range(40):
        loop = BrokerLoop()
        links = Links(loop, GivenBroker((broker_url,)), Settings(), "early end")
        for direction in ("out", "in"):
            links.add(direction, lambda _connection: None, lambda: None)
        links.start(lambda _state: None)
        with in_thread(loop.run, loop.stop):
            threading.Event().wait(moment / 2000)  # not for something to happen: to end at another moment
        gc.collect()  # an open socket would warn, and warnings are errors
