"""An order's trace and its steps, from the client through the warehouse to the listener, on a real RabbitMQ."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pika
import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import Order, OrderLine, new_order
from messaging.telemetry import logs, tracing
from messaging.telemetry.metrics import Count, Metrics, Timing
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

Headers = dict[str, object]

AT_THE_CLIENT = ["placed", "sent", "accepted"]
AT_THE_WAREHOUSE = ["received", "settled", "published"]
# At two desks, live or by asking; RabbitMQ delivers again what it handed out while the warehouse widened its intake.
VARYING = {Count.HEARD, Count.CAUGHT_UP, Count.REDELIVERED}


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


class Tap:
    """Queues of our own beside the product's: the headers of every order, command and notice."""

    def __init__(self, url: str) -> None:
        self._connection = pika.BlockingConnection(pika.URLParameters(url))
        self._channel = self._connection.channel()
        self._queue = self._channel.queue_declare("", exclusive=True).method.queue
        for exchange, key in (
            (topology.NEW_ORDERS, topology.ORDER_KEY),
            (topology.NEW_ORDERS, topology.COMMAND_KEY),
            (topology.NOTIFICATIONS, topology.NOTICES_OF_ALL),
        ):
            self._channel.exchange_declare(exchange.name, exchange.kind.value, durable=True)
            self._channel.queue_bind(self._queue, exchange.name, key)

    def next(self) -> tuple[str, Headers]:
        """The type of the next message, and its headers."""

        def get() -> tuple[str, Headers] | None:
            _, properties, _ = self._channel.basic_get(self._queue, auto_ack=True)
            return None if properties is None else (str(properties.type or ""), dict(properties.headers or {}))

        return eventually(get) or ("", {})

    def publish(self, order: Order, headers: dict[str, str]) -> None:
        self._channel.basic_publish(
            topology.NEW_ORDERS.name, topology.ORDER_KEY, codec.encode(order), pika.BasicProperties(headers=headers)
        )

    def close(self) -> None:
        self._connection.close()


@contextmanager
def tapped(url: str) -> Iterator[Tap]:
    tap = Tap(url)
    try:
        yield tap
    finally:
        tap.close()


def parts(headers: Headers) -> list[str]:
    return str(headers[tracing.HEADER]).split("-")


def test_the_notice_of_an_order_and_of_its_cancelling_are_in_the_orders_own_trace(shop: Shop, broker_url: str) -> None:
    alice = shop.profile()
    order = new_order(alice.user_id, [("laptop", 1)])
    with tapped(broker_url) as tap, shop.warehouse(), shop.client(alice) as (client, told):
        client.place(order).result(10)
        seen = [tap.next(), tap.next()]
        told.until(lambda t: order.identity in t.orders and bool(t.orders[order.identity].changed_at))
        client.cancel(order.identity).result(10)
        seen += [tap.next(), tap.next()]
    assert [kind for kind, _ in seen] == [
        codec.MessageType.ORDER,
        codec.MessageType.NOTICE,
        codec.MessageType.COMMAND,
        codec.MessageType.NOTICE,
    ]
    traces = [parts(headers) for _, headers in seen]
    assert {trace_id for _, trace_id, _, _ in traces} == {str(order.order_id).replace("-", "")}
    assert len({span_id for _, _, span_id, _ in traces}) == 4


def test_a_trace_that_another_program_began_is_continued(shop: Shop, broker_url: str) -> None:
    order = new_order("someone", [("laptop", 1)])
    theirs = "4bf92f3577b34da6a3ce929d0e0e4736"
    with tapped(broker_url) as tap, shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        tap.publish(order, {tracing.HEADER: f"00-{theirs}-00f067aa0ba902b7-01"})
        order_header, notice_header = tap.next()[1], tap.next()[1]
    assert parts(notice_header)[1] == theirs
    assert parts(notice_header)[2] != parts(order_header)[2]


