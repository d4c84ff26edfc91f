"""Sends a user's notices at a steady rate, a process of its own: `... flood URL USER SECONDS RATE`.

Goes on through a restart of RabbitMQ: what falls due while it is away is not sent. Prints how many were sent.
"""

import random
import sys
import time

import pika
import pika.exceptions
from pika.adapters.blocking_connection import BlockingChannel

from messaging.contract import codec, topology
from messaging.domain.orders import now
from tests.benchmarks.window.notices import a_notice

PORTION = 0.01  # seconds
PERSISTENT = pika.BasicProperties(delivery_mode=2, type="notice", content_type="application/json")


def flood(url: str, user: str, seconds: float, rate: float) -> int:
    chosen, sent, seq = random.Random(time.time()), 0, 10_000_000
    line: BlockingChannel | None = None
    began = time.monotonic()
    due = began
    while due < began + seconds:
        due += PORTION
        time.sleep(max(due - time.monotonic(), 0))
        try:
            line = line or _line(url)
            for _ in range(round(rate * PORTION)):
                notice = a_notice(chosen, user, seq, now())
                seq += 1
                key = topology.notice_key(notice.user_id, notice.order_id)
                line.basic_publish(topology.NOTIFICATIONS.name, key, codec.encode(notice), PERSISTENT)
                sent += 1
            line.connection.process_data_events(0)
        except (pika.exceptions.AMQPError, OSError):
            line = None
            time.sleep(0.2)
            due = max(due, time.monotonic())
    if line is not None:
        line.connection.close()
    return sent


def _line(url: str) -> BlockingChannel:
    parameters = pika.URLParameters(url)
    parameters.connection_attempts = 1
    parameters.socket_timeout = parameters.stack_timeout = 2
    return pika.BlockingConnection(parameters).channel()


if __name__ == "__main__":
    count = flood(sys.argv[1], sys.argv[2], float(sys.argv[3]), float(sys.argv[4]))
    sys.stdout.write(f"{count}\n")
