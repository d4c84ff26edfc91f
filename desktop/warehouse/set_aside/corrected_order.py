"""Publishes an order that was corrected in the form, over a connection and in a thread of its own."""

from concurrent.futures import Future
from functools import partial

from desktop.role.session import Session
from messaging.contract import topology
from messaging.contract.codec import MessageType, encode
from messaging.domain.orders import Order
from messaging.errors import NotRoutable, OrderDeskError
from messaging.phrases import phrase
from messaging.runtime.threads import run_in_thread


def send_order(session: Session, order: Order) -> "Future[None]":
    """Publish the order. The future is done once RabbitMQ has confirmed it, or fails with an OrderDeskError."""
    return run_in_thread(partial(_send, session, order), "corrected order")


def _send(session: Session, order: Order) -> None:
    from messaging.broker.one_shot_publisher import OneShotPublisher  # noqa: PLC0415  # loads pika, in this thread
    from messaging.broker.publisher import Outgoing, Receipt  # noqa: PLC0415

    message = Outgoing(
        topology.NEW_ORDERS.name,
        topology.ORDER_KEY,
        encode(order),
        MessageType.ORDER,
        message_id=str(order.order_id),
        correlation_id=order.identity,
        sender=str(order.user_id),
    )
    with OneShotPublisher(session.broker, session.settings, "corrected order") as publisher:
        (receipt,) = publisher.deliver([message])
    if receipt is Receipt.LOST:
        raise OrderDeskError(phrase("corrected.the_connection_to_rabbitmq_went_whether"))
    if receipt is not Receipt.CONFIRMED:
        raise NotRoutable(phrase("corrected.rabbitmq_did_not_take_the_order"))
