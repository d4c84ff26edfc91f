"""Live messages can be forged by whoever may publish: what the warehouse answers is what counts."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from messaging.contract import codec, topology
from messaging.domain.notices import Notice
from messaging.domain.orders import OnShortage, Order, OrderStatus, new_order, new_order_id, now
from messaging.domain.stock import DecidedLine, StockLevel
from messaging.history import subscription
from messaging.history.records import OrderState
from messaging.runtime.profiles import Profile
from tests.helpers.amqp import publish
from tests.helpers.services import Shop, Told
from tests.helpers.waiting import eventually

HIGHEST = 2**63 - 1


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


@pytest.fixture
def alice(shop: Shop) -> Profile:
    return shop.profile()


def is_in(order: Order, state: OrderState) -> Callable[[Told], bool]:
    return lambda told: order.identity in told.orders and told.orders[order.identity].state is state


def forge(shop: Shop, order: Order, status: OrderStatus, **others: Any) -> None:
    lines = tuple(DecidedLine(line.name, line.quantity) for line in order.lines)
    notice = Notice(
        order.order_id,
        order.user_id,
        lines,
        order.created_at,
        status,
        event_id=new_order_id(),
        occurred_at=now(),
        **others,
    )
    key = topology.notice_key(order.user_id, order.order_id)
    publish(shop.url, topology.NOTIFICATIONS.name, key, [codec.encode(notice)])


@pytest.mark.parametrize("others", [{}, {"books": "mine"}, {"seq": 1000}], ids=["no books", "our books", "soon"])
@pytest.mark.parametrize("status", [OrderStatus.CANCELLED, OrderStatus.RETURNED])
def test_a_notice_that_the_warehouse_knows_nothing_of_does_not_last(
    shop: Shop,
    alice: Profile,
    monkeypatch: pytest.MonkeyPatch,
    status: OrderStatus,
    others: Mapping[str, Any],
) -> None:
    monkeypatch.setattr(subscription, "CONFIRM_EVERY", 0.5)
    mine = shop.look(lambda store: store.identity()).id
    told_as = {"seq": HIGHEST, **others, **({"books": mine} if "books" in others else {})}
    order = new_order(alice.user_id, [("laptop", 1)])
    with shop.warehouse() as (desk, _), shop.client(alice) as (client, told):
        client.place(order).result(10)
        told.until(is_in(order, OrderState.PROCESSED))
        forge(shop, order, status, **told_as)
        told.until(is_in(order, OrderState(status.value)))
        told.until(is_in(order, OrderState.PROCESSED))
        assert any("the warehouse does not know" in str(error) for error in told.errors)
        shop.look(lambda store: store.orders.ship([order.identity]))
        desk.publish_events()
        told.until(is_in(order, OrderState.SHIPPED))


def test_a_notice_before_the_order_has_its_outcome_keeps_none_from_it(
    shop: Shop, alice: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(subscription, "CONFIRM_EVERY", 0.5)
    order = new_order(alice.user_id, [("laptop", 1)])
    with shop.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        client.place(order).result(10)
        told.until(is_in(order, OrderState.ACCEPTED))
        forge(shop, order, OrderStatus.CANCELLED, seq=HIGHEST)
        told.until(is_in(order, OrderState.CANCELLED))
        with shop.warehouse():
            told.until(is_in(order, OrderState.PROCESSED))


def forged_stock(*replaced: str) -> bytes:
    return codec.encode(codec.Inventory((StockLevel("forged", 1, 1),), True, False, "others", " ".join(replaced)))


def test_stock_that_says_it_takes_the_place_of_the_books_takes_nobody_along(shop: Shop, alice: Profile) -> None:
    mine = shop.look(lambda store: store.identity()).id
    with shop.warehouse() as (_, ready), shop.client(alice) as (client, told):
        ready.until(lambda t: t.is_ready)
        told.until(lambda t: t.is_ready and "laptop" in t.levels)
        publish(shop.url, topology.INVENTORY.name, "", [forged_stock(mine)])
        told.until(lambda t: any("other books (others)" in str(error) for error in t.errors))
        order = new_order(alice.user_id, [("laptop", 1)])
        client.place(order).result(10)
        told.until(is_in(order, OrderState.PROCESSED))
        told.until(lambda t: t.levels["laptop"].reserved == 1)
        assert "forged" not in told.levels


def test_what_is_heard_before_any_answer_does_not_say_whose_books_are_followed(shop: Shop, alice: Profile) -> None:
    with shop.client(alice) as (client, told):
        told.until(lambda t: t.is_ready)
        publish(shop.url, topology.INVENTORY.name, "", [forged_stock()])
        forge(shop, new_order(alice.user_id, [("laptop", 1)]), OrderStatus.CANCELLED, seq=5, books="others")
        told.until(lambda t: "forged" in t.levels)
        with shop.warehouse():
            told.until(lambda t: "laptop" in t.levels and "forged" not in t.levels)
            order = new_order(alice.user_id, [("laptop", 1)])
            client.place(order).result(10)
            told.until(is_in(order, OrderState.PROCESSED))
    assert not told.errors


def test_where_an_older_copy_has_taken_over_orders_are_as_it_says(
    shop: Shop, alice: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the copy the order waits; the books that are lost had served it."""
    monkeypatch.setattr(subscription, "CONFIRM_EVERY", 0.5)
    order = new_order(alice.user_id, [("laptop", 1000)], OnShortage.WAIT)
    file, backup = shop.settings.folder.warehouse, shop.settings.folder.warehouse.with_name("backup")
    with shop.client(alice) as (client, told):
        with shop.warehouse():
            client.place(order).result(10)
            told.until(is_in(order, OrderState.BACKORDERED))
        shutil.copy(file, backup)
        with shop.warehouse() as (desk, _):
            shop.look(lambda store: store.stock.restock("laptop", 1000))
            desk.publish_events()
            told.until(is_in(order, OrderState.PROCESSED))
        shutil.copy(backup, file)
        with shop.warehouse(take_over=True):
            told.until(is_in(order, OrderState.BACKORDERED))
            client.cancel(order.identity).result(10)
            told.until(is_in(order, OrderState.CANCELLED))
    eventually(lambda: shop.look(lambda store: store.audit()).balanced)
