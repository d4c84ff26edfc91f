"""RabbitMQ takes no message above `max_message_size`: that is told of this message, and the others go on."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pika
import pytest

from messaging.broker.diagnostics.management_api import ROOT_VHOST
from messaging.broker.node import member
from messaging.broker.node.files import NodeFolder
from messaging.broker.node.private import PrivateNode
from messaging.commands import main, place
from messaging.contract import codec, topology
from messaging.domain.orders import Order, new_order
from messaging.history.records import OrderState
from messaging.ports import Phase
from messaging.runtime import settings
from messaging.runtime.profiles import Profile
from messaging.warehouse.records import CatalogueRow
from tests.helpers.admin import Admin
from tests.helpers.amqp import publish
from tests.helpers.services import Shop, Told
from tests.helpers.waiting import eventually
from tests.unit.messaging.contract.test_pages import largest_order

BOOT_SECONDS = 180.0
LARGE = 100  # large orders: their notices together are a hundred times what one answer may have
SMALL, TINY = 65_536, 20_000  # what guides advise; and less than an order may have


@pytest.fixture(scope="module", params=[SMALL, TINY])
def limit(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def small_node(limit: int, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivateNode]:
    """A RabbitMQ that takes messages of `limit` bytes."""
    chosen = settings.load({"data_dir": str(tmp_path_factory.mktemp("small"))}, {})
    folder = NodeFolder(chosen.folder.broker)
    folder.make()
    (folder.root / "advanced.config").write_text(f"[{{rabbit, [{{max_message_size, {limit}}}]}}].\n")
    with PrivateNode(chosen.folder, chosen, grace=0.2) as node:
        node.wait_ready(BOOT_SECONDS)
        yield node
    eventually(lambda: not member.is_supervised(folder), 60, "the end of this RabbitMQ")


@pytest.fixture
def shop(tmp_path: Path, small_node: PrivateNode) -> Iterator[Shop]:
    """In a virtual host of its own: each has books of its own."""
    name, server = f"test-{uuid4().hex[:12]}", small_node.wait_ready(BOOT_SECONDS).rpartition("/")[0]
    with Admin(small_node.management_url()) as admin:
        admin.add_vhost(name, admin.default_queue_type(ROOT_VHOST))
        admin.permit(name, "operator", ".*", ".*", ".*")
        for policy in topology.POLICIES:
            admin.set_policy(name, policy)
        yield Shop(tmp_path, f"{server}/{name}")
        admin.delete_vhost(name)


def large_orders(user_id: str, count: int, limit: int) -> list[bytes]:
    """As large as RabbitMQ takes: their notices are larger than that."""
    lines = next(n for n in range(100, 0, -1) if len(codec.encode(largest_order(lines=n))) <= limit)
    found = [new_order(user_id, [(x.name, x.quantity) for x in largest_order(lines=lines).lines]) for _ in range(count)]
    return [codec.encode(order) for order in found]


def test_large_notices_are_told_and_keep_nobody_waiting(shop: Shop, limit: int) -> None:
    mallory, alice = shop.profile("mallory"), shop.profile("alice")
    with shop.warehouse() as (_, told), shop.client(alice) as (client, heard), shop.listener(mallory) as (_, hers):
        for one in (told, heard, hers):
            one.until(lambda t: t.is_ready)
        publish(shop.url, topology.NEW_ORDERS.name, topology.ORDER_KEY, large_orders(mallory.user_id, LARGE, limit))
        ask_for_all(shop, mallory)
        order = new_order(alice.user_id, [("laptop", 1)])
        client.place(order).result(10)
        heard.until(lambda t: state_of(t, order) is OrderState.PROCESSED)
        hers.until(lambda t: len(t.notices) == LARGE)
        eventually(lambda: shop.look(lambda store: store.counts()).unpublished == 0)
    states = {state.phase for one in (told, heard, hers) for state in one.states}
    assert Phase.REFUSED not in states


def ask_for_all(shop: Shop, profile: Profile) -> None:
    """The question of which one took everybody's notices away."""
    connection = pika.BlockingConnection(pika.URLParameters(shop.url))
    channel = connection.channel()
    queue = str(channel.queue_declare("", exclusive=True).method.queue)
    got, after = 0, 0
    while True:
        body = codec.encode(codec.AskEvents(after, profile.user_id, 1000))
        properties = pika.BasicProperties(reply_to=queue)
        channel.basic_publish(topology.QUESTIONS.name, topology.QUESTION_KEY, body, properties)
        _, _, answer = next(channel.consume(queue, auto_ack=True, inactivity_timeout=3))
        if answer is None:
            continue  # asked again, as every client does
        events = codec.read_events(answer)
        assert len(answer) <= codec.MAX_BYTES
        got, after = got + len(events.notices), events.upto
        if not events.more and got:
            break
    connection.close()