def test_an_order_of_a_program_of_the_seed_gets_a_trace_that_follows_from_its_identity(
    shop: Shop, broker_url: str
) -> None:
    order = Order(1, 7, (OrderLine("laptop", 1),), "2026-11-22 20:00:00.123456")
    with tapped(broker_url) as tap, shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        tap.publish(order, {})
        assert tracing.HEADER not in tap.next()[1]
        assert parts(tap.next()[1])[1] == tracing.trace_id_of(order.identity)


def test_each_step_is_one_line_of_the_log_with_the_orders_trace(shop: Shop, tmp_path: Path) -> None:
    alice = shop.profile()
    order = new_order(alice.user_id, [("laptop", 1)])
    path = tmp_path / "steps.log"
    with (
        debugging(path),
        shop.warehouse(),
        shop.listener(alice) as (_, heard),
        shop.client(alice) as (client, told),
    ):
        heard.until(lambda t: t.is_ready)
        told.until(lambda t: t.is_ready)
        client.place(order).result(10)
        steps = eventually(lambda: lines(path, 8))
    assert {line["order"] for line in steps} == {order.identity}
    assert {line["user"] for line in steps} == {alice.user_id}
    assert {line["trace"] for line in steps} == {str(order.order_id).replace("-", "")}
    names = [str(line["step"]) for line in steps]
    assert sorted(names) == sorted([*AT_THE_CLIENT, *AT_THE_WAREHOUSE, "heard", "heard"])  # by client and listener
    assert [name for name in names if name in AT_THE_CLIENT] == AT_THE_CLIENT
    assert [name for name in names if name in AT_THE_WAREHOUSE] == AT_THE_WAREHOUSE
    assert next(line["status"] for line in steps if line["step"] == "settled") == "processed"
    timed = [line["ms"] for line in steps if line["step"] not in ("placed", "received")]
    assert all(isinstance(ms, float) and ms >= 0 for ms in timed)


@contextmanager
def debugging(path: Path) -> Iterator[None]:
    before = logging.getLogger().level
    with logs.start_logging(path, "DEBUG"):
        yield
    logging.getLogger().setLevel(before)


def lines(path: Path, at_least: int) -> list[dict[str, object]]:
    """Of the steps; those of the client's and the listener's first question may be among them."""
    found = [json.loads(line) for line in path.read_text("ascii").splitlines()]
    found = [line for line in found if line["logger"] == "order-desk.steps" and line["step"] != "caught up"]
    return found if len(found) >= at_least else []


def test_what_each_desk_counts_and_times_adds_up(shop: Shop) -> None:
    alice = shop.profile()
    metrics = Metrics()
    orders = [new_order(alice.user_id, [("laptop", 20)]), new_order(alice.user_id, [("laptop", 20)])]
    with (
        shop.warehouse(metrics) as (_, told),
        shop.listener(alice, metrics=metrics) as (_, heard),
        shop.client(alice, metrics=metrics) as (client, mine),
    ):
        heard.until(lambda t: t.is_ready)
        told.until(lambda t: t.is_ready)
        for order in [*orders, orders[0]]:
            client.place(order).result(10)
        mine.until(lambda t: len([o for o in t.orders.values() if o.changed_at]) == 2)
        heard.until(lambda t: len(t.notices) == 2)
        eventually(lambda: metrics.snapshot().counts[Count.PUBLISHED] == 2)
        eventually(lambda: metrics.snapshot().counts[Count.ACCEPTED] == 2)
    taken = metrics.snapshot()
    assert {count: number for count, number in taken.counts.items() if count not in VARYING} == {
        **dict.fromkeys(set(Count) - VARYING, 0),
        **dict.fromkeys((Count.PLACED, Count.SENT, Count.ACCEPTED, Count.RECEIVED, Count.PUBLISHED), 2),
        Count.PROCESSED: 1,
        Count.REFUSED: 1,
    }
    assert {timing: times.count for timing, times in taken.times.items()} == dict.fromkeys(Timing, 2)
    assert taken.unconfirmed == 0
