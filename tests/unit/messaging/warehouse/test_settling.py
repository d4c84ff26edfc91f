"""What becomes of a batch from the order queue."""

from datetime import UTC, datetime, timedelta

import pytest

from messaging.contract import codec
from messaging.domain.orders import OnShortage, Order, OrderLine, OrderStatus
from messaging.warehouse.records import Verdict
from messaging.warehouse.store.changes import unit_of_work
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import BOB, an_order, decide, incoming, levels, only
from tests.helpers.stores import order_in_books


def test_new_books_hold_the_seeds_ten_products(store: WarehouseStore) -> None:
    stock = {level.name: (level.price, level.on_hand) for level in store.stock.levels()}
    assert len(stock) == 10
    assert next(iter(stock)) == "laptop"
    assert stock["laptop"] == (99999, 25)
    assert stock["office_chair"] == (14999, 15)


def test_an_order_reserves_all_its_lines_and_tells_its_user(store: WarehouseStore) -> None:
    order = an_order(("laptop", 2), ("webcam", 3))
    (decided,) = decide(store, order)
    assert (decided.verdict, decided.status, decided.repeated) == (Verdict.ACCEPT, OrderStatus.PROCESSED, False)
    assert levels(store, "laptop") == (25, 2)
    assert levels(store, "webcam") == (45, 3)
    (event,) = decided.events
    assert event.notice.identity == order.identity
    assert [(line.name, line.reserved, line.missing) for line in event.notice.lines] == [
        ("laptop", 2, 0),
        ("webcam", 3, 0),
    ]
    assert event.notice.seq == event.seq == 1


def test_the_same_product_on_two_lines_is_one_need(store: WarehouseStore) -> None:
    (decided,) = decide(store, an_order(("laptop", 13), ("laptop", 13)))
    assert decided.status is OrderStatus.REJECTED
    assert decided.reason == "laptop: 26 asked, 25 free"
    (decided,) = decide(store, an_order(("laptop", 13), ("laptop", 12)))
    assert decided.status is OrderStatus.PROCESSED
    assert levels(store, "laptop") == (25, 25)


def test_a_refused_order_takes_nothing_and_is_in_the_books_with_its_reason(store: WarehouseStore) -> None:
    order = an_order(("laptop", 1), ("webcam", 46), ("unicorn", 1))
    (decided,) = decide(store, order)
    assert decided.verdict is Verdict.REFUSE
    assert decided.reason == "webcam: 46 asked, 45 free; unicorn: not in the catalogue"
    assert levels(store, "laptop") == (25, 0)
    kept = order_in_books(store, order.identity)
    assert kept is not None
    assert (kept.status, kept.reason) == (OrderStatus.REJECTED, decided.reason)
    assert store.set_aside.page() == []


def test_the_same_order_twice_has_one_effect_and_its_event_goes_out_again(store: WarehouseStore) -> None:
    order = an_order(("laptop", 2))
    (first,) = decide(store, order)
    (second,) = decide(store, order)
    assert second.repeated
    assert (second.verdict, second.status, second.events) == (first.verdict, first.status, first.events)
    assert levels(store, "laptop") == (25, 2)


def test_the_same_order_twice_in_one_batch_has_one_effect(store: WarehouseStore) -> None:
    order, other = an_order(("laptop", 2)), an_order(("webcam", 1))
    first, _, again = decide(store, order, other, order)
    assert (first.repeated, again.repeated) == (False, True)
    assert again.events == first.events
    assert levels(store, "laptop") == (25, 2)


@pytest.mark.parametrize("together", [True, False])
def test_the_same_identity_with_other_content_is_set_aside(store: WarehouseStore, together: bool) -> None:
    order = an_order(("laptop", 2))
    other = Order(order.order_id, order.user_id, (OrderLine("laptop", 20),), order.created_at)
    batches = [[order, other]] if together else [[order], [other]]
    decided = [one for batch in batches for one in decide(store, *batch)]
    assert [one.verdict for one in decided] == [Verdict.ACCEPT, Verdict.REFUSE]
    assert levels(store, "laptop") == (25, 2)
    (kept,) = store.set_aside.page()
    assert kept.body == codec.encode(other)
    assert "other content" in kept.reason


def test_numbered_orders_of_old_programs_keep_their_numbers(store: WarehouseStore) -> None:
    first = Order(1, 7, (OrderLine("laptop", 1),), "2026-01-01T10:00:00")
    next_run = Order(1, 7, (OrderLine("laptop", 1),), "2026-01-02T10:00:00")
    text_id = Order(1, "7", (OrderLine("webcam", 1),), "2026-01-03T10:00:00")
    decided = decide(store, first, next_run, text_id)
    assert [one.repeated for one in decided] == [False, False, False]
    kept = order_in_books(store, first.identity)
    assert kept is not None
    assert (kept.order_id, kept.user_id) == (1, 7)
    assert [type(order.user_id) for order in store.orders.page(user_id=7)] == [str, int, int]
    assert levels(store, "laptop") == (25, 2)


