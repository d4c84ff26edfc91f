"""What is kept of large messages, how long what nobody needs is kept, and how many cancels wait for their orders."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from messaging.contract import codec, topology
from messaging.domain.orders import OrderStatus
from messaging.errors import WrongMove
from messaging.warehouse.records import REPLAY_HEADER, UNVOUCHED, Incoming, SetAsideState
from messaging.warehouse.store.changes import cleaning
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import ALICE, BOB, an_order, cancelling, decide, make_old_books, statuses
from tests.helpers.postgresql import private_database
from tests.helpers.stores import mark_replayed

QUEUE = topology.NEW_ORDERS_QUEUE.name
LARGE = json.dumps({**json.loads(codec.encode(an_order())), "more": "x" * 200_000}).encode()
DIED: dict[str, object] = {"x-death": [{"queue": QUEUE, "reason": "rejected"}]}
LONG_AGO = "2020-01-01T00:00:00.000+00:00"


def change(store: WarehouseStore, sql: str) -> None:
    store._transactions.write(lambda connection: connection.execute(text(sql)))


@pytest.mark.parametrize(
    "incoming",
    [
        Incoming(LARGE, QUEUE),
        Incoming(LARGE[: codec.MAX_BYTES], QUEUE, length=len(LARGE), digest=sha256(LARGE).hexdigest()),
    ],
    ids=["whole", "cut while it came in"],
)
def test_of_a_large_message_beginning_length_and_digest_are_kept(store: WarehouseStore, incoming: Incoming) -> None:
    store.decide([incoming])
    (kept,) = store.set_aside.page()
    assert (kept.body, kept.length) == (LARGE[: codec.MAX_BYTES], len(LARGE))
    assert f"{len(LARGE):,} bytes" in kept.reason
    with pytest.raises(WrongMove, match=f"of its {len(LARGE):,} bytes only the first 65,536 are kept"):
        store.set_aside.begin_replay([kept.row])
    again = Incoming(LARGE[:100], QUEUE, redelivered=True, length=len(LARGE), digest=sha256(LARGE).hexdigest())
    store.decide([again])
    assert store.set_aside.collect([again]) == 0
    assert [one.row for one in store.set_aside.page()] == [kept.row]


def test_two_large_messages_that_begin_alike_are_two(store: WarehouseStore) -> None:
    store.decide([Incoming(LARGE, QUEUE)])
    store.decide([Incoming(LARGE + b" ", QUEUE, redelivered=True)])
    assert [one.length for one in store.set_aside.page()] == [len(LARGE) + 1, len(LARGE)]


def test_a_message_of_just_the_limit_is_kept_whole(store: WarehouseStore) -> None:
    body = b"x" * codec.MAX_BYTES
    store.decide([Incoming(body, QUEUE)])
    (kept,) = store.set_aside.page()
    assert (kept.body, kept.length, store.set_aside.page(bodies=False)[0].body) == (body, len(body), b"")


def test_what_was_dropped_or_taken_is_freed_after_the_days_and_nothing_else(store: WarehouseStore) -> None:
    bodies = [codec.encode(an_order()) if nth else b"{" for nth in range(4)]
    store.set_aside.collect([Incoming(body, topology.DEAD_LETTER_QUEUE.name) for body in bodies])
    rows = [one.row for one in store.set_aside.page()[::-1]]
    store.set_aside.drop(rows[:2])
    mark_replayed(store, [rows[2]])
    change(store, f"UPDATE set_aside SET state = 'settled' WHERE \"row\" = {rows[2]}")
    assert store.clean(30) == 0
    change(store, f"UPDATE set_aside SET ended_at = '{LONG_AGO}' WHERE \"row\" <> {rows[1]}")
    assert store.clean(30) == 2
    assert {one.row: one.state for one in store.set_aside.page(None)} == {
        rows[3]: SetAsideState.KEPT,
        rows[1]: SetAsideState.DROPPED,
    }


def test_the_day_on_which_it_is_freed_can_be_shown(store: WarehouseStore) -> None:
    store.decide([Incoming(b"{", QUEUE)])
    (kept,) = store.set_aside.page()
    assert kept.freed_on(30) == ""
    store.set_aside.drop([kept.row])
    change(store, "UPDATE set_aside SET ended_at = '2026-11-28T20:00:00.000+00:00'")
    assert store.set_aside.page(None)[0].freed_on(30) == "2026-12-28"
    store.set_aside.undo_drop([kept.row])
    assert store.set_aside.page()[0].freed_on(30) == ""


def test_early_cancels_end_and_each_user_has_so_many(store: WarehouseStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "MOST_EARLY", 3)
    others, many = an_order(user=BOB), [an_order() for _ in range(6)]
    store.decide([cancelling(others), *map(cancelling, many[:4])])
    for order in many[4:]:
        store.decide([cancelling(order)])
    decide(store, others, *many)
    found = statuses(store, [others, *many])
    assert (found[0], found[-2:], found.count("cancelled")) == ("cancelled", ["cancelled"] * 2, 4)


def test_old_early_cancels_are_forgotten(store: WarehouseStore) -> None:
    old, new = an_order(), an_order()
    store.decide([cancelling(old)])
    change(store, f"UPDATE early_cancels SET at = '{LONG_AGO}'")
    store.decide([cancelling(new)])
    assert store.clean(30) == 1
    decide(store, old, new)
    assert statuses(store, [old, new]) == ["processed", "cancelled"]


@pytest.mark.parametrize("account", ["", ALICE], ids=["unvouched", "vouched"])
def test_the_vouching_of_the_first_arrival_decides(store: WarehouseStore, account: str) -> None:
    order = an_order()
    properties: dict[str, object] = {"user_id": account} if account else {}
    dead = Incoming(codec.encode(order), topology.DEAD_LETTER_QUEUE.name, DIED, properties)
    store.set_aside.collect([dead])
    row = store.set_aside.page()[0].row
    if account:
        store.set_aside.begin_replay([row], validated_only=True)
    else:
        with pytest.raises(WrongMove, match="Take it over in your own name"):
            store.set_aside.begin_replay([row], validated_only=True)
        mark_replayed(store, [row])  # as another warehouse, which demands no accounts, may have
    (decided,) = store.decide([Incoming(dead.body, QUEUE, {REPLAY_HEADER: row}, validated_only=True)])
    assert decided.status is (OrderStatus.PROCESSED if account else None)
    assert (decided.reason == UNVOUCHED) is not bool(account)
    assert len(store.set_aside.page(SetAsideState.SETTLED if account else SetAsideState.KEPT)) == 1


def test_a_replay_with_a_forged_sender_in_a_header_is_refused(store: WarehouseStore) -> None:
    dead = Incoming(codec.encode(an_order()), topology.DEAD_LETTER_QUEUE.name, {**DIED, "order-desk-sender": ALICE})
    store.set_aside.collect([dead])
    with pytest.raises(WrongMove, match="senders=vouched"):
        store.set_aside.begin_replay([store.set_aside.page()[0].row], validated_only=True)


def test_who_took_an_order_over_is_noted(store: WarehouseStore) -> None:
    store.decide([Incoming(codec.encode(an_order()), QUEUE, validated_only=True)])
    mine = an_order(user=BOB)
    store.set_aside.take_over(store.set_aside.page()[0].row, BOB, mine.identity)
    (kept,) = store.set_aside.page(SetAsideState.DROPPED)
    assert (kept.taken_by, kept.taken_as) == (BOB, mine.identity)


@pytest.fixture
def old(server: str, tmp_path: Path) -> Iterator[WarehouseStore]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'old.sqlite'}"
        if server:
            url = stack.enter_context(private_database(server, f"old-{uuid4().hex[:12]}"))
        make_old_books(url, "0002")
        plain = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        insert = text(
            """INSERT INTO set_aside (body, body_digest, reason, queue, headers, properties, at, state, replays)
            VALUES (:body, :digest, 'large', 'q', '{}', '{}', :at, 'dropped', 0)"""
        )
        with plain.begin() as connection:
            for body in (LARGE, b"{"):
                row = {"body": body, "digest": sha256(body).hexdigest(), "at": LONG_AGO}
                connection.execute(insert, row)
        plain.dispose()
        store = WarehouseStore(url).open()
        stack.callback(store.close)
        yield store


def test_large_messages_of_older_books_are_cut_and_kept_for_the_days_from_now(old: WarehouseStore) -> None:
    assert [(one.length, len(one.body)) for one in old.set_aside.page(None)] == [(1, 1), (len(LARGE), codec.MAX_BYTES)]
    assert old.clean(30) == 0
    assert old.audit().gaps == ()
