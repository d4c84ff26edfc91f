"""A delivery as the books take it."""

from messaging.broker.delivery import Delivery
from messaging.warehouse.records import Incoming


def incoming(delivery: Delivery, validated_only: bool = False) -> Incoming:
    return Incoming(
        delivery.body,
        delivery.queue,
        delivery.headers,
        delivery.properties,
        delivery.redelivered,
        validated_only,
        delivery.fault,
        delivery.raw_headers,
        delivery.length,
        delivery.digest,
    )
