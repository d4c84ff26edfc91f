"""A delivery as the books take it."""

from messaging.broker.delivery import Delivery
from messaging.warehouse.records import Incoming


def incoming(delivery: Delivery, vouched: bool = False) -> Incoming:
    return Incoming(
        delivery.body,
        delivery.queue,
        delivery.headers,
        delivery.properties,
        delivery.redelivered,
        vouched,
        delivery.fault,
        delivery.raw_headers,
        delivery.length,
        delivery.digest,
    )
