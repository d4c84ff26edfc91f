"""What ours is compared with, in a process each: `python -m tests.benchmarks.rivals WHICH WHAT URL COUNT LONGEST`.

`seed` is what the seed's text describes: in memory, nothing confirmed, each order acknowledged. `durable` is the
straightforward safe way: a transaction, a confirm and an acknowledgement for each order. `aiopika` places with up to
1,000 confirms in flight and keeps nothing on disk. Each prints the seconds it took, without start and connecting.
"""

import asyncio
import importlib
import json
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pika

from messaging.contract import topology
from tests.benchmarks.work import STOCK, bodies

PERSISTENT = pika.BasicProperties(delivery_mode=2)
TABLES = """
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = FULL;
    CREATE TABLE outbox (row INTEGER PRIMARY KEY, body BLOB, sent INTEGER DEFAULT 0);
    CREATE TABLE products (name TEXT PRIMARY KEY, free INTEGER CHECK (free >= 0));
    CREATE TABLE orders (identity TEXT PRIMARY KEY, status TEXT);
"""
Decide = Callable[[dict[str, Any]], str]


def place_seed(url: str, orders: list[bytes]) -> float:
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        began = time.perf_counter()
        for body in orders:
            channel.basic_publish(topology.NEW_ORDERS.name, "", body, PERSISTENT)
        return time.perf_counter() - began


def place_durable(url: str, orders: list[bytes]) -> float:
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection, _database() as database:
        channel = connection.channel()
        channel.confirm_delivery()
        began = time.perf_counter()
        for body in orders:
            with database:
                row = database.execute("INSERT INTO outbox (body) VALUES (?)", (body,)).lastrowid
            channel.basic_publish(topology.NEW_ORDERS.name, "", body, PERSISTENT, mandatory=True)
            with database:
                database.execute("UPDATE outbox SET sent = 1 WHERE row = ?", (row,))
        return time.perf_counter() - began


def place_aiopika(url: str, orders: list[bytes]) -> float:
    return asyncio.run(_place_aiopika(url, orders))


async def _place_aiopika(url: str, orders: list[bytes]) -> float:
    aio_pika: Any = importlib.import_module("aio_pika")  # only where it is installed

    connection = await aio_pika.connect(url)
    async with connection:
        channel = await connection.channel(publisher_confirms=True)
        exchange = await channel.get_exchange(topology.NEW_ORDERS.name)
        room = asyncio.Semaphore(1000)

        async def publish(body: bytes) -> None:
            async with room:
                message = aio_pika.Message(body, delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
                await exchange.publish(message, routing_key="", mandatory=True)

        began = time.perf_counter()
        await asyncio.gather(*map(publish, orders))
        return time.perf_counter() - began


def work_seed(url: str, count: int) -> float:
    free = dict(STOCK)

    def decide(order: dict[str, Any]) -> str:
        if any(free.get(line["name"], 0) < line["quantity"] for line in order["order"]):
            return "rejected"
        for line in order["order"]:
            free[line["name"]] -= line["quantity"]
        return "processed"

    return _work(url, count, decide, confirmed=False)


def work_durable(url: str, count: int) -> float:
    with _database() as database:
        return _work(url, count, lambda order: _decide_on_disk(database, order), confirmed=True)


def _decide_on_disk(database: sqlite3.Connection, order: dict[str, Any]) -> str:
    try:
        with database:
            database.execute("INSERT INTO orders VALUES (?, 'processed')", (str(order["order_id"]),))
            for line in order["order"]:
                database.execute("UPDATE products SET free = free - ? WHERE name = ?", (line["quantity"], line["name"]))
    except sqlite3.IntegrityError:
        return "rejected"
    return "processed"


def _work(url: str, count: int, decide: Decide, *, confirmed: bool) -> float:
    with closing(pika.BlockingConnection(pika.URLParameters(url))) as connection:
        channel = connection.channel()
        out = connection.channel()
        if confirmed:
            out.confirm_delivery()
        left = count

        def settle(_channel: Any, method: Any, _properties: Any, body: bytes) -> None:
            nonlocal left
            order = json.loads(body)
            order["status"] = decide(order)
            key = topology.notice_key(order["user_id"], order["order_id"])
            out.basic_publish(topology.NOTIFICATIONS.name, key, json.dumps(order).encode(), PERSISTENT)
            channel.basic_ack(method.delivery_tag)
            left -= 1
            if left == 0:
                channel.stop_consuming()

        began = time.perf_counter()
        channel.basic_consume(topology.NEW_ORDERS_QUEUE.name, settle)
        channel.start_consuming()
        return time.perf_counter() - began


class _database:  # used like a function
    def __enter__(self) -> sqlite3.Connection:
        self._folder = tempfile.TemporaryDirectory()
        self._connection = sqlite3.connect(Path(self._folder.name) / "durable.sqlite")
        self._connection.executescript(TABLES)
        with self._connection:
            self._connection.executemany("INSERT INTO products VALUES (?, ?)", STOCK.items())
        return self._connection

    def __exit__(self, *_error: object) -> None:
        self._connection.close()
        self._folder.cleanup()


def main(which: str, what: str, url: str, count: int, longest: int) -> None:
    if what == "place":
        place = {"seed": place_seed, "durable": place_durable, "aiopika": place_aiopika}[which]
        seconds = place(url, bodies(count, longest))
    else:
        work = {"seed": work_seed, "durable": work_durable}[which]
        seconds = work(url, count)
    sys.stdout.write(f"{seconds}\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5]))
