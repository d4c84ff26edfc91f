"""What a shop no longer sells, over real RabbitMQ: clients are told, their orders of it are refused, others go on."""

from pathlib import Path

import pytest

from messaging.commands import main
from messaging.domain.orders import OnShortage, new_order
from messaging.history.records import OrderState
from tests.helpers.services import Shop, Told


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def state_of(told: Told, identity: str) -> OrderState | None:
    return told.orders[identity].state if identity in told.orders else None


def test_an_order_of_a_withdrawn_product_is_refused_and_those_in_the_books_go_on(shop: Shop) -> None:
    alice = shop.profile()
    waits = new_order(alice.user_id, [("laptop", 30)], OnShortage.WAIT)
    late = new_order(alice.user_id, [("webcam", 1), ("laptop", 1)], OnShortage.PARTIAL)
    with shop.warehouse() as (warehouse, _), shop.client(alice) as (client, told):
        client.place(waits).result(10)
        told.until(lambda t: state_of(t, waits.identity) is OrderState.BACKORDERED and "laptop" in t.levels)
        shop.look(lambda store: store.stock.withdraw(["laptop"]))
        warehouse.publish_events()
        told.until(lambda t: "laptop" not in t.levels and "webcam" in t.levels)
        client.place(late).result(10)
        told.until(lambda t: state_of(t, late.identity) is OrderState.REJECTED)
        assert told.orders[late.identity].reason == "laptop: no longer offered"
        shop.look(lambda store: store.stock.restock("laptop", 5))
        warehouse.publish_events()
        told.until(lambda t: state_of(t, waits.identity) is OrderState.PROCESSED)
        assert "laptop" not in told.levels
    assert shop.look(lambda store: store.audit()).balanced


def test_what_another_process_withdraws_is_told_and_kept_by_the_client(shop: Shop) -> None:
    alice = shop.profile()
    with shop.warehouse() as (_, seen), shop.client(alice) as (_, told):
        told.until(lambda t: "laptop" in t.levels)
        shop.look(lambda store: store.stock.withdraw(["laptop"]))
        told.until(lambda t: "laptop" not in t.levels, 8)
        seen.until(lambda t: t.levels["laptop"].withdrawn)
    with shop.client(alice) as (_, told), shop.history(alice) as history:
        assert "laptop" not in [level.name for level in history.ask(lambda store: store.catalogue()).result(10)]
    with shop.warehouse(), shop.client(alice) as (_, told):
        told.until(lambda t: "webcam" in t.levels)
        assert "laptop" not in told.levels, "the answer to who asks has it not either"
        shop.look(lambda store: store.stock.offer_again(["laptop"]))
        told.until(lambda t: "laptop" in t.levels, 8)


def test_it_is_told_also_where_an_order_of_it_came_before_the_look_into_the_books(shop: Shop) -> None:
    alice = shop.profile()
    order = new_order(alice.user_id, [("laptop", 1)])
    with shop.warehouse(), shop.client(alice) as (client, told):
        told.until(lambda t: "laptop" in t.levels)
        shop.look(lambda store: store.stock.withdraw(["laptop"]))
        client.place(order).result(10)
        told.until(lambda t: state_of(t, order.identity) is OrderState.REJECTED)
        told.until(lambda t: "laptop" not in t.levels, 8)


def test_the_commands_withdraw_offer_again_and_say_so(
    shop: Shop, broker_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*words: str) -> tuple[int, str, str]:
        code = main([*words, "--data-dir", str(shop.folder)])
        return code, *capsys.readouterr()

    at_broker = ("--broker", broker_url)
    with shop.warehouse(), shop.client(shop.profile()) as (_, told):
        told.until(lambda t: "laptop" in t.levels)
        assert run("withdraw", "laptop", "webcam", *at_broker) == (0, "laptop: withdrawn\nwebcam: withdrawn\n", "")
        told.until(lambda t: not {"laptop", "webcam"} & t.levels.keys())
        assert run("offer", "webcam", *at_broker) == (0, "webcam: offered\n", "")
        told.until(lambda t: "webcam" in t.levels and "laptop" not in t.levels)
    code, out, err = run("withdraw", "unicorn", *at_broker)
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert run("stock")[1].splitlines()[-1].startswith("laptop (withdrawn)")
    assert '"withdrawn": true' in run("stock", "--json")[1]
    file = tmp_path / "catalogue.csv"
    file.write_text("name,price,stock\nlaptop,999.99,25\nwebcam,49.99,45\n")
    assert run("stock", "--import", str(file))[1].splitlines() == [
        "2 products read: 0 new, 0 changed.",
        "Withdrawn, and not offered again by this: laptop.",
    ]
    assert run("audit")[0] == 0
