"""Bare AMQP for tests: publish bytes, look at a queue's depth."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

import pika


def publish(
    url: str,
    exchange: str,
    key: str,
    bodies: Sequence[bytes],
    *,
    headers: Mapping[str, Any] | None = None,
    user_id: str | None = None,
) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    for body in bodies:
        channel.basic_publish(
            exchange,
            key,
            body,
            pika.BasicProperties(delivery_mode=2, headers=headers, user_id=user_id),
            mandatory=True,
        )
    connection.close()


def bound(url: str, exchange: str) -> str:
    """A new queue that gets a copy of all that this fanout exchange gets from now on; it goes with the vhost."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    queue = str(channel.queue_declare("witness").method.queue)
    channel.queue_bind(queue, exchange)
    connection.close()
    return queue


def delete_exchange(url: str, name: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    connection.channel().exchange_delete(name)
    connection.close()


def delete_queue(url: str, name: str) -> None:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    connection.channel().queue_delete(name)
    connection.close()


def depth(url: str, queue: str, at_least: int = 0, seconds: float = 10.0) -> int:
    """Messages ready in the queue, once there are `at_least` so many or the time is up."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    try:
        deadline = time.monotonic() + seconds
        while True:
            count = int(connection.channel().queue_declare(queue, passive=True).method.message_count)
            if count >= at_least or time.monotonic() > deadline:
                return count
            connection.sleep(0.05)
    finally:
        connection.close()
