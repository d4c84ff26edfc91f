import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from messaging.contract import codec
from messaging.domain.orders import OrderStatus, new_order
from messaging.errors import WrongMove
from messaging.history.records import OrderState, PlacedOrder
from messaging.history.store.history_store import HistoryStore
from tests.helpers.stores import newest_orders, place_orders
from tests.unit.messaging.history.conftest import USER, OpenStore, a_notice, an_order, placed

LEASE = 30.0


def state_of(store: HistoryStore, identity: str) -> OrderState:
    return shown(store, identity).state


def shown(store: HistoryStore, identity: str) -> PlacedOrder:
    order = store.orders.one(identity)
    assert order is not None
    return order


def test_a_placed_order_is_owed_with_the_very_bytes_to_send(store: HistoryStore) -> None:
    order = an_order()
    many, new = place_orders(store, [("my label", order)], [1999])
    assert (many.placed, many.repeated, many.conflicts) == (1, 0, ())
    assert new == [order.identity]
    kept = shown(store, order.identity)
    assert (kept.number, kept.label, kept.total, kept.state) == (1, "my label", 1999, OrderState.WAITING)
    assert [(owed.identity, owed.body) for owed in store.outbox.owed(10)] == [(order.identity, codec.encode(order))]


def test_the_same_order_twice_adds_nothing_and_other_content_is_a_conflict(store: HistoryStore) -> None:
    order = an_order()
    place_orders(store, [("a", order)])
    other = an_order(quantity=2, order_id=str(order.order_id))
    many, new = place_orders(store, [("a", order), ("b", other)])
    assert (many.placed, many.repeated, many.conflicts) == (0, 1, ("b",))
    assert new == []
    assert shown(store, order.identity).order == order
    assert len(store.outbox.owed(10)) == 1


def test_orders_survive_the_end_of_the_program_and_leave_oldest_first(open_store: OpenStore) -> None:
    first = open_store()
    orders = placed(first, 3)
    first.close()
    second = open_store()
    assert [owed.identity for owed in second.outbox.owed(10)] == [order.identity for order in orders]
    assert [owed.identity for owed in second.outbox.owed(10, after_row=second.outbox.owed(1)[0].row)] == [
        order.identity for order in orders[1:]
    ]


def test_five_thousand_orders_are_placed_in_one_commit_in_moments(store: HistoryStore) -> None:
    orders = [("", an_order()) for _ in range(5000)]
    before, started = store.version(), time.perf_counter()
    place_orders(store, orders)
    assert time.perf_counter() - started < 5  # well under 1 on a quiet machine
    assert store.version() == before + 1


def test_what_one_window_sends_another_does_not_send_too(open_store: OpenStore) -> None:
    one, two = open_store(), open_store()
    orders = placed(one, 3)
    assert [owed.identity for owed in one.outbox.claim("one", 2, LEASE)] == [order.identity for order in orders[:2]]
    assert [owed.identity for owed in two.outbox.claim("two", 9, LEASE)] == [orders[2].identity]
    assert one.outbox.claim("one", 9, LEASE) == []


def test_orders_are_placed_and_claimed_in_one_commit_the_oldest_first(store: HistoryStore) -> None:
    before = placed(store, 2)
    order = an_order()
    version = store.version()
    many, new, owed = store.outbox.place([("mine", order)], None, "me", 2, LEASE)
    assert (many.placed, new) == (1, [order.identity])
    assert [one.identity for one in owed] == [one.identity for one in before]
    assert store.version() == version + 1
    assert [one.identity for one in store.outbox.claim("another", 9, LEASE)] == [order.identity]


@pytest.mark.parametrize(("limit", "claimed"), [(0, 0), (1, 1), (3, 3), (9, 3)])
def test_no_more_is_claimed_with_placing_than_there_is_room_for(store: HistoryStore, limit: int, claimed: int) -> None:
    orders = [("", an_order()) for _ in range(3)]
    _, _, owed = store.outbox.place(orders, None, "me", limit, LEASE)
    assert len(owed) == claimed
    assert len(store.outbox.claim("another", 9, LEASE)) == 3 - claimed


