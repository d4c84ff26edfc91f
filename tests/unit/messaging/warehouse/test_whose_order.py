"""An order belongs to its user: the same id of another user is another order."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest

from messaging.contract import codec, topology
from messaging.domain.orders import Order, OrderStatus, imported_order_id, new_order_id
from messaging.warehouse.records import Incoming
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import ALICE, BOB, an_order, cancelling, decide, incoming, make_old_books, statuses
from tests.helpers.postgresql import private_database

OLD = "0190c0de-0000-7000-8000-00000000000a"
EARLY = "0190c0de-0000-7000-8000-00000000000b"
TIME = "2026-11-22T20:00:00.000+00:00"


def a_pair() -> tuple[Order, Order]:
    """Bob takes the id that Alice's import will have."""
    taken = imported_order_id(ALICE, "till-1")
    return an_order(("laptop", 3), user=BOB, order_id=taken), an_order(("laptop", 1), user=ALICE, order_id=taken)


def test_two_users_with_one_id_are_both_served(store: WarehouseStore) -> None:
    bobs, alices = a_pair()
    assert [one.status for one in decide(store, bobs, alices)] == [OrderStatus.PROCESSED] * 2
    assert [one.repeated for one in decide(store, alices, bobs)] == [True] * 2
    assert statuses(store, [bobs, alices]) == ["processed"] * 2
    assert store.set_aside.page() == []


@pytest.mark.parametrize("order_id", [7, "numbers-are-not-uuids"])
def test_a_numbered_order_is_its_users_too(store: WarehouseStore, order_id: int | str) -> None:
    body = {"order_id": 7, "order": [{"name": "laptop", "quantity": 1}], "created_at": "t"}
    queue = topology.NEW_ORDERS_QUEUE.name
    both = [Incoming(json.dumps(body | {"user_id": user}).encode(), queue) for user in (order_id, 8)]
    assert [one.status for one in store.decide(both)] == [OrderStatus.PROCESSED] * 2


def test_a_cancel_reaches_the_order_of_its_sender_alone(store: WarehouseStore) -> None:
    bobs, alices = a_pair()
    decide(store, bobs, alices)
    store.decide([cancelling(bobs)])
    assert statuses(store, [bobs, alices]) == ["cancelled", "processed"]


def test_an_early_cancel_of_another_user_changes_nothing(store: WarehouseStore) -> None:
    bobs, alices = a_pair()
    store.decide([cancelling(bobs), incoming(alices), incoming(bobs)])
    assert statuses(store, [bobs, alices]) == ["cancelled", "processed"]


def test_an_order_is_found_by_its_id_by_its_identity_and_by_how_they_begin(store: WarehouseStore) -> None:
    bobs, alices = a_pair()
    other = an_order()
    decide(store, bobs, alices, other)
    names = {
        alices.identity: 1,
        alices.identity[:50]: 1,
        str(alices.order_id): 2,
        str(alices.order_id)[:9]: 2,
        ALICE: 0,
    }
    assert {name: len(store.orders.called(name)) for name in names} == names
    assert [one.identity for one in store.orders.called(str(other.order_id))] == [other.identity]


def test_a_question_with_the_bare_id_of_an_older_client_is_answered(store: WarehouseStore) -> None:
    bobs, alices = a_pair()
    decide(store, bobs, alices)
    asked = codec.AskOrder(str(alices.order_id)).identity
    assert [notice.user_id for notice in store.events.of_order(asked).notices] == [BOB, ALICE]
    assert [notice.user_id for notice in store.events.of_order(alices.identity).notices] == [ALICE]
    assert store.events.of_order(f"{ALICE}/{new_order_id()}").notices == ()


def old_rows() -> Iterator[str]:
    """Books of one lamp ordered by Alice, in which she has also cancelled an order that has not come."""
    order = codec.read_order(an_old_order())
    notice = json.loads(an_old_order()) | {"status": "processed", "event_id": "e", "seq": 1, "occurred_at": TIME}
    notice["order"] = [{"name": "lamp", "quantity": 1, "reserved": 1}]
    ledger = "INSERT INTO stock_ledger (name, on_hand, reserved, kind, reason, order_number, at) VALUES"
    yield "INSERT INTO products VALUES ('lamp', 1, 1250, 3, 1, 0, 0)"
    yield "UPDATE counters SET orders = 1, events = 1"
    yield f"{ledger} ('lamp', 3, 0, 'opening', '', NULL, '{TIME}')"
    yield (
        f"INSERT INTO orders VALUES (1, '{OLD}', '{OLD}', '{ALICE}', 0, 0, '{TIME}', '{order.digest}', 'processed',"
        f" 'reject', '', '{TIME}', '{TIME}')"
    )
    yield "INSERT INTO order_lines VALUES (1, 0, 'lamp', 1, 1, 0)"
    yield f"{ledger} ('lamp', 0, 1, 'reserve', '', 1, '{TIME}')"
    yield f"INSERT INTO events VALUES (1, 1, '{ALICE}', 'processed', '{json.dumps(notice)}', '{TIME}', '{TIME}')"
    yield f"INSERT INTO early_cancels VALUES ('{EARLY}', '{ALICE}', 'wrong', '{TIME}')"
    yield f"INSERT INTO early_cancels VALUES ('7/1/t', '7', 'wrong', '{TIME}')"


def an_old_order() -> bytes:
    order = {"order_id": OLD, "user_id": ALICE, "order": [{"name": "lamp", "quantity": 1}], "created_at": TIME}
    return json.dumps(order).encode()


@pytest.fixture
def old(server: str, tmp_path: Path) -> Iterator[WarehouseStore]:
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'old.sqlite'}"
        if server:
            url = stack.enter_context(private_database(server, f"old-{uuid4().hex[:12]}"))
        make_old_books(url, "0002", *old_rows())
        store = WarehouseStore(url).open()
        stack.callback(store.close)
        yield store
        assert store.audit().gaps == ()


def test_orders_of_older_books_are_known_again(old: WarehouseStore) -> None:
    again = Incoming(an_old_order(), topology.NEW_ORDERS_QUEUE.name, redelivered=True)
    bobs = an_order(("lamp", 2), user=BOB, order_id=OLD)
    (known, new) = old.decide([again, incoming(bobs)])
    assert (known.repeated, new.repeated, new.status) == (True, False, OrderStatus.PROCESSED)
    assert [order.identity for order in old.orders.page()] == [f"{BOB}/{OLD}", f"{ALICE}/{OLD}"]
    assert [notice.user_id for notice in old.events.of_order(OLD).notices] == [ALICE, BOB]


def test_early_cancels_of_older_books_are_heeded(old: WarehouseStore) -> None:
    decide(old, an_order(("lamp", 1), order_id=EARLY))
    numbered = {"order_id": 1, "user_id": 7, "order": [{"name": "lamp", "quantity": 1}], "created_at": "t"}
    old.decide([Incoming(json.dumps(numbered).encode(), topology.NEW_ORDERS_QUEUE.name)])
    assert [order.status for order in old.orders.page()] == ["cancelled", "cancelled", "processed"]
