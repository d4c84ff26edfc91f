"""That a message was set aside is no outcome of an order: it moves one that has none, and the real one counts more."""

import msgspec
import pytest

from messaging.domain.notices import Notice
from messaging.domain.orders import Order, OrderStatus
from messaging.domain.stock import DecidedLine
from messaging.history.records import OrderState
from messaging.history.store.history_store import HistoryStore
from tests.helpers.stores import place_orders
from tests.unit.messaging.history.conftest import a_notice, an_order, placed

PROCESSED, REJECTED = OrderStatus.PROCESSED, OrderStatus.REJECTED
OTHER = (DecidedLine("webcam", 5, 5),)


def set_aside(order: Order, seq: int, lines: tuple[DecidedLine, ...] | None = None) -> Notice:
    mine = tuple(DecidedLine(line.name, line.quantity) for line in order.lines)
    told = a_notice(order, REJECTED, seq)
    return msgspec.structs.replace(told, set_aside=True, reason="refused", lines=mine if lines is None else lines)


def shown(store: HistoryStore, order: Order) -> tuple[OrderState, str]:
    found = store.orders.one(order.identity)
    assert found is not None
    return found.state, found.reason


@pytest.mark.parametrize("lines", [None, (), OTHER], ids=["mine", "unreadable", "another's"])
def test_an_order_without_an_outcome_is_refused_with_the_reason(
    store: HistoryStore, lines: tuple[DecidedLine, ...] | None
) -> None:
    (order,) = placed(store)
    store.outbox.mark_accepted([owed.row for owed in store.outbox.claim("me", 9, 30)])
    (moved,) = store.notices.apply([set_aside(order, 1, lines)], missed=False).orders
    assert (moved.state, moved.reason) == (OrderState.REJECTED, "refused")
    assert [(line.name, line.quantity) for line in moved.lines] == [("laptop", 1)]


def test_what_has_not_left_yet_leaves_all_the_same(store: HistoryStore) -> None:
    """Another may have sent something under this order's id."""
    (order,) = placed(store)
    store.notices.apply([set_aside(order, 1, OTHER)], missed=False)
    assert [owed.identity for owed in store.outbox.owed(10)] == [order.identity]
    store.notices.apply([a_notice(order, PROCESSED, 2)], missed=False)
    assert shown(store, order)[0] is OrderState.PROCESSED
    assert store.outbox.owed(10) == []


@pytest.mark.parametrize("status", [PROCESSED, OrderStatus.BACKORDERED, OrderStatus.SHIPPED, OrderStatus.CANCELLED])
@pytest.mark.parametrize("lines", [None, (), OTHER], ids=["mine", "unreadable", "another's"])
def test_an_outcome_stays(store: HistoryStore, status: OrderStatus, lines: tuple[DecidedLine, ...] | None) -> None:
    (order,) = placed(store)
    store.notices.apply([a_notice(order, status, 1)], missed=False)
    assert store.notices.apply([set_aside(order, 2, lines)], missed=False).orders == []
    assert shown(store, order)[0] is OrderState(status.value)


def test_the_outcome_of_another_content_is_not_that_of_mine(store: HistoryStore) -> None:
    """The history was lost, and another order was placed under the same label."""
    (order,) = placed(store)
    taken = msgspec.structs.replace(a_notice(order, PROCESSED, 1), lines=OTHER)
    store.notices.apply([taken, set_aside(order, 2)], missed=True)
    assert shown(store, order) == (OrderState.REJECTED, "refused")


def test_a_notice_that_was_too_large_for_its_lines_moves_its_order(store: HistoryStore) -> None:
    (order,) = placed(store)
    told = msgspec.structs.replace(a_notice(order, PROCESSED, 1), lines=())
    (moved,) = store.notices.apply([told], missed=False).orders
    assert (moved.state, [line.name for line in moved.lines]) == (OrderState.PROCESSED, ["laptop"])


def test_the_warehouse_may_write_a_name_in_its_normal_form(store: HistoryStore) -> None:
    order = an_order("cafe\u0301")
    place_orders(store, [("", order)])
    composed = (DecidedLine("caf\xe9", 1, 1),)
    store.notices.apply([msgspec.structs.replace(a_notice(order, PROCESSED, 1), lines=composed)], missed=False)
    assert shown(store, order)[0] is OrderState.PROCESSED


@pytest.mark.parametrize("status", [PROCESSED, OrderStatus.BACKORDERED, REJECTED])
@pytest.mark.parametrize("seq", [1, 9], ids=["decided before", "decided after"])
@pytest.mark.parametrize("together", [True, False])
def test_the_real_outcome_moves_it_on(store: HistoryStore, status: OrderStatus, seq: int, together: bool) -> None:
    (order,) = placed(store)
    notices = [set_aside(order, 5), a_notice(order, status, seq)]
    for batch in [notices] if together else [[one] for one in notices]:
        store.notices.apply(batch, missed=False)
    assert shown(store, order) == (OrderState(status.value), "")
    store.notices.apply([set_aside(order, 20)], missed=False)
    assert shown(store, order) == (OrderState(status.value), "")


def test_a_refusal_for_want_of_stock_stays_final(store: HistoryStore) -> None:
    (order,) = placed(store)
    store.notices.apply([a_notice(order, REJECTED, 2), a_notice(order, PROCESSED, 1)], missed=False)
    assert shown(store, order)[0] is OrderState.REJECTED


def test_a_second_word_replaces_the_first(store: HistoryStore) -> None:
    (order,) = placed(store)
    store.notices.apply([set_aside(order, 5)], missed=False)
    again = msgspec.structs.replace(set_aside(order, 6), reason="again", event_id="again")
    store.notices.apply([again], missed=False)
    assert shown(store, order) == (OrderState.REJECTED, "again")