def state_of(told: Told, order: Order) -> OrderState | None:
    return told.orders[order.identity].state if order.identity in told.orders else None


def test_an_order_that_is_too_large_is_named_and_the_next_ones_leave(shop: Shop, limit: int) -> None:
    alice = shop.profile()
    large, small = largest_order(), new_order(alice.user_id, [("laptop", 1)])
    large = new_order(alice.user_id, [(line.name, line.quantity) for line in large.lines])
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        for one in (told, done):
            one.until(lambda t: t.is_ready)
        client.place_many([("large", large), ("small", small)]).result(10)
        told.until(lambda t: state_of(t, small) is OrderState.PROCESSED)
        if limit == SMALL:
            told.until(lambda t: state_of(t, large) is OrderState.REJECTED)
            return
        told.until(lambda t: "max_message_size" in t.orders[large.identity].problem)
        assert state_of(told, large) is OrderState.WAITING
        tries = len(told.states)
        assert client.cancel(large.identity).result(10).state is OrderState.CANCELLED  # it never left
        client.place(another := new_order(alice.user_id, [("laptop", 1)])).result(10)
        told.until(lambda t: state_of(t, another) is OrderState.PROCESSED)
        assert len(told.states) == tries  # it was not sent again
    assert Phase.REFUSED not in {state.phase for state in told.states}


def test_a_catalogue_larger_than_a_message_comes_in_pages(shop: Shop, limit: int) -> None:
    rows = [CatalogueRow(f"{n:04}" + "\N{PILE OF POO}" * 60, 100, n) for n in range(600)]
    shop.look(lambda store: store.stock.import_catalogue(rows))
    with shop.warehouse() as (_, done), shop.client(shop.profile()) as (_, told):
        for one in (told, done):
            one.until(lambda t: t.is_ready)
        told.until(lambda t: len(t.levels) == 610)
        shop.look(lambda store: store.stock.withdraw([rows[300].name]))
        told.until(lambda t: len(t.levels) == 609)
        body = codec.encode(new_order(shop.profile().user_id, [(rows[-1].name, 1)]))
        publish(shop.url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [body])
        told.until(lambda t: t.levels[rows[-1].name].reserved == 1)
        assert len(told.levels) == 609
    assert Phase.REFUSED not in {state.phase for one in (told, done) for state in one.states}


@pytest.mark.timeout(240)
def test_the_command_ends_with_what_to_do_about_an_order_that_is_too_large(
    shop: Shop, limit: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And does not wait as for one that may still leave."""
    monkeypatch.setattr(place, "PATIENCE", 1000.0)
    where = ["--broker", shop.url, "--data-dir", str(shop.folder)]
    with shop.warehouse():
        items = [f"{line.name}={line.quantity}" for line in largest_order().lines]
        code = main(["place", *items, "--user", "alice", *where])
        said = capsys.readouterr()
        number = said.out.strip()
        if limit == SMALL:
            assert code == 0
            return
        assert code == 1
        assert f"Too large for RabbitMQ: {number}. Cancel it" in said.err
        assert f"`python3 -m messaging cancel {number} --user alice`" in said.err
        assert main(["cancel", number, "--user", "alice", *where]) == 0
        assert main(["place", "laptop=1", "--user", "alice", "--wait", *where]) == 0
