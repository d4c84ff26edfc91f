"""The commands of an order's life, against a real RabbitMQ and both databases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from messaging.commands import main
from messaging.contract.topology import COMMANDS_QUEUE
from messaging.domain.orders import OnShortage, new_order
from messaging.history.records import OrderState
from messaging.runtime.profiles import Profile, Profiles
from tests.helpers.amqp import depth
from tests.helpers.services import Shop

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def shop(tmp_path: Path, broker_url: str, store_url: str) -> Shop:
    return Shop(tmp_path, broker_url, database=store_url)


@pytest.fixture
def alice(shop: Shop) -> Profile:
    return Profiles(shop.settings.folder).named("Alice")


@pytest.fixture
def command(shop: Shop, broker_url: str, store_url: str, capsys: pytest.CaptureFixture[str]) -> Command:
    def run(*words: str, client: bool = False) -> tuple[int, str, str]:
        """Exit code, what it printed, and what it said on stderr."""
        where = ["--data-dir", str(shop.folder)]
        where += [] if words[0] == "order" else ["--broker", broker_url]
        code = main([*words, *where, *([] if client else ["--database", store_url])])
        return code, *capsys.readouterr()

    return run


def test_a_shipped_and_returned_order_gives_its_stock_back_once_and_its_user_hears_of_each_step(
    shop: Shop, alice: Profile, command: Command
) -> None:
    order = new_order(alice.user_id, [("laptop", 2)])
    with shop.warehouse(), shop.client(alice) as (client, told):
        client.place(order).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.PROCESSED)
        code, out, err = command("ship", order.identity)
        assert (code, err) == (0, "")
        assert "shipped" in out
        assert "of Alice" in out
        told.until(lambda t: t.orders[order.identity].state is OrderState.SHIPPED)
        assert command("return", order.identity, "--reason", "too loud")[0] == 0
        told.until(lambda t: t.orders[order.identity].state is OrderState.RETURNED)
        told.until(lambda t: t.levels["laptop"].on_hand == 25)
        assert told.orders[order.identity].reason == "too loud"
        code, out, err = command("return", order.identity)
        assert (code, out) == (1, "")
        assert "is returned" in err
    assert shop.look(lambda store: [x.on_hand for x in store.stock.levels(["laptop"])]) == [25]
    assert shop.look(lambda store: store.audit()).balanced


def test_restocking_serves_those_who_wait_oldest_first_and_tells_them(
    shop: Shop, alice: Profile, command: Command
) -> None:
    first = new_order(alice.user_id, [("office_chair", 17)], OnShortage.PARTIAL)
    second = new_order(alice.user_id, [("office_chair", 2)], OnShortage.WAIT)
    third = new_order(alice.user_id, [("office_chair", 2)], OnShortage.WAIT)
    with shop.warehouse(), shop.client(alice) as (client, told):
        for order in (first, second, third):
            client.place(order).result(10)
        told.until(lambda t: sum(o.state is OrderState.BACKORDERED for o in t.orders.values()) == 3)
        code, preview, _ = command("restock", "office_chair", "5", "--preview")
        assert code == 0
        assert shop.look(lambda store: store.stock.levels(["office_chair"]))[0].on_hand == 15
        code, out, err = command("restock", "office_chair", "5", "--reason", "delivery 7")
        assert (code, err) == (0, "")
        served = [line.partition(" of Alice: ")[::2] for line in out.splitlines()[1:]]
        assert served == [
            (first.order_id, "2 office_chair; it is complete"),
            (second.order_id, "2 office_chair; it is complete"),
        ]
        assert [line.partition(" of ")[0] for line in preview.splitlines()] == [first.order_id, second.order_id]
        told.until(lambda t: sum(o.state is OrderState.PROCESSED for o in t.orders.values()) == 2)
        assert told.orders[third.identity].state is OrderState.BACKORDERED
        told.until(lambda t: t.levels["office_chair"].free == 1)
    assert shop.look(lambda store: store.stock.ledger("office_chair"))[2].reason == "delivery 7"


def test_a_correction_may_go_down_but_not_below_what_is_reserved(shop: Shop, alice: Profile, command: Command) -> None:
    order = new_order(alice.user_id, [("laptop", 20)])
    with shop.warehouse() as (_, done), shop.client(alice) as (client, told):
        client.place(order).result(10)
        done.until(lambda t: len(t.done) == 1)
        code, out, _ = command("adjust", "laptop", "-3", "--reason", "broken")
        assert (code, out) == (0, "laptop: 22 on hand, 20 reserved, 2 free\n")
        told.until(lambda t: "laptop" in t.levels and t.levels["laptop"].on_hand == 22)
        code, out, err = command("adjust", "laptop", "-3", "--reason", "broken too")
        assert (code, out, err.count("\n")) == (1, "", 1)
    assert shop.look(lambda store: store.stock.ledger("laptop"))[0].reason == "broken"


def test_without_a_broker_a_change_is_kept_and_leaves_with_the_next_warehouse(
    shop: Shop, alice: Profile, command: Command, store_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    order = new_order(alice.user_id, [("laptop", 1)])
    with shop.warehouse() as (_, done), shop.client(alice) as (client, _):
        client.place(order).result(10)
        done.until(lambda t: len(t.done) == 1)
    nowhere = ["--broker", "amqp://guest:guest@127.0.0.1:1/", "--data-dir", str(shop.folder), "--database", store_url]
    assert main(["ship", order.identity, *nowhere]) == 0
    said = capsys.readouterr()
    assert "shipped" in said.out
    assert "It is in the books" in said.err
    with shop.warehouse() as (_, done), shop.client(alice) as (_, told):
        done.until(lambda t: t.is_ready)
        told.until(
            lambda t: t.is_ready and order.identity in t.orders and t.orders[order.identity].state is OrderState.SHIPPED
        )


def test_cancelling_a_processed_order_frees_its_stock_once(shop: Shop, alice: Profile, command: Command) -> None:
    order = new_order(alice.user_id, [("laptop", 5)])
    with shop.warehouse(), shop.client(alice) as (client, told):
        client.place(order).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.PROCESSED)
        code, out, _ = command(
            "cancel", str(order.order_id)[:30], "--user", "alice", "--reason", "wrong size", client=True
        )
        assert code == 0
        assert out == f"cancelled   {order.order_id}  (cancelled by its user: wrong size)\n"
        code, _, err = command("cancel", order.identity, "--user", "alice", client=True)
        assert code == 1
        assert "cannot be cancelled any more" in err
    assert shop.look(lambda store: [(x.on_hand, x.reserved) for x in store.stock.levels(["laptop"])]) == [(25, 0)]
    code, out, _ = command("order", order.identity)
    words = [line.split() for line in out.splitlines() if line.startswith("20")]
    assert [row[2:4] if row[2] in ("placed",) else row[4:6] for row in words[:3]] == [
        ["placed", "Alice"],
        ["processed", "warehouse"],
        ["cancelled", "Alice"],
    ]
    assert [row[2] for row in words[3:]] == ["reserve", "release"]


def test_a_cancel_that_comes_before_its_order_is_remembered(
    shop: Shop, alice: Profile, command: Command, broker_url: str
) -> None:
    order = new_order(alice.user_id, [("laptop", 5)])
    with shop.client(alice) as (client, told):
        client.place(order).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.ACCEPTED)
        client.cancel(order.identity).result(10)
        assert depth(broker_url, COMMANDS_QUEUE.name, 1) == 1
        told.until(lambda t: t.traffic.waiting == 0 and t.orders[order.identity].cancel_asked)
    with shop.warehouse(), shop.client(alice) as (_, told):  # whichever of the two queues is read first
        told.until(
            lambda t: (
                t.is_ready and order.identity in t.orders and t.orders[order.identity].state is OrderState.CANCELLED
            )
        )
    assert shop.look(lambda store: [(x.on_hand, x.reserved) for x in store.stock.levels(["laptop"])]) == [(25, 0)]
    assert shop.look(lambda store: store.audit()).balanced


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["ship", "nothing"], 1, "There is no order 'nothing'"),
        (["ship", ""], 2, "id is missing"),
        (["order", "nothing"], 1, "There is no order"),
        (["restock", "flying carpet", "1"], 1, "There is no product"),
        (["restock", "laptop", "0"], 2, "units"),
        (["adjust", "laptop", "1", "--reason", " "], 2, "needs a reason"),
        (["cancel", "nothing", "--user", "alice"], 1, "placed no order 'nothing'"),
        (["cancel", "nothing", "--user", "nobody"], 2, "There is no user 'nobody'"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(
    alice: Profile, command: Command, words: list[str], code: int, says: str
) -> None:
    ended, out, err = command(*words, client=words[0] == "cancel")
    assert (ended, out, err.count("\n")) == (code, "", 1)
    assert says in err


def test_a_beginning_that_fits_two_orders_is_refused(shop: Shop, alice: Profile, command: Command) -> None:
    ids = ["01930000-0000-7000-8000-00000000000a", "01930000-0000-7000-8000-00000000000b"]
    with shop.warehouse() as (_, done), shop.client(alice) as (client, _):
        for order_id in ids:
            client.place(new_order(alice.user_id, [("laptop", 1)], order_id=order_id)).result(10)
        done.until(lambda t: len(t.done) == 2)
    for words in (["ship", "0193"], ["cancel", "0193", "--user", "alice"]):
        code, _, err = command(*words, client=words[0] == "cancel")
        assert code == 2
        assert "more than one order" in err
