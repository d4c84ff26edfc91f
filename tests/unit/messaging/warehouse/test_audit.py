"""The audit names what is wrong with books that something else has written into; on both databases."""

from collections.abc import Iterator
from functools import partial

import pytest
from sqlalchemy import Connection, text

from messaging.domain.orders import OnShortage, OrderLine, OrderStatus
from messaging.warehouse.store.warehouse_store import WarehouseStore
from tests.helpers.books import an_order, cancelling, decide


@pytest.fixture
def books(store_url: str) -> Iterator[WarehouseStore]:
    """Orders in every state, in books that balance: 1 processed, 2 backordered, 3 rejected, 4 cancelled, 5 shipped,
    6 returned, 7 waiting for all or nothing; and one message set aside."""
    store = WarehouseStore(store_url)
    orders = [
        an_order(("laptop", 1), ("webcam", 2)),
        an_order(("office_chair", 99), on_shortage=OnShortage.PARTIAL),
        an_order(("laptop", 99)),
        an_order(("webcam", 3)),
        an_order(("monitor_27_inch", 2)),
        an_order(("webcam", 4)),
        an_order(("smartphone", 99), on_shortage=OnShortage.WAIT),
    ]
    decide(store, *orders)
    store.decide([cancelling(orders[3])])
    store.orders.ship([orders[4].identity, orders[5].identity])
    store.orders.take_back(orders[5].identity, "too dark")
    decide(store, an_order(("webcam", 1), order_id=str(orders[0].order_id)))  # the same identity, another content
    assert store.audit().gaps == ()
    assert set(store.counts().orders) == set(OrderStatus) - {OrderStatus.NEW}
    yield store
    store.close()


DAMAGES = {
    "another status in an event's row": (
        "UPDATE events SET status = 'shipped' WHERE seq = 1",
        "its notice says otherwise than the books of status",
    ),
    "a notice that tells of another quantity": (
        "UPDATE events SET notice = replace(notice, '99', '98') WHERE order_number = 2",
        "tells of other lines than it has",
    ),
    "a notice that is no JSON": ("UPDATE events SET notice = '{' WHERE seq = 3", "event 3: its notice"),
    "a notice for another user": (
        "UPDATE events SET user_id = 'eve' WHERE seq = 1",
        "event 1 is for user eve, but its order is of user",
    ),
    "an event's id used twice": (
        "UPDATE events SET notice = (SELECT notice FROM events WHERE seq = 1) WHERE seq = 2",
        "that of another event",
    ),
    "another reason": ("UPDATE orders SET reason = 'x' WHERE number = 6", "gives another reason than it has"),
    "another time": ("UPDATE orders SET changed_at = '2020' WHERE number = 1", "at another time"),
    "another digest": ("UPDATE orders SET digest = 'x' WHERE number = 1", "its digest is of another content"),
    "another identity": ("UPDATE orders SET identity = 'x' WHERE number = 1", "make another identity"),
    "an order that waits and must not": (
        "UPDATE orders SET on_shortage = 'reject' WHERE number = 2",
        "which does not go together",
    ),
    "an order that waits for nothing": (
        "UPDATE order_lines SET missing = 0 WHERE order_number = 2",
        "it waits for stock and lacks nothing",
    ),
    "a part for an order that wants all": (
        "UPDATE order_lines SET reserved = 1, missing = 98 WHERE order_number = 7",
        "waits for all or nothing, but reserved for it: 1",
    ),
    "a movement that its kind does not make": (
        "UPDATE stock_ledger SET kind = 'restock' WHERE kind = 'reserve' AND order_number = 1 AND name = 'laptop'",
        "a movement of kind restock cannot be",
    ),
    "a kind that does not exist": (
        "UPDATE stock_ledger SET kind = 'gift' WHERE kind = 'return'",
        "a movement of kind gift cannot be",
    ),
    "more reserved than there was": (
        "UPDATE stock_ledger SET on_hand = 0 WHERE kind = 'opening' AND name = 'webcam'",
        "webcam would have had 0 on hand and 2 reserved",
    ),
    "an early cancel that was not heeded": (
        "INSERT INTO early_cancels SELECT identity, user_id, '', '', NULL FROM orders WHERE number = 1",
        "that was not heeded: it is processed",
    ),
    "other bytes set aside": ("UPDATE set_aside SET body_digest = 'x'", "its bytes are not those that came"),
    "set aside in no state": ("UPDATE set_aside SET state = 'replayed'", "it is replayed and was sent again 0 times"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_the_audit_names(books: WarehouseStore, damage: str) -> None:
    statement, gap = DAMAGES[damage]
    assert books._transactions.database.write(lambda connection: connection.execute(text(statement)).rowcount) > 0
    audit = books.audit()
    assert not audit.balanced
    assert any(gap in one for one in audit.gaps), audit.gaps


def test_an_order_told_of_before_one_that_came_earlier_is_named(books: WarehouseStore) -> None:
    for old, new in ((1, 1000), (2, 1), (1000, 2)):
        statement = text(f"UPDATE events SET seq = {new} WHERE seq = {old}")
        books._transactions.database.write(partial(Connection.execute, statement=statement))
    assert any("came as number 2, but was told of before number 1" in gap for gap in books.audit().gaps)


def test_numbered_orders_and_names_in_any_script_are_in_order(books: WarehouseStore) -> None:
    numbered = an_order(("laptop", 1))
    numbered = type(numbered)(1, 7, (OrderLine('stół "ø" \\ 机 \N{SNOWMAN}/', 1),), "2026-11-22 20:00:00.123456")
    decide(books, numbered)
    assert books.audit().gaps == ()
