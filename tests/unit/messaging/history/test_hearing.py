import msgspec
import pytest

from messaging.domain.orders import OrderStatus
from messaging.history.records import OrderState
from messaging.history.store.history_store import HistoryStore
from tests.helpers.stores import newest_notices, newest_orders
from tests.unit.messaging.history.conftest import OpenStore, a_notice, an_order, placed

NEW, PROCESSED, SHIPPED = OrderStatus.NEW, OrderStatus.PROCESSED, OrderStatus.SHIPPED
BACKORDERED, CANCELLED = OrderStatus.BACKORDERED, OrderStatus.CANCELLED


def state_of(store: HistoryStore, identity: str) -> OrderState:
    order = store.orders.one(identity)
    assert order is not None
    return order.state


def test_a_notice_is_kept_once_and_moves_its_order(store: HistoryStore) -> None:
    (order,) = placed(store)
    notice = a_notice(order, PROCESSED, 1)
    applied = store.notices.apply([notice, notice], missed=True)
    assert [(kept.notice, kept.missed, kept.read) for kept in applied.new] == [(notice, True, False)]
    assert [(o.state, o.lines, o.changed_at) for o in applied.orders] == [
        (OrderState.PROCESSED, notice.lines, notice.occurred_at)
    ]
    again = store.notices.apply([notice], missed=False)
    assert (again.new, again.orders) == ([], [])


def test_a_notice_proves_that_the_order_arrived_so_it_is_not_sent_again(store: HistoryStore) -> None:
    (order,) = placed(store)
    store.outbox.mark_sent_unknown([owed.row for owed in store.outbox.claim("me", 9, 30)])
    store.notices.apply([a_notice(order, PROCESSED, 1)], missed=True)
    assert store.outbox.owed(10) == []


@pytest.mark.parametrize("together", [True, False])
def test_a_late_notice_is_kept_but_never_turns_the_shown_state_back(store: HistoryStore, together: bool) -> None:
    (order,) = placed(store)
    shipped, processed = a_notice(order, SHIPPED, 9), a_notice(order, PROCESSED, 4)
    if together:
        store.notices.apply([shipped, processed], missed=False)
    else:
        store.notices.apply([shipped], missed=False)
        assert len(store.notices.apply([processed], missed=False).new) == 1
    assert state_of(store, order.identity) is OrderState.SHIPPED
    assert [kept.notice.seq for kept in store.notices.of_order(order.identity)] == [4, 9]


def test_without_numbers_the_life_cycle_says_which_notice_is_later(store: HistoryStore) -> None:
    (order,) = placed(store)
    store.notices.apply([a_notice(order, PROCESSED, None)], missed=False)
    store.notices.apply([a_notice(order, BACKORDERED, None)], missed=False)
    assert state_of(store, order.identity) is OrderState.PROCESSED
    store.notices.apply([a_notice(order, CANCELLED, None)], missed=False)
    assert state_of(store, order.identity) is OrderState.CANCELLED


def test_a_newer_notice_of_the_same_state_shows_its_lines(store: HistoryStore) -> None:
    (order,) = placed(store)
    store.notices.apply([a_notice(order, BACKORDERED, 1), a_notice(order, BACKORDERED, 2)], missed=False)
    (row,) = store._file.read("SELECT seq FROM orders")
    assert row["seq"] == 2


def test_a_notice_of_an_order_placed_elsewhere_is_kept_and_makes_no_order(store: HistoryStore) -> None:
    notice = a_notice(msgspec.structs.replace(an_order(), order_id=5, user_id=3), PROCESSED, 1)
    applied = store.notices.apply([notice], missed=False)
    assert (len(applied.new), applied.orders, newest_orders(store)) == (1, [], [])


def test_a_notice_that_names_another_user_does_not_move_my_order(store: HistoryStore) -> None:
    (order,) = placed(store)
    forged = msgspec.structs.replace(a_notice(order, CANCELLED, 1), user_id="somebody-else")
    assert store.notices.apply([forged], missed=False).orders == []
    assert state_of(store, order.identity) is OrderState.WAITING


def test_notices_are_unread_until_marked(store: HistoryStore) -> None:
    store.notices.apply([a_notice(an_order(), PROCESSED, n) for n in range(3)], missed=False)
    store.notices.mark_read([1])
    assert [kept.read for kept in newest_notices(store, 10)] == [False, False, True]
    assert (store.counts().unread, store.counts().notices) == (2, 3)
    store.notices.mark_read()
    assert store.counts().unread == 0


def test_another_window_sees_what_changed_and_only_that(open_store: OpenStore) -> None:
    one, two = open_store(), open_store()
    placed(one)
    seen = two.changes(0)
    assert len(seen.orders) == 1
    assert two.changes(seen.version) == (seen.version, [], [], 0)
    (order,) = placed(one)
    one.notices.apply([a_notice(order, PROCESSED, 1)], missed=False)
    version, orders, notices, _ = two.changes(seen.version)
    assert [o.identity for o in orders] == [order.identity]
    assert [kept.notice.identity for kept in notices] == [order.identity]
    one.notices.mark_read([notices[0].row])
    assert [kept.read for kept in two.changes(version).notices] == [True]


def test_a_thousand_notices_are_applied_in_one_commit(store: HistoryStore) -> None:
    orders = placed(store, 1000)
    before = store.version()
    applied = store.notices.apply([a_notice(order, PROCESSED, n) for n, order in enumerate(orders)], missed=False)
    assert (len(applied.new), len(applied.orders), store.version()) == (1000, 1000, before + 1)
