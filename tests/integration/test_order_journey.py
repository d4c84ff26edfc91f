"""An order's way through real RabbitMQ and real stores: client, warehouse, notifications."""

import threading
from pathlib import Path

import pytest

from messaging.contract.topology import NOTIFICATIONS
from messaging.domain.orders import OnShortage, new_order
from messaging.history.history import History
from messaging.history.records import OrderState
from messaging.history.store.history_store import HistoryStore
from messaging.phrases import Words
from messaging.ports import Address
from tests.helpers.amqp import publish
from tests.helpers.services import Shop
from tests.helpers.waiting import eventually


@pytest.fixture
def shop(tmp_path: Path, broker_url: str) -> Shop:
    return Shop(tmp_path, broker_url)


def test_an_order_reaches_the_warehouse_and_its_own_user_alone(shop: Shop) -> None:
    alice, bob = shop.profile("alice"), shop.profile("bob")
    with (
        shop.warehouse(),
        shop.client(alice) as (client, told),
        shop.listener(alice) as (_, heard),
        shop.listener(bob) as (_, other),
    ):
        heard.until(lambda t: t.is_ready)
        other.until(lambda t: t.is_ready)
        order = new_order(alice.user_id, [("laptop", 2), ("webcam", 1)])
        assert client.place(order).result(10).state is OrderState.WAITING
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.PROCESSED)
        heard.until(lambda t: len(t.notices) == 1)
        assert heard.notices[0].notice.identity == order.identity
        assert not other.notices
    levels = {level.name: level for level in shop.look(lambda store: store.stock.levels())}
    assert (levels["laptop"].reserved, levels["webcam"].reserved) == (2, 1)
    assert shop.look(lambda store: store.audit()).balanced


def test_a_shortage_and_an_unknown_product_are_refused_with_the_reason_per_line(shop: Shop) -> None:
    alice = shop.profile()
    with shop.warehouse(), shop.client(alice) as (client, told):
        order = new_order(alice.user_id, [("laptop", 20), ("laptop", 10), ("flying carpet", 1), ("webcam", 1)])
        client.place(order).result(10)
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.REJECTED)
        reason = told.orders[order.identity].reason
    assert "laptop: 30 asked, 25 free" in reason
    assert "flying carpet: not in the catalogue" in reason
    assert "webcam" not in reason
    assert all(level.reserved == 0 for level in shop.look(lambda store: store.stock.levels()))


def test_the_client_sees_live_stock(shop: Shop) -> None:
    alice = shop.profile()
    with shop.warehouse(), shop.client(alice) as (client, told):
        told.until(lambda t: "laptop" in t.levels and t.levels["laptop"].free == 25)
        client.place(new_order(alice.user_id, [("laptop", 3)])).result(10)
        told.until(lambda t: t.levels["laptop"].free == 22)


def test_orders_placed_while_the_broker_is_away_leave_when_it_comes_in_order(shop: Shop) -> None:
    class LateBroker:
        there = False

        def address(self) -> Address:
            return shop.broker.address() if self.there else Address((), Words("The node is starting."))

    late, alice = LateBroker(), shop.profile()
    orders = [new_order(alice.user_id, [("mechanical_keyboard", 1)]) for _ in range(50)]
    with shop.client(alice, late) as (client, told):
        for order in orders:
            client.place(order).result(10)
        assert {placed.state for placed in told.orders.values()} == {OrderState.WAITING}
    with shop.warehouse() as (_, done), shop.client(alice, late) as (_, told):
        done.until(lambda t: t.is_ready)
        late.there = True
        told.until(lambda t: sum(o.state is OrderState.PROCESSED for o in t.orders.values()) == 50)
        assert [one.order.identity for one in done.done if one.order] == [order.identity for order in orders]


def test_the_same_order_a_hundred_times_is_one_order(shop: Shop) -> None:
    alice = shop.profile()
    order = new_order(alice.user_id, [("office_chair", 1)])
    with shop.warehouse(), shop.client(alice) as (client, told):
        for placing in [client.place(order) for _ in range(100)]:
            assert placing.result(10).identity == order.identity
        told.until(lambda t: order.identity in t.orders and t.orders[order.identity].state is OrderState.PROCESSED)
    assert len(shop.look(lambda store: store.orders.page())) == 1
    assert {x.name: x.reserved for x in shop.look(lambda store: store.stock.levels())}["office_chair"] == 1


