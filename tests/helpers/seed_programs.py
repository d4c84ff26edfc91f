"""Programs written from the seed's text alone: plain pika, whole-number ids, the seed's fields only.

They know nothing of Order Desk. Run as `python seed_programs.py ROLE URL ...` in a process of their own:

    producer URL USER_ID ITEMS...     places one order (NAME=QUANTITY), prints it, declares as it needs
    warehouse URL COUNT ITEMS...      an in-memory warehouse that handles COUNT orders and ends
    consumer URL USER_ID COUNT        prints COUNT notifications of that user as JSON lines and ends
"""

import json
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pika


def connect(url: str) -> tuple[Any, Any]:
    connection = pika.BlockingConnection(pika.URLParameters(url))
    return connection, connection.channel()


def parse(items: list[str]) -> list[dict[str, Any]]:
    return [{"name": i.split("=")[0], "quantity": int(i.split("=")[1])} for i in items]


def producer(url: str, user_id: str, *items: str) -> None:
    connection, channel = connect(url)
    channel.exchange_declare(exchange="new_orders_exchange", exchange_type="direct", durable=True)
    order = {
        "order_id": 1,
        "user_id": int(user_id),
        "order": parse(list(items)),
        "created_at": str(datetime.now()),
        "status": "new_order",
    }
    channel.basic_publish(
        exchange="new_orders_exchange",
        routing_key="",
        body=json.dumps(order),
        properties=pika.BasicProperties(delivery_mode=2),
    )
    connection.close()
    print(json.dumps(order))


def warehouse(url: str, count: str, *items: str) -> None:
    stock = {i["name"]: i["quantity"] for i in parse(list(items))}
    connection, channel = connect(url)
    channel.exchange_declare(exchange="new_orders_exchange", exchange_type="direct", durable=True)
    channel.exchange_declare(exchange="notification_exchange", exchange_type="topic", durable=True)
    channel.queue_declare(queue="new_orders_queue", durable=True)
    channel.queue_bind(queue="new_orders_queue", exchange="new_orders_exchange", routing_key="")
    left = int(count)

    def callback(ch: Any, method: Any, properties: Any, body: bytes) -> None:
        nonlocal left
        order = json.loads(body)
        if all(stock.get(line["name"], 0) >= line["quantity"] for line in order["order"]):
            for line in order["order"]:
                stock[line["name"]] -= line["quantity"]
            ch.basic_ack(delivery_tag=method.delivery_tag)
            order["status"] = "processed"
            ch.basic_publish(
                exchange="notification_exchange",
                routing_key=f"client.{order['user_id']}.order.{order['order_id']}",
                body=json.dumps(order),
                properties=pika.BasicProperties(delivery_mode=2),
            )
        else:
            ch.basic_nack(delivery_tag=method.delivery_tag, requeue=False)
        left -= 1
        if left == 0:
            ch.stop_consuming()

    channel.basic_qos(prefetch_count=1)
    channel.basic_consume(queue="new_orders_queue", on_message_callback=callback)
    print("ready", flush=True)
    channel.start_consuming()
    connection.close()


def consumer(url: str, user_id: str, count: str) -> None:
    connection, channel = connect(url)
    channel.exchange_declare(exchange="notification_exchange", exchange_type="topic", durable=True)
    queue = channel.queue_declare(queue="", exclusive=True).method.queue
    channel.queue_bind(exchange="notification_exchange", queue=queue, routing_key=f"client.{user_id}.order.#")
    left = int(count)

    def callback(ch: Any, method: Any, properties: Any, body: bytes) -> None:
        nonlocal left
        order = json.loads(body)
        print(json.dumps({"key": method.routing_key, "status": order["status"], "order": order}), flush=True)
        ch.basic_ack(delivery_tag=method.delivery_tag)
        left -= 1
        if left == 0:
            ch.stop_consuming()

    channel.basic_consume(queue=queue, on_message_callback=callback)
    print("ready", flush=True)
    channel.start_consuming()
    connection.close()


if __name__ == "__main__":
    roles: dict[str, Callable[..., None]] = {"producer": producer, "warehouse": warehouse, "consumer": consumer}
    roles[sys.argv[1]](*sys.argv[2:])
