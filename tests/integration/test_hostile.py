"""A corpus of hostile headers: whatever comes with a message, its role goes on, and what it cannot take is kept."""

from base64 import b64decode
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from messaging.broker.frames.content import read_content
from messaging.contract import codec, topology
from messaging.domain.notices import Notice
from messaging.domain.orders import OrderStatus, new_order, new_order_id, now
from messaging.domain.stock import DecidedLine, StockLevel
from messaging.history.records import OrderState
from tests.helpers import hostile_headers as hostile
from tests.helpers.amqp import publish
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

SENT = [name for name, case in hostile.CASES.items() if not case.is_refused]
# What pika cannot decode, or what nobody should work with.
UNREADABLE = {
    name for name in SENT if name.startswith(("timestamp_1", "timestamp_9", "tables_", "arrays_", "12000_"))
} - {"timestamp_property_max"}
USER = "11111111-1111-4111-8111-111111111111"


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def an_order() -> bytes:
    return codec.encode(new_order(USER, [("laptop", 1)]))


def a_cancel() -> bytes:
    return codec.encode(codec.Cancel(new_order_id(), new_order_id(), USER, now()))


def a_question() -> bytes:
    return codec.encode(codec.AskOrder(new_order_id()))


def serves(shop: Shop) -> None:
    """A good order of somebody else is processed."""
    bob = shop.profile("bob")
    with shop.client(bob) as (client, told):
        order = new_order(bob.user_id, [("mechanical_keyboard", 1)])
        client.place(order).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.PROCESSED)


@pytest.mark.parametrize(
    ("queue", "exchange", "key", "body"),
    [
        (topology.NEW_ORDERS_QUEUE, topology.NEW_ORDERS, topology.ORDER_KEY, an_order),
        (topology.COMMANDS_QUEUE, topology.NEW_ORDERS, topology.COMMAND_KEY, a_cancel),
        (topology.QUESTIONS_QUEUE, topology.QUESTIONS, topology.QUESTION_KEY, a_question),
        (topology.DEAD_LETTER_QUEUE, topology.DEAD_LETTERS, "", an_order),
    ],
    ids=["orders", "commands", "questions", "dead letters"],
)
def test_each_case_is_taken_or_kept_and_the_warehouse_serves_on(
    shop: Shop, queue: topology.Queue, exchange: topology.Exchange, key: str, body: Callable[[], bytes]
) -> None:
    bodies = {name: body() for name in SENT}
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        hostile.send(shop.url, exchange.name, key, bodies)
        serves(shop)
        eventually(lambda: missing(shop, bodies) == set() or None, 20, "a row for each case")
        kept = {one.body: one for one in shop.look(lambda store: store.set_aside.page())}
    for name in UNREADABLE:
        one = kept[bodies[name]]
        assert one.queue == queue.name, name
        assert one.reason.startswith("Its headers cannot be read: "), name
        assert read_content(b64decode(str(one.properties["raw_headers"]))).fault, name  # 4.x puts them in its own order
    assert shop.look(lambda store: store.audit()).gaps == ()


def missing(shop: Shop, bodies: dict[str, bytes]) -> set[str]:
    kept = {one.body for one in shop.look(lambda store: store.set_aside.page())}
    return {name for name in UNREADABLE if bodies[name] not in kept}


def test_a_listener_names_what_it_cannot_read_and_hears_the_next_ones(shop: Shop) -> None:
    alice = shop.profile()
    notices = {name: a_notice(alice.user_id) for name in SENT}
    key = topology.notice_key(alice.user_id, new_order_id())
    with shop.listener(alice) as (_, told):
        told.until(lambda t: t.is_ready)
        hostile.send(shop.url, topology.NOTIFICATIONS.name, key, {n: codec.encode(one) for n, one in notices.items()})
        readable = {notices[name].event_id for name in set(SENT) - UNREADABLE}
        told.until(lambda t: {kept.notice.event_id for kept in t.notices} == readable)
        told.until(lambda t: len(t.errors) == len(UNREADABLE))
        assert {str(error)[:27] for error in told.errors} == {"Its headers cannot be read:"}


def a_notice(user_id: str) -> Notice:
    line = DecidedLine("laptop", 1, 1)
    return Notice(
        new_order_id(), user_id, (line,), now(), OrderStatus.PROCESSED, event_id=new_order_id(), occurred_at=now()
    )


def test_stock_levels_that_cannot_be_read_are_named_and_the_next_ones_shown(shop: Shop) -> None:
    body = codec.encode(codec.Inventory((StockLevel("odd", 1, 1),)))
    with shop.client(shop.profile()) as (_, told):
        told.until(lambda t: t.is_ready)
        hostile.send(shop.url, topology.INVENTORY.name, "", {"timestamp_10000000000000": body, "void": body})
        told.until(lambda t: "odd" in t.levels)
        told.until(lambda t: len(t.errors) == 1)


def test_an_order_whose_identity_is_longer_than_a_property_is_processed(shop: Shop) -> None:
    """A whole number as its id, and a time of 64 signs of four bytes each."""
    order = msgspec.structs.replace(new_order(USER, [("laptop", 1)]), order_id=1, created_at="\U0001f4a9" * 64)
    cancel = codec.Cancel(new_order_id(), 1, USER, order.created_at)
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        publish(shop.url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [codec.encode(order)])
        publish(shop.url, topology.NEW_ORDERS.name, topology.COMMAND_KEY, [codec.encode(cancel)])
        told.until(lambda t: [one.status for one in t.done] == [OrderStatus.PROCESSED, OrderStatus.CANCELLED])
        eventually(lambda: shop.look(lambda store: store.counts()).unpublished == 0)
        serves(shop)
