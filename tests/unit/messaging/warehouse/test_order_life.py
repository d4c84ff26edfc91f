"""The life of an order after its arrival."""

from collections.abc import Callable

import pytest

from messaging.domain.orders import TRANSITIONS, OnShortage, Order, OrderLine, OrderStatus
from messaging.errors import WrongMove
from messaging.warehouse.records import Verdict
from messaging.warehouse.store.audit.audit import broken_chain
from messaging.warehouse.store.changes.decide_batch import NOT_COME
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import BOB, an_order, cancelling, decide, incoming, levels, only, statuses

PARTIAL, WAIT = OnShortage.PARTIAL, OnShortage.WAIT


def test_a_cancelled_order_gives_its_units_back(store: WarehouseStore) -> None:
    order = an_order(("laptop", 2))
    decide(store, order)
    (decided,) = store.decide([cancelling(order, reason="changed my mind")])
    assert (decided.verdict, decided.status) == (Verdict.ACCEPT, OrderStatus.CANCELLED)
    assert decided.events[0].notice.reason == "cancelled by its user: changed my mind"
    assert levels(store, "laptop") == (25, 0)


def test_a_cancel_that_comes_twice_has_one_effect(store: WarehouseStore) -> None:
    order = an_order(("laptop", 2))
    decide(store, order)
    first, second = (store.decide([cancelling(order)])[0] for _ in range(2))
    assert (second.repeated, second.verdict) == (True, Verdict.ACCEPT)
    assert second.events == first.events
    assert levels(store, "laptop") == (25, 0)


@pytest.mark.parametrize("together", [True, False])
def test_a_cancel_before_its_order_is_remembered(store: WarehouseStore, together: bool) -> None:
    order = an_order(("laptop", 2))
    messages = [cancelling(order, reason="too late? no"), incoming(order)]
    outcomes = store.decide(messages) if together else [store.decide([one])[0] for one in messages]
    assert [one.verdict for one in outcomes] == [Verdict.ACCEPT, Verdict.ACCEPT]
    assert outcomes[1].status is OrderStatus.CANCELLED
    assert outcomes[1].reason == "cancelled by its user: too late? no"
    assert levels(store, "laptop") == (25, 0)


def test_an_order_and_its_cancel_in_one_batch(store: WarehouseStore) -> None:
    order = an_order(("laptop", 25))
    outcomes = store.decide([incoming(order), cancelling(order), incoming(an_order(("laptop", 25)))])
    assert [one.status for one in outcomes] == [
        OrderStatus.PROCESSED,
        OrderStatus.CANCELLED,
        OrderStatus.PROCESSED,
    ]


def test_nobody_cancels_the_order_of_another(store: WarehouseStore) -> None:
    order = an_order(("laptop", 2))
    late = an_order(("laptop", 3))
    outcomes = store.decide([incoming(order), cancelling(order, BOB), cancelling(late, BOB), incoming(late)])
    assert [one.reason for one in outcomes] == ["", NOT_COME, NOT_COME, ""]  # of an order of Bob's with this id
    assert statuses(store, [order, late]) == ["processed", "processed"]
    with pytest.raises(WrongMove, match="another user"):
        store.orders.cancel(order.identity, BOB)


def test_a_cancel_that_comes_too_late_tells_the_state_again(store: WarehouseStore) -> None:
    order = an_order(("laptop", 2))
    decide(store, order)
    (shipped,) = store.orders.ship([order.identity])
    (decided,) = store.decide([cancelling(order)])
    assert (decided.verdict, decided.status, decided.events) == (Verdict.ACCEPT, OrderStatus.SHIPPED, (shipped,))
    assert "cannot become cancelled" in decided.reason


def test_a_clients_reason_is_made_harmless(store: WarehouseStore) -> None:
    order = an_order()
    decide(store, order)
    (decided,) = store.decide([cancelling(order, reason="a\tb\n" + "x" * 900)])
    assert decided.status is OrderStatus.CANCELLED
    assert decided.reason.startswith("cancelled by its user: a b x")
    assert len(decided.reason) <= 550


def test_shipping_takes_the_units_and_a_return_brings_them_back_once(store: WarehouseStore) -> None:
    order = an_order(("laptop", 2))
    decide(store, order)
    store.orders.ship([order.identity])
    assert levels(store, "laptop") == (23, 0)
    store.orders.take_back(order.identity, "broken")
    assert levels(store, "laptop") == (25, 0)
    with pytest.raises(WrongMove, match="is returned: it cannot become returned"):
        store.orders.take_back(order.identity)
    assert levels(store, "laptop") == (25, 0)


def test_orders_are_shipped_together_or_not_at_all(store: WarehouseStore) -> None:
    good, refused = an_order(("laptop", 2)), an_order(("laptop", 99))
    decide(store, good, refused)
    with pytest.raises(WrongMove, match="is rejected: it cannot become shipped"):
        store.orders.ship([good.identity, refused.identity])
    with pytest.raises(WrongMove, match="no order 'nobody'"):
        store.orders.ship([good.identity, "nobody"])
    assert statuses(store, [good]) == ["processed"]
    assert len(store.orders.ship([good.identity, good.identity])) == 1


