"""Dead letters: collected whoever refused them, looked at, sent again to their step, dropped and brought back."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pika
import pytest

from messaging.commands import main
from messaging.contract import codec, topology
from messaging.domain.orders import Order, OrderStatus, new_order
from messaging.errors import WrongMove
from messaging.warehouse.records import SetAsideState
from tests.helpers.amqp import depth, publish
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually

QUEUE = topology.NEW_ORDERS_QUEUE.name
DEAD = topology.DEAD_LETTER_QUEUE.name
ALICE = "11111111-1111-4111-8111-111111111111"
Command = Callable[..., tuple[int, Any, str]]


@pytest.fixture
def shop(tmp_path: Path, broker_url: str, store_url: str) -> Shop:
    return Shop(tmp_path, broker_url, database=store_url)


@pytest.fixture
def command(shop: Shop, broker_url: str, store_url: str, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(action: str, *words: object) -> tuple[int, Any, str]:
        """Exit code, what it printed as JSON, what it said on stderr."""
        where = ["--json", "--data-dir", str(shop.folder), "--database", store_url]
        where += ["--broker", broker_url] if action == "replay" else []
        code = main(["dead-letters", action, *map(str, words), *where])
        said = capsys.readouterr()
        return code, json.loads(said.out) if said.out else None, said.err

    return run


def send(broker_url: str, *bodies: bytes) -> None:
    publish(broker_url, topology.NEW_ORDERS.name, topology.ORDER_KEY, bodies)


def refuse_one(broker_url: str) -> None:
    """As a consumer that is not ours."""
    connection = pika.BlockingConnection(pika.URLParameters(broker_url))
    channel = connection.channel()
    method: Any = eventually(lambda: channel.basic_get(QUEUE)[0])
    channel.basic_nack(method.delivery_tag, requeue=False)
    connection.close()


def declare(shop: Shop) -> None:
    """A first warehouse declares the queues."""
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)


def refused_elsewhere(shop: Shop, broker_url: str) -> Order:
    """An order that another consumer refused, and that a warehouse has collected since."""
    declare(shop)
    order = new_order(ALICE, [("laptop", 1)])
    send(broker_url, codec.encode(order))
    refuse_one(broker_url)
    collect(shop, 1)
    return order


def collect(shop: Shop, count: int) -> None:
    """And they are acknowledged: a warehouse that ends before leaves them to the next one."""
    with shop.warehouse() as (desk, told):
        told.until(lambda t: t.is_ready)
        eventually(lambda: len(shop.look(lambda store: store.set_aside.page())) == count)
        eventually(lambda: desk._dead_letters._arrived.is_idle)


def test_what_another_consumer_refused_is_collected_with_its_bytes_and_place(
    shop: Shop, broker_url: str, command: Command
) -> None:
    order = refused_elsewhere(shop, broker_url)
    (kept,) = shop.look(lambda store: store.set_aside.page())
    assert (kept.body, kept.queue) == (codec.encode(order), QUEUE)
    assert kept.reason == f"Another consumer of {QUEUE} refused it."
    assert depth(broker_url, DEAD) == 0
    assert shop.look(lambda store: store.orders.page()) == []


def test_our_own_refusals_are_recognised_and_counted_once(shop: Shop, broker_url: str) -> None:
    rejected, rubbish = new_order(ALICE, [("laptop", 1000)]), b"{"
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        send(broker_url, codec.encode(rejected), rubbish)
        told.until(lambda t: len(t.done) == 2)
        send(broker_url, b"[")
        eventually(lambda: len(shop.look(lambda store: store.set_aside.page())) == 2)
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        eventually(lambda: depth(broker_url, DEAD) == 0)
    assert sorted(one.body for one in shop.look(lambda store: store.set_aside.page())) == [b"[", rubbish]
    assert len(shop.look(lambda store: store.orders.page())) == 1


def test_a_replay_goes_to_the_failed_step_alone_and_is_taken_once(
    shop: Shop, broker_url: str, command: Command
) -> None:
    order = refused_elsewhere(shop, broker_url)
    code, (listed,), _ = command("list")
    assert code == 0
    assert listed["text"].encode() == codec.encode(order)
    code, sent, err = command("replay", listed["row"])
    assert (code, err) == (0, "")
    assert [(one["state"], one["replays"]) for one in sent] == [("replayed", 1)]
    assert depth(broker_url, QUEUE) == 1
    assert depth(broker_url, topology.COMMANDS_QUEUE.name) == 0
    assert command("replay", listed["row"])[0] == 0  # as after a kill between marking and hearing of the confirm
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready and len(t.done) == 2)
        eventually(lambda: shop.look(lambda store: store.set_aside.page(SetAsideState.SETTLED)))
    assert [one.status for one in shop.look(lambda store: store.orders.page())] == [OrderStatus.PROCESSED]
    assert {x.name: x.reserved for x in shop.look(lambda store: store.stock.levels())}["laptop"] == 1
    assert command("list")[1] == []
    code, _, err = command("replay", listed["row"])
    assert (code, "is settled" in err) == (1, True)


def test_a_replay_that_another_consumer_refuses_again_comes_back_to_its_place(
    shop: Shop, broker_url: str, command: Command
) -> None:
    refused_elsewhere(shop, broker_url)
    row = command("list")[1][0]["row"]
    for count in (1, 2):
        assert command("replay", row)[0] == 0
        refuse_one(broker_url)
        collect(shop, 1)
        (back,) = command("list")[1]
        assert (back["row"], back["state"], back["replays"]) == (row, "kept", count)


def test_a_replay_that_could_only_come_back_is_refused_with_words(
    shop: Shop, broker_url: str, command: Command
) -> None:
    one, other = new_order(ALICE, [("laptop", 1)]), new_order(ALICE, [("laptop", 2)])
    conflict = codec.encode(other).replace(str(other.order_id).encode(), str(one.order_id).encode())
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        send(broker_url, codec.encode(one), b"{", conflict)
        told.until(lambda t: len(t.done) == 3)
    rows = {kept["text"]: kept["row"] for kept in command("list")[1]}
    code, _, err = command("replay", rows["{"])
    assert code == 1
    assert "it would be refused again. This order is not JSON" in err
    code, _, err = command("replay", rows[conflict.decode()])
    assert code == 1
    assert "in the books with other content" in err
    assert depth(broker_url, QUEUE) == 0
    assert all(kept["replays"] == 0 for kept in command("list")[1])


def test_after_five_replays_it_is_enough(shop: Shop, broker_url: str) -> None:
    refused_elsewhere(shop, broker_url)
    (kept,) = shop.look(lambda store: store.set_aside.page())
    for _ in range(5):
        shop.look(lambda store: store.set_aside.begin_replay([kept.row]))
    with pytest.raises(WrongMove, match="came back each time"):
        shop.look(lambda store: store.set_aside.begin_replay([kept.row]))


def test_what_cannot_leave_stays_where_it_is(
    shop: Shop, broker_url: str, store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused_elsewhere(shop, broker_url)
    (kept,) = shop.look(lambda store: store.set_aside.page())
    nowhere = ["--broker", "amqp://guest:guest@127.0.0.1:1/", "--data-dir", str(shop.folder), "--database", store_url]
    assert main(["dead-letters", "replay", str(kept.row), *nowhere]) == 1
    assert "RabbitMQ cannot be reached" in capsys.readouterr().err
    assert shop.look(lambda store: store.set_aside.page()) == [kept]


def test_the_desk_sends_again_too(shop: Shop, broker_url: str) -> None:
    refused_elsewhere(shop, broker_url)
    (kept,) = shop.look(lambda store: store.set_aside.page())
    with shop.warehouse() as (desk, told):
        told.until(lambda t: t.is_ready)
        (sent,) = desk.replay([kept.row]).result(10)
        assert sent.replays == 1
        told.until(lambda t: len(t.done) == 1)
        assert told.done[0].status is OrderStatus.PROCESSED
        with pytest.raises(WrongMove, match="is settled"):
            desk.replay([kept.row]).result(10)


def test_looking_and_dropping_change_no_queue_and_dropping_can_be_undone(
    shop: Shop, broker_url: str, command: Command
) -> None:
    declare(shop)
    publish(broker_url, topology.DEAD_LETTERS.name, "", [b"not ours"])
    assert command("list")[1] == []
    assert depth(broker_url, DEAD) == 1
    collect(shop, 1)
    (kept,) = command("list")[1]
    assert command("show", kept["row"])[1][0]["text"] == "not ours"
    assert command("show", 99)[0] == 1
    code, _, err = command("replay", kept["row"])
    assert (code, "not a step of Order Desk" in err) == (1, True)
    assert command("drop", kept["row"])[1][0]["state"] == "dropped"
    assert command("list")[1] == []
    assert [one["row"] for one in command("list", "--all")[1]] == [kept["row"]]
    assert command("undo", kept["row"])[1][0]["state"] == "kept"
    assert command("list")[1] == [kept]


def test_whoever_sent_it_first_is_asked_again_at_a_replay(shop: Shop, broker_url: str) -> None:
    """The account that replays is not the one that first sent it: a replay must not make an impostor's order good."""
    order = new_order(ALICE, [("laptop", 1)])
    declare(shop)
    operator = urlsplit(broker_url).username
    connection = pika.BlockingConnection(pika.URLParameters(broker_url))
    properties = pika.BasicProperties(user_id=operator)
    connection.channel().basic_publish(topology.NEW_ORDERS.name, "", codec.encode(order), properties)
    connection.close()
    with shop.warehouse() as (_, told):
        told.until(lambda t: len(t.done) == 1)
        assert "in the name of" in told.done[0].reason
    (kept,) = shop.look(lambda store: store.set_aside.page())
    with pytest.raises(WrongMove, match="in the name of"):
        shop.look(lambda store: store.set_aside.begin_replay([kept.row]))
