"""The line that `warehouse` prints for each message says what it was and what became of it."""

import re
from pathlib import Path

import pytest

from messaging.commands.warehouse import OutcomePrinter
from messaging.contract import codec
from messaging.domain.orders import Order, new_order, new_order_id
from messaging.runtime.settings import Settings
from messaging.warehouse.records import Incoming
from messaging.warehouse.store.warehouse_store import WarehouseStore


def an_order(order: Order) -> Incoming:
    return Incoming(codec.encode(order), "new_orders_queue")


def a_cancel(order: Order, reason: str = "") -> Incoming:
    cancel = codec.Cancel(new_order_id(), order.order_id, order.user_id, order.created_at, reason)
    return Incoming(codec.encode(cancel), "order_commands_queue")


@pytest.fixture
def lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Of an order, of the wish to cancel it, of a second one, of one that is unknown, and of what cannot be read."""
    order, shipped = new_order("alice", [("laptop", 2)]), new_order("alice", [("webcam", 1)])
    store = WarehouseStore(Settings(data_dir=str(tmp_path)).database_url)
    batch = [an_order(order), an_order(shipped)]
    decided = store.decide(batch)
    store.orders.ship([shipped.identity])
    wishes = [a_cancel(order, "not wanted"), a_cancel(order), a_cancel(shipped), a_cancel(new_order("a", [("x", 1)]))]
    for wish in [*wishes, Incoming(b"{", "new_orders_queue")]:
        decided += store.decide([wish])
    store.close()
    OutcomePrinter(quiet=False).decided([(one, 0.002) for one in decided])
    said = capsys.readouterr().out
    for named, one in (("ORDER", order), ("SHIPPED", shipped)):
        said = said.replace(str(one.order_id), named)
    return said.splitlines()


@pytest.mark.parametrize(
    ("number", "line"),
    [
        (0, "processed   ORDER  2 laptop  2 ms"),
        (2, r"cancelled   ORDER  2 laptop  \(cancelled by its user: not wanted\)  2 ms"),
        (3, r"cancel      ORDER  2 laptop  \(.*cancelled.*\)  2 ms"),
        (4, r"cancel      SHIPPED  1 webcam  \(.*shipped.*\)  2 ms"),
        (5, "cancel      The order has not come yet."),
        (6, "set aside   .+"),
    ],
)
def test_it_says_what_it_was_and_what_became_of_it(lines: list[str], number: int, line: str) -> None:
    assert re.fullmatch(line, lines[number]), lines[number]
