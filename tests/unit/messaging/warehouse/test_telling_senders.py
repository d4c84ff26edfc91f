"""Who sent an order that was set aside is told, as far as he can be known, and nobody else."""

import json
from typing import Any

import pytest

from messaging.contract import codec, topology
from messaging.domain.notices import Notice
from messaging.domain.orders import Order, OrderStatus, new_order_id
from messaging.warehouse.records import REPLAY_HEADER, UNVOUCHED, Event, Incoming, SetAsideState
from messaging.warehouse.store.changes import refusals
from messaging.warehouse.store.changes.decide_batch import CONFLICT, UNTRUSTED
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import ALICE, BOB, an_order, cancelling, decide, incoming
from tests.helpers.stores import mark_replayed

QUEUE = topology.NEW_ORDERS_QUEUE.name
ID = new_order_id()
GOOD: dict[str, Any] = json.loads(codec.encode(an_order(("laptop", 2), order_id=ID)))
UNVOUCHED_BY_ALL: dict[str, bytes] = {
    "other content": json.dumps(GOOD | {"order": [{"name": "laptop", "quantity": 9}]}).encode(),
    "no quantity": json.dumps(GOOD | {"order": [{"name": "laptop", "quantity": 0}]}).encode(),
    "no lines": json.dumps({name: GOOD[name] for name in ("order_id", "user_id", "created_at")}).encode(),
    "a field twice": json.dumps(GOOD).encode()[:-1] + b',"status":"new_order"}',
    "too large": json.dumps(GOOD | {"more": "x" * 70_000}).encode(),
    "cut off": json.dumps(GOOD).encode()[:-30],
    "no text": json.dumps(GOOD).encode()[:-1] + b',"more":"\xff"}',
}


def told(store: WarehouseStore) -> list[Notice]:
    return [notice for notice in store.events.after(0).notices if notice.set_aside]


def arrived(body: bytes, **properties: object) -> Incoming:
    return Incoming(body, QUEUE, {}, properties)


