"""What is refused is kept whole, and nothing in it harms the rest of the batch."""

import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import Order, OrderLine, OrderStatus
from messaging.errors import WrongMove
from messaging.warehouse.inbound import reading
from messaging.warehouse.records import REPLAY_HEADER, Incoming, SetAsideState, Verdict
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import ALICE, BOB, an_order, incoming, levels
from tests.helpers.stores import mark_replayed

QUEUE = topology.NEW_ORDERS_QUEUE.name


@pytest.mark.parametrize(
    "wrong",
    [
        Incoming(b"\xff\x00 not JSON", QUEUE),
        Incoming(b"[" * 5000, QUEUE),
        Incoming(b" " * (codec.MAX_BYTES + 1), QUEUE),
        Incoming(b"{}", QUEUE),
        Incoming(b"{}", topology.COMMANDS_QUEUE.name),
        Incoming(codec.encode(an_order()), QUEUE, {codec.VERSION_HEADER: 99}),
        Incoming(codec.encode(an_order()), QUEUE, {}, {"type": "something_else"}),
        Incoming(codec.encode(an_order()), QUEUE, {}, {"user_id": BOB}),
        Incoming(codec.encode(an_order()), QUEUE, {"x-death": [{"queue": "mine", "count": 1}]}),
        Incoming(codec.encode(an_order()), QUEUE, {"x-first-death-queue": "mine"}),
        Incoming(codec.encode(an_order()), QUEUE, {"x-death": [], REPLAY_HEADER: 1}),
    ],
)
def test_what_cannot_be_taken_is_kept_whole_and_the_rest_goes_on(store: WarehouseStore, wrong: Incoming) -> None:
    outcomes = store.decide([incoming(an_order()), wrong, incoming(an_order())])
    assert [one.verdict for one in outcomes] == [Verdict.ACCEPT, Verdict.REFUSE, Verdict.ACCEPT]
    (kept,) = store.set_aside.page()
    assert (kept.body, kept.queue, kept.reason) == (wrong.body[: codec.MAX_BYTES], wrong.queue, outcomes[1].reason)
    assert kept.headers == wrong.headers
    assert kept.properties == wrong.properties
    assert levels(store, "laptop") == (25, 2)


def test_headers_that_json_cannot_hold_are_kept_as_they_look(store: WarehouseStore) -> None:
    odd = Incoming(b"?", QUEUE, {"a": b"\xff", "b": object, "\ud800": "\udfff", "c": float("nan"), "d": {1: {2: "x"}}})
    store.decide([odd])
    (kept,) = store.set_aside.page()
    assert len(kept.headers) == 5
    assert kept.headers["d"] == {"1": {"2": "x"}}


def test_a_redelivered_bad_message_is_kept_once(store: WarehouseStore) -> None:
    store.decide([Incoming(b"?", QUEUE)])
    (again,) = store.decide([Incoming(b"?", QUEUE, redelivered=True)])
    assert again.verdict is Verdict.REFUSE
    assert len(store.set_aside.page()) == 1


def test_what_is_set_aside_can_be_dropped_and_brought_back(store: WarehouseStore) -> None:
    store.decide([Incoming(b"?", QUEUE)])
    (kept,) = store.set_aside.page()
    store.set_aside.drop([kept.row])
    assert store.set_aside.page() == []
    (back,) = store.set_aside.undo_drop([kept.row])
    assert back == kept
    with pytest.raises(WrongMove, match="it cannot become kept"):
        store.set_aside.undo_drop([kept.row])
    with pytest.raises(WrongMove, match="number 99"):
        store.set_aside.drop([99])
    assert store.set_aside.one(99) is None


def test_a_replay_from_here_is_taken_although_it_was_dead_lettered(store: WarehouseStore) -> None:
    dead = Incoming(codec.encode(an_order()), QUEUE, {"x-death": [{"count": 1}]})
    store.decide([dead])
    (kept,) = store.set_aside.page()
    (sent,) = mark_replayed(store, [kept.row])
    assert (sent.state, sent.replays) == (SetAsideState.REPLAYED, 1)
    (decided,) = store.decide([Incoming(kept.body, QUEUE, {**dead.headers, REPLAY_HEADER: kept.row})])
    assert decided.status is OrderStatus.PROCESSED
    done = store.set_aside.one(kept.row)
    assert done is not None
    assert done.state is SetAsideState.SETTLED


def test_a_replay_that_fails_again_comes_back_to_its_place_and_counts(store: WarehouseStore) -> None:
    store.decide([Incoming(b"?", QUEUE)])
    (kept,) = store.set_aside.page()
    for count in (1, 2):
        mark_replayed(store, [kept.row])
        store.decide([Incoming(b"?", QUEUE, {REPLAY_HEADER: kept.row})])
        (back,) = store.set_aside.page()
        assert (back.row, back.state, back.replays) == (kept.row, SetAsideState.KEPT, count)


def test_a_forged_replay_mark_opens_nothing(store: WarehouseStore) -> None:
    store.decide([Incoming(b"?", QUEUE)])
    (kept,) = store.set_aside.page()
    mark_replayed(store, [kept.row])
    forged = Incoming(codec.encode(an_order()), QUEUE, {"x-death": [], REPLAY_HEADER: kept.row})
    decided, _ = store.decide([forged, Incoming(b"?", QUEUE, {REPLAY_HEADER: kept.row})])
    assert decided.verdict is Verdict.REFUSE
    assert levels(store, "laptop") == (25, 0)


def test_dead_letters_of_others_are_collected_and_our_own_refusals_recognised(store: WarehouseStore) -> None:
    refused, unreadable, foreign = an_order(("laptop", 99)), Incoming(b"?", QUEUE), an_order()
    store.decide([incoming(refused), unreadable])
    died: dict[str, object] = {"x-death": [{"queue": QUEUE, "reason": "rejected"}]}
    dead = [Incoming(body, "dead_letter_queue", died) for body in (codec.encode(refused), b"?", codec.encode(foreign))]
    assert store.set_aside.collect([*dead, dead[2]]) == 1
    assert store.set_aside.collect(dead) == 0
    assert store.set_aside.page()[0].body == codec.encode(foreign)


def test_an_order_that_makes_the_database_fail_fails_alone(store: WarehouseStore) -> None:
    """A lone surrogate passes no reader; built past it, it cannot be written in UTF-8."""
    poison = Order(1, 1, (OrderLine("laptop", 1),), "2026\ud800")
    good = [an_order(), an_order()]
    messages = [incoming(good[0]), incoming(an_order()), incoming(good[1])]
    with pytest.MonkeyPatch.context() as patch:
        read = reading.read
        patch.setattr(reading, "read", lambda m: reading.InboundMessage(m, poison) if m is messages[1] else read(m))
        outcomes = store.decide(messages)
    assert [one.verdict for one in outcomes] == [Verdict.ACCEPT, Verdict.REFUSE, Verdict.ACCEPT]
    (kept,) = store.set_aside.page()
    assert kept.body == messages[1].body
    assert "UnicodeEncodeError" in kept.reason
    assert levels(store, "laptop") == (25, 2)
    assert ALICE in {str(order.user_id) for order in store.orders.page()}
