"""Who uses an order's id first does not own it."""

import csv
from pathlib import Path

import pytest

from messaging.commands import main
from messaging.contract import codec, topology
from messaging.domain.orders import OrderStatus, imported_order_id, new_order
from messaging.history.records import OrderState
from messaging.runtime.profiles import Profiles
from tests.helpers.amqp import publish
from tests.helpers.services import Shop
from tests.helpers.stores import newest_orders

LABELS = ("till-1", "till-2", "till-3")
MALLORY = "mallory"


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def test_an_import_is_processed_although_another_took_its_ids_beforehand(
    shop: Shop, broker_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    alice = Profiles(shop.settings.folder).named("Alice")
    ids = [imported_order_id(alice.user_id, label) for label in LABELS]
    taken = [new_order(MALLORY, [("laptop", 1)], order_id=order_id) for order_id in ids]
    where = ["--data-dir", str(shop.folder)]
    file = shop.folder / "orders.csv"
    with file.open("w", newline="") as rows:
        csv.writer(rows).writerows([("order", "name", "quantity"), *((label, "webcam", 2) for label in LABELS)])
    with shop.warehouse() as (_, told):
        told.until(lambda t: t.is_ready)
        publish(broker_url, topology.NEW_ORDERS.name, topology.ORDER_KEY, [codec.encode(order) for order in taken])
        told.until(lambda t: len(t.done) == len(taken))
        placing = ["place", "--user", "Alice", "--file", str(file), "--wait", "--broker", broker_url, *where]
        assert main(placing) == 0
        cancelling = ["cancel", ids[0], "--user", "Alice", "--broker", broker_url, *where]
        assert main(cancelling) == 0
    assert f"cancelled   {ids[0]}" in capsys.readouterr().out
    with shop.history(alice) as history:
        mine = history.ask(newest_orders).result()
    assert [order.state for order in mine] == [OrderState.PROCESSED, OrderState.PROCESSED, OrderState.CANCELLED]
    kept = shop.look(lambda store: store.orders.page(user_id=MALLORY))
    assert [order.status for order in kept] == [OrderStatus.PROCESSED] * len(taken)
    assert shop.look(lambda store: store.set_aside.page()) == []
    assert main(["order", ids[1], *where]) == 2
    said = capsys.readouterr().err
    assert f"{alice.user_id}/{ids[1]} of Alice" in said
    assert f"{MALLORY}/{ids[1]} of {MALLORY}" in said
    assert main(["order", f"{alice.user_id}/{ids[1]}", *where]) == 0
    assert f"Order {ids[1]} of Alice: processed" in capsys.readouterr().out