def test_a_numbered_order_is_found_by_its_identity(store: WarehouseStore) -> None:
    order = Order(1, 7, (OrderLine("laptop", 1),), "2026-01-01T10:00:00")
    decide(store, order)
    (event,) = store.orders.cancel("7/1/2026-01-01T10:00:00", user="7")
    assert event.notice.order_id == 1


def test_a_delivery_serves_waiting_orders_oldest_first(store: WarehouseStore) -> None:
    only(store, ("lamp", 0))
    waiting = [an_order(("lamp", units), on_shortage=how) for units, how in ((4, WAIT), (5, PARTIAL), (1, WAIT))]
    decide(store, *waiting)
    preview = [(one.order.identity, one.units, one.completes) for one in store.stock.preview_restock("lamp", 6)]
    assert preview == [(waiting[0].identity, {"lamp": 4}, True), (waiting[1].identity, {"lamp": 2}, False)]
    assert levels(store, "lamp") == (0, 0)
    told = store.stock.restock("lamp", 6, "delivery")
    assert [(event.notice.identity, event.notice.status.value) for event in told] == [
        (waiting[0].identity, "processed"),
        (waiting[1].identity, "backordered"),
    ]
    assert told[1].notice.reason == "lamp: 3 missing"
    assert levels(store, "lamp") == (6, 6)
    store.stock.restock("lamp", 4, "delivery")
    assert statuses(store, waiting) == ["processed"] * 3


def test_an_order_that_waits_for_all_is_passed_over_until_all_is_there(store: WarehouseStore) -> None:
    only(store, ("lamp", 0), ("desk", 1))
    big = an_order(("lamp", 5), ("desk", 2), on_shortage=WAIT)
    small = an_order(("lamp", 2), on_shortage=WAIT)
    decide(store, big, small)
    store.stock.restock("lamp", 6, "")
    assert statuses(store, [big, small]) == ["backordered", "processed"]
    store.stock.restock("lamp", 1, "")
    assert levels(store, "desk") == (1, 0)
    store.stock.restock("desk", 1, "")
    assert statuses(store, [big]) == ["processed"]


@pytest.mark.parametrize("freed_by", ["cancel", "return", "correction", "catalogue"])
def test_units_that_become_free_serve_who_waits(store: WarehouseStore, freed_by: str) -> None:
    only(store, ("lamp", 5))
    holder, waiting = an_order(("lamp", 5)), an_order(("lamp", 5), on_shortage=WAIT)
    decide(store, holder, waiting)
    if freed_by == "cancel":
        told = store.orders.cancel(holder.identity)[1:]
    elif freed_by == "return":
        store.orders.ship([holder.identity])
        told = store.orders.take_back(holder.identity)[1:]
    elif freed_by == "correction":
        told = store.stock.adjust("lamp", 5, "found behind the shelf")
    else:
        only(store, ("lamp", 10))
        told = store.events.unpublished(10)[-1:]
    assert [(event.notice.identity, event.notice.status.value) for event in told] == [(waiting.identity, "processed")]


def test_a_cancelled_backorder_gives_back_its_part(store: WarehouseStore) -> None:
    only(store, ("lamp", 5))
    order = an_order(("lamp", 8), on_shortage=PARTIAL)
    decide(store, order)
    store.orders.cancel(order.identity)
    assert levels(store, "lamp") == (5, 0)
    assert store.stock.restock("lamp", 100, "") == []


@pytest.mark.parametrize(
    ("told", "status", "words"),
    [
        (["processed", "shipped", "returned"], "returned", ""),
        (["backordered", "backordered", "processed"], "processed", ""),
        (["processed", "processed"], "processed", "went from processed to processed"),
        (["rejected", "processed"], "processed", "went from rejected to processed"),
        (["processed"], "shipped", "its last event says processed"),
        ([], "processed", "it has none"),
    ],
)
def test_the_audit_knows_the_life_of_an_order(told: list[str], status: str, words: str) -> None:
    assert words in broken_chain(told, status)
    assert bool(words) == bool(broken_chain(told, status))


def test_every_move_that_the_table_lacks_is_refused(store: WarehouseStore) -> None:
    moves: dict[OrderStatus, Callable[[Order], object]] = {
        OrderStatus.CANCELLED: lambda order: store.orders.cancel(order.identity),
        OrderStatus.SHIPPED: lambda order: store.orders.ship([order.identity]),
        OrderStatus.RETURNED: lambda order: store.orders.take_back(order.identity),
    }
    for status in (OrderStatus.PROCESSED, OrderStatus.REJECTED, OrderStatus.BACKORDERED, OrderStatus.SHIPPED):
        for to, move in moves.items():
            order = _order_that_is(store, status)
            if to in TRANSITIONS[status]:
                move(order)
                assert statuses(store, [order]) == [to.value]
            else:
                with pytest.raises(WrongMove):
                    move(order)


def _order_that_is(store: WarehouseStore, status: OrderStatus) -> Order:
    short = status in (OrderStatus.REJECTED, OrderStatus.BACKORDERED)
    how = WAIT if status is OrderStatus.BACKORDERED else OnShortage.REJECT
    order = an_order(("laptop", 99 if short else 1), on_shortage=how)
    decide(store, order)
    if status is OrderStatus.SHIPPED:
        store.orders.ship([order.identity])
    return order