def test_orders_of_one_batch_are_served_in_their_order(store: WarehouseStore) -> None:
    only(store, ("lamp", 5))
    outcomes = decide(store, an_order(("lamp", 3)), an_order(("lamp", 3)), an_order(("lamp", 2)))
    assert [one.status for one in outcomes] == [
        OrderStatus.PROCESSED,
        OrderStatus.REJECTED,
        OrderStatus.PROCESSED,
    ]


def test_partial_takes_what_there_is_and_wait_takes_all_or_nothing(store: WarehouseStore) -> None:
    only(store, ("lamp", 5), ("desk", 5))
    partial, wait = decide(
        store,
        an_order(("lamp", 8), on_shortage=OnShortage.PARTIAL),
        an_order(("desk", 8), on_shortage=OnShortage.WAIT),
    )
    assert (partial.status, wait.status) == (OrderStatus.BACKORDERED, OrderStatus.BACKORDERED)
    assert partial.verdict is wait.verdict is Verdict.ACCEPT
    assert levels(store, "lamp") == (5, 5)
    assert levels(store, "desk") == (5, 0)
    assert {level.name: level.waiting for level in store.stock.levels(["lamp", "desk"])} == {"lamp": 3, "desk": 8}


def test_events_are_owed_until_they_are_marked_as_published(store: WarehouseStore) -> None:
    decided = decide(store, *(an_order() for _ in range(5)))
    owed = store.events.unpublished(10)
    assert owed == [event for one in decided for event in one.events]
    store.events.mark_published([event.seq for event in owed[:3]])
    assert [event.seq for event in store.events.unpublished(10)] == [4, 5]


def test_a_clock_that_was_put_back_leaves_books_that_balance_and_events_that_leave(
    store: WarehouseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was decided before it has times that are still to come: the order of things is that of their numbers."""
    first, second = an_order(("laptop", 1)), an_order(("laptop", 1))
    with monkeypatch.context() as patch:
        patch.setattr(
            unit_of_work, "now", lambda: (datetime.now(UTC) + timedelta(hours=1)).isoformat(timespec="milliseconds")
        )
        decide(store, first)
    decide(store, second)
    store.orders.ship([first.identity])
    assert [event.notice.identity for event in store.events.unpublished(10)] == [
        first.identity,
        second.identity,
        first.identity,
    ]
    assert [notice.status for notice in store.events.after(0).notices][-1] is OrderStatus.SHIPPED
    assert store.audit().gaps == ()


def test_a_listener_asks_page_by_page_for_its_own_events(store: WarehouseStore) -> None:
    decide(store, *(an_order(user=BOB) if nth % 2 else an_order() for nth in range(10)))
    first = store.events.after(0, BOB, limit=3)
    assert [notice.seq for notice in first.notices] == [2, 4, 6]
    assert (first.more, first.upto) == (True, 6)
    rest = store.events.after(first.upto, BOB, limit=3)
    assert [notice.seq for notice in rest.notices] == [8, 10]
    assert (rest.more, rest.upto) == (False, 10)
    assert store.events.after(10, BOB).notices == ()
    assert len(store.events.after(0).notices) == 10


def test_an_orders_history_names_each_change_and_each_unit(store: WarehouseStore) -> None:
    order = an_order(("laptop", 2))
    decide(store, order)
    store.orders.ship([order.identity])
    store.orders.take_back(order.identity)
    history = store.orders.history(order.identity)
    assert history is not None
    assert [event.notice.status.value for event in history.events] == ["processed", "shipped", "returned"]
    assert [(row.kind.value, row.on_hand, row.reserved) for row in history.ledger] == [
        ("reserve", 0, 2),
        ("ship", -2, -2),
        ("return", 2, 0),
    ]
    assert len(store.events.of_order(order.identity).notices) == 3
    assert store.orders.history("nobody's") is None


def test_orders_are_listed_newest_first_by_user_and_status(store: WarehouseStore) -> None:
    refused, bobs = an_order(("laptop", 99)), an_order(user=BOB)
    decide(store, refused, bobs, an_order())
    assert [order.number for order in store.orders.page()] == [3, 2, 1]
    assert [order.identity for order in store.orders.page(user_id=BOB)] == [bobs.identity]
    assert [order.identity for order in store.orders.page(status=OrderStatus.REJECTED)] == [refused.identity]
    assert [order.number for order in store.orders.page(limit=1, offset=1)] == [2]


def test_an_empty_batch_is_nothing(store: WarehouseStore) -> None:
    assert store.decide([]) == []
    assert store.decide([incoming(an_order())])[0].status is OrderStatus.PROCESSED