@pytest.mark.parametrize("body", UNVOUCHED_BY_ALL.values(), ids=UNVOUCHED_BY_ALL)
def test_whom_the_message_names_is_told_of_his_order(store: WarehouseStore, body: bytes) -> None:
    decide(store, codec.read_order(json.dumps(GOOD).encode()))
    (decided,) = store.decide([arrived(body)])
    (notice,) = told(store)
    assert (notice.user_id, notice.order_id, notice.created_at) == (ALICE, ID, GOOD["created_at"])
    assert (notice.status, notice.reason) == (OrderStatus.REJECTED, decided.reason)
    assert decided.events == (Event(notice.seq or 0, notice),)
    assert [event.seq for event in store.events.unpublished(10)] == [1, 2]
    assert store.events.after(0, ALICE).notices[-1] == notice
    assert store.events.after(0, BOB).notices == ()


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff" * 70_000, b"[" * 40_000])
def test_of_rubbish_our_own_clients_properties_tell(store: WarehouseStore, body: bytes) -> None:
    order = an_order()
    store.decide([arrived(body, message_id=str(order.order_id), correlation_id=order.identity, type="new_order")])
    assert [(notice.user_id, notice.order_id) for notice in told(store)] == [(ALICE, order.order_id)]


def test_of_rubbish_without_an_id_its_account_is_told_of_an_order_that_cannot_be_named(store: WarehouseStore) -> None:
    store.decide([arrived(b"{", user_id=BOB)])
    assert [(notice.user_id, notice.order_id) for notice in told(store)] == [(BOB, refusals.NO_ID)]


def test_of_rubbish_without_a_sender_nobody_is_told(store: WarehouseStore) -> None:
    store.decide([arrived(body) for body in (b"{", b'{"order_id": 1}', b'{"user_id": "a b"}', b'{"user_id": true}')])
    assert told(store) == []
    assert len(store.set_aside.page()) == 4


def test_whom_rabbitmq_names_is_told_and_not_whom_the_message_names(store: WarehouseStore) -> None:
    store.decide([arrived(json.dumps(GOOD).encode(), user_id=BOB)])
    assert [(notice.user_id, notice.order_id) for notice in told(store)] == [(BOB, ID)]


@pytest.mark.parametrize("account", ["with.a.dot", "x" * 40, ""])
def test_an_account_that_is_no_user_id_cannot_be_told(store: WarehouseStore, account: str) -> None:
    store.decide([Incoming(json.dumps(GOOD).encode(), QUEUE, {}, {"user_id": account}, validated_only=True)])
    assert told(store) == []


def test_where_accounts_are_demanded_a_forger_tells_nobody(store: WarehouseStore) -> None:
    order = an_order()
    forged = Incoming(codec.encode(order), QUEUE, {}, {"correlation_id": order.identity}, validated_only=True)
    (decided,) = store.decide([forged])
    assert (decided.reason, decided.events, told(store)) == (UNVOUCHED, (), [])


def test_each_message_set_aside_is_told_once(store: WarehouseStore) -> None:
    first = an_order(("laptop", 1))
    other = an_order(("laptop", 2), order_id=str(first.order_id))
    decide(store, first, other)
    decide(store, other)  # sent once more: another message
    store.decide([incoming(other, redelivered=True)])
    row = store.set_aside.page()[0].row
    mark_replayed(store, [row])
    store.decide([Incoming(codec.encode(other), QUEUE, {REPLAY_HEADER: row})])
    assert [notice.reason for notice in told(store)] == [CONFLICT, CONFLICT]
    assert len(store.set_aside.page()) == 2


def test_a_refused_replay_of_a_forged_death_tells_its_sender_once(store: WarehouseStore) -> None:
    order = an_order()
    store.decide([Incoming(codec.encode(order), QUEUE, {"x-death": [None]})])
    assert [(notice.reason, notice.order_id) for notice in told(store)] == [(UNTRUSTED, order.order_id)]


def test_commands_and_other_messages_are_no_orders(store: WarehouseStore) -> None:
    cancel = cancelling(an_order())
    stock = arrived(b'{"levels":[]}', type="inventory", user_id="operator")
    store.decide([Incoming(b"{", cancel.queue, {}, {"user_id": ALICE}), stock])
    assert (told(store), len(store.set_aside.page())) == ([], 2)


def death(reason: str, queue: str = QUEUE) -> dict[str, object]:
    return {"x-death": [{"queue": queue, "reason": reason, "count": 1}]}


@pytest.mark.parametrize("reason", ["expired", "rejected", "maxlen", "delivery_limit"])
def test_who_sent_what_died_elsewhere_is_told_once(store: WarehouseStore, reason: str) -> None:
    order = an_order()
    dead = Incoming(codec.encode(order), topology.DEAD_LETTER_QUEUE.name, death(reason))
    assert store.set_aside.collect([dead, dead]) == 1
    assert store.set_aside.collect([dead]) == 0
    (notice,) = told(store)
    assert (notice.user_id, notice.identity) == (ALICE, order.identity)
    assert QUEUE in (notice.reason or "")
    assert [event.notice for event in store.events.unpublished(10)] == [notice]


def test_a_command_that_died_elsewhere_tells_nobody(store: WarehouseStore) -> None:
    command = cancelling(an_order())
    dead = Incoming(command.body, topology.DEAD_LETTER_QUEUE.name, death("expired", command.queue))
    assert store.set_aside.collect([dead]) == 1
    assert told(store) == []


def test_a_numbered_order_of_an_older_program_is_told_too(store: WarehouseStore) -> None:
    body = {"order_id": 1, "user_id": 7, "order": [{"name": "laptop", "quantity": 0}], "created_at": "t"}
    store.decide([arrived(json.dumps(body).encode())])
    assert [notice.identity for notice in told(store)] == ["7/1/t"]


def test_what_is_taken_after_all_has_its_outcome(store: WarehouseStore) -> None:
    order: Order = an_order()
    store.set_aside.collect([Incoming(codec.encode(order), topology.DEAD_LETTER_QUEUE.name, death("expired"))])
    (row,) = mark_replayed(store, [store.set_aside.page()[0].row])
    store.decide([Incoming(row.body, QUEUE, {REPLAY_HEADER: row.row})])
    assert [notice.status for notice in store.events.after(0).notices] == ["rejected", "processed"]
    assert [one.row for one in store.set_aside.page(SetAsideState.SETTLED)] == [row.row]