def test_what_a_dead_window_had_taken_another_sends_and_its_fate_is_unknown(open_store: OpenStore) -> None:
    dead, alive = open_store(), open_store()
    (order,) = placed(dead)
    dead.outbox.claim("dead", 9, lease_seconds=0)
    assert [owed.identity for owed in alive.outbox.claim("alive", 9, LEASE)] == [order.identity]
    assert state_of(alive, order.identity) is OrderState.UNKNOWN


def test_a_window_keeps_what_it_is_sending_although_its_lease_ended(store: HistoryStore) -> None:
    placed(store)
    assert len(store.outbox.claim("me", 9, lease_seconds=0)) == 1
    assert store.outbox.claim("me", 9, LEASE) == []


def test_a_lease_from_before_the_clock_was_put_back_does_not_hold(
    store: HistoryStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    placed(store)
    later = time.time() + 3600
    with monkeypatch.context() as patch:
        patch.setattr(time, "time", lambda: later)
        store.outbox.claim("earlier", 9, LEASE)
    assert len(store.outbox.claim("later", 9, LEASE)) == 1


def test_what_is_released_others_may_send_at_once(store: HistoryStore) -> None:
    placed(store)
    store.outbox.claim("one", 9, LEASE)
    store.outbox.release("one")
    assert len(store.outbox.claim("two", 9, LEASE)) == 1


def test_an_idle_window_writes_nothing_when_it_claims(store: HistoryStore) -> None:
    before = store.version()
    assert store.outbox.claim("me", 9, LEASE) == []
    assert store.version() == before


def test_a_confirmed_order_is_accepted_and_owed_no_more(store: HistoryStore) -> None:
    placed(store)
    rows = [owed.row for owed in store.outbox.claim("me", 9, LEASE)]
    (identity,) = store.outbox.mark_accepted(rows)
    accepted = shown(store, identity)
    assert accepted.state is OrderState.ACCEPTED
    assert accepted.accepted_at
    assert store.outbox.owed(10) == []
    assert store.outbox.mark_accepted(rows) == []


def test_a_late_confirm_does_not_turn_back_what_a_notice_said(store: HistoryStore) -> None:
    (order,) = placed(store)
    rows = [owed.row for owed in store.outbox.claim("me", 9, LEASE)]
    store.notices.apply([a_notice(order, OrderStatus.PROCESSED, 1)], missed=False)
    store.outbox.mark_accepted(rows)
    assert state_of(store, order.identity) is OrderState.PROCESSED
    assert shown(store, order.identity).accepted_at


def test_an_order_whose_confirm_was_lost_is_unknown_and_sent_again(store: HistoryStore) -> None:
    (order,) = placed(store)
    rows = [owed.row for owed in store.outbox.claim("me", 9, LEASE)]
    assert store.outbox.mark_sent_unknown(rows) == [order.identity]
    assert state_of(store, order.identity) is OrderState.UNKNOWN
    assert [owed.identity for owed in store.outbox.claim("me", 9, LEASE)] == [order.identity]


def test_a_returned_order_waits_with_the_reason(store: HistoryStore) -> None:
    placed(store)
    rows = [owed.row for owed in store.outbox.claim("me", 9, LEASE)]
    (identity,) = store.outbox.mark_returned(rows, "no queue")
    waiting = shown(store, identity)
    assert (waiting.state, waiting.problem) == (OrderState.WAITING, "no queue")
    rows = [owed.row for owed in store.outbox.claim("me", 9, LEASE)]
    store.outbox.mark_accepted(rows)
    assert shown(store, identity).problem == ""


def test_an_order_that_never_left_is_cancelled_here_and_never_sent(store: HistoryStore) -> None:
    (order,) = placed(store)
    cancelled = store.outbox.place_cancel(order.identity, "changed my mind")
    assert (cancelled.state, cancelled.reason) == (OrderState.CANCELLED, "changed my mind")
    assert store.outbox.owed(10) == []


def test_an_order_that_was_returned_for_sure_is_cancelled_here_too(store: HistoryStore) -> None:
    (order,) = placed(store)
    store.outbox.mark_returned([owed.row for owed in store.outbox.claim("me", 9, LEASE)], "no queue")
    assert store.outbox.place_cancel(order.identity, "").state is OrderState.CANCELLED


@pytest.mark.parametrize("how", ["in flight", "released", "unknown", "unknown, then returned", "accepted"])
def test_an_order_that_may_have_left_is_cancelled_by_a_command(store: HistoryStore, how: str) -> None:
    (order,) = placed(store)
    rows = [owed.row for owed in store.outbox.claim("other window", 9, LEASE)]
    if how == "released":
        store.outbox.release("other window")
    elif how.startswith("unknown"):
        store.outbox.mark_sent_unknown(rows)
    elif how == "accepted":
        store.outbox.mark_accepted(rows)
    if how.endswith("returned"):
        store.outbox.mark_returned([owed.row for owed in store.outbox.claim("me", 9, LEASE)], "no queue")
    asked = store.outbox.place_cancel(order.identity, "why")
    assert asked.cancel_asked
    assert asked.state is not OrderState.CANCELLED
    (command,) = [owed for owed in store.outbox.owed(10) if owed.is_command]
    read = codec.read_command(command.body)
    assert (read.order_id, read.created_at, read.reason) == (order.order_id, order.created_at, "why")


def test_a_wish_to_cancel_is_owed_once_and_leaves_after_its_order(store: HistoryStore) -> None:
    (order,) = placed(store)
    store.outbox.claim("me", 9, LEASE)
    store.outbox.place_cancel(order.identity, "")
    store.outbox.place_cancel(order.identity, "")
    assert [owed.is_command for owed in store.outbox.owed(10)] == [False, True]
    store.outbox.mark_accepted([owed.row for owed in store.outbox.owed(10)])
    assert store.counts().waiting == 0


def test_what_cannot_be_cancelled_says_why(store: HistoryStore) -> None:
    (order,) = placed(store)
    store.notices.apply([a_notice(order, OrderStatus.SHIPPED, 1)], missed=False)
    with pytest.raises(WrongMove, match="is shipped"):
        store.outbox.place_cancel(order.identity, "")
    with pytest.raises(WrongMove, match="no order"):
        store.outbox.place_cancel("unknown", "")


def test_windows_of_one_user_place_at_once_and_lose_nothing(open_store: OpenStore, path: Path) -> None:
    def place(_: int) -> None:
        for _order in range(10):
            store = HistoryStore(path, USER)
            placed(store)
            store.close()

    with ThreadPoolExecutor(3) as windows:
        list(windows.map(place, range(3)))
    assert sorted(order.number for order in newest_orders(open_store(), limit=100)) == list(range(1, 31))


def test_a_numbered_order_is_known_by_user_number_and_time(store: HistoryStore) -> None:
    order = msgspec.structs.replace(an_order(), order_id=1, user_id=7)
    again = msgspec.structs.replace(order, created_at="another run")
    many, _ = place_orders(store, [("", order), ("", again)])
    assert many.placed == 2


def test_a_draft_is_gone_with_the_commit_that_keeps_its_order_and_no_other(store: HistoryStore) -> None:
    lines = [("laptop", 1), ("webcam", 2)]
    store.draft.save(lines)
    place_orders(store, [("", new_order(USER, [("laptop", 1)]))])
    assert store.draft.load() is not None
    place_orders(store, [("", new_order(USER, lines))])
    assert store.draft.load() is None