def test_a_listener_that_was_away_gets_each_notice_once_in_order_marked_as_missed(shop: Shop) -> None:
    alice = shop.profile()
    with shop.warehouse() as (_, done), shop.client(alice) as (client, _):
        first = new_order(alice.user_id, [("laptop", 1)])
        client.place(first).result(10)
        done.until(lambda t: len(t.done) == 1)
        eventually(lambda: not shop.look(lambda store: store.events.unpublished(1)), 10, "the notice to be published")
    elsewhere = Shop(shop.folder / "elsewhere", "unused")
    elsewhere.folder.mkdir()
    elsewhere.broker = shop.broker
    with shop.warehouse(), elsewhere.listener(alice) as (_, heard):
        heard.until(lambda t: len(t.notices) == 1)
        assert heard.notices[0].missed
        assert heard.notices[0].notice.identity == first.identity
    with shop.warehouse() as (_, again), elsewhere.listener(alice) as (_, heard):
        heard.until(lambda t: t.is_ready)
        again.until(lambda t: t.is_ready)
        assert not heard.notices


def test_who_is_ready_hears_what_is_published_from_then_on(shop: Shop, broker_url: str) -> None:
    """A notice that no queue takes would come back, and fail this."""
    alice = shop.profile()
    for round_ in range(5):
        with shop.listener(alice) as (_, heard):
            heard.until(lambda t: t.is_ready)
            publish(broker_url, NOTIFICATIONS.name, f"client.{alice.user_id}.order.{round_}", [b"not a notice"])
            heard.until(lambda t: bool(t.errors))


def test_a_listener_is_ready_only_when_it_misses_nothing_that_another_window_keeps(shop: Shop) -> None:
    """The history is shared: what a second window of the same user wrote before it was open is not news."""
    alice, gate = shop.profile(), threading.Event()

    class LateHistory(History):
        def _open(self, path: Path, user_id: str) -> HistoryStore:
            assert gate.wait(30)
            return super()._open(path, user_id)

    shop.history_kind = LateHistory
    with shop.warehouse(), shop.listener(alice) as (_, heard):
        shop.history_kind = History
        with shop.client(alice) as (client, told):
            first, second = (new_order(alice.user_id, [("laptop", 1)]) for _ in range(2))
            client.place(first).result(10)
            told.until(lambda t: first.identity in t.orders and bool(t.orders[first.identity].changed_at))
            assert not heard.states
            gate.set()
            heard.until(lambda t: t.is_ready)
            client.place(second).result(10)
            heard.until(lambda t: second.identity in {kept.notice.identity for kept in t.notices})


def test_waiting_and_partial_orders_are_kept_as_backorders(shop: Shop) -> None:
    alice = shop.profile()
    wait = new_order(alice.user_id, [("office_chair", 20)], OnShortage.WAIT)
    part = new_order(alice.user_id, [("monitor_27_inch", 30)], OnShortage.PARTIAL)
    with shop.warehouse(), shop.client(alice) as (client, told):
        client.place(wait).result(10)
        client.place(part).result(10)
        told.until(lambda t: sum(o.state is OrderState.BACKORDERED for o in t.orders.values()) == 2)
        assert [line.missing for line in told.orders[part.identity].lines] == [10]
        assert [line.missing for line in told.orders[wait.identity].lines] == [20]
    levels = {level.name: level for level in shop.look(lambda store: store.stock.levels())}
    assert (levels["office_chair"].reserved, levels["monitor_27_inch"].reserved) == (0, 20)


def test_an_order_under_the_id_of_another_is_a_conflict_said_before_it_is_sent(shop: Shop) -> None:
    alice = shop.profile()
    order = new_order(alice.user_id, [("laptop", 1)])
    other = new_order(alice.user_id, [("laptop", 2)], order_id=str(order.order_id))
    with shop.client(alice) as (client, _):
        client.place(order).result(10)
        with pytest.raises(Exception, match="Another order was placed under this id"):
            client.place(other).result(10)


def test_a_step_decides_exactly_one_order_while_the_warehouse_is_paused(shop: Shop) -> None:
    alice = shop.profile()
    orders = [new_order(alice.user_id, [("laptop", 1)]) for _ in range(3)]
    with shop.warehouse() as (desk, done), shop.client(alice) as (client, told):
        done.until(lambda t: t.is_ready)
        desk.pause()
        for order in orders:
            client.place(order).result(10)
        told.until(lambda t: all(o.state is OrderState.ACCEPTED for o in t.orders.values()) and len(t.orders) == 3)
        assert desk.step().result(10)
        told.until(lambda t: t.orders[orders[0].identity].state is OrderState.PROCESSED)
        assert len(done.done) == 1
        assert [step.result(10) for step in [desk.step() for _ in range(3)]] == [True, True, False]
        done.until(lambda t: len(t.done) == 3)
        desk.resume()
        assert not desk.step().result(10)
        client.place(new_order(alice.user_id, [("webcam", 1)])).result(10)
        done.until(lambda t: len(t.done) == 4)
    assert [one.order.identity for one in done.done if one.order][:3] == [order.identity for order in orders]
    assert {x.name: x.reserved for x in shop.look(lambda store: store.stock.levels())}["laptop"] == 3
