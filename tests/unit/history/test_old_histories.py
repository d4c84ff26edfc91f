"""Histories of older programs are brought along."""

import sqlite3
from pathlib import Path

from messaging.contract import codec
from messaging.domain.orders import Order, OrderStatus
from messaging.history.records import OrderState
from messaging.history.store import schema
from messaging.history.store.order_search import OrderQuery
from messaging.history.store.search_terms import Field, Word
from tests.unit.history.conftest import USER, OpenStore, a_notice, an_order

OTHER = "someone-else"
NOTICE = """INSERT INTO notices (event_id, identity, user_id, status, seq, body, words, received_at, missed, version)
    VALUES (?, ?, ?, 'processed', ?, ?, ?, '2026-11-22T20:00:02.000+00:00', 0, 1)"""
ORDER = """INSERT INTO orders (identity, digest, body, state, lines, placed_at, label, words, version)
    VALUES (?, ?, ?, ?, x'5b5d', '2026-11-22T20:00:00.000+00:00', '', ?, 1)"""
OWED = "INSERT INTO outbox (identity, is_command, body) VALUES (?, ?, ?)"


def make_old(path: Path, *orders: Order, steps: int = 3) -> None:
    """As the program whose orders' UUIDs were their identities left it: the last order and a cancel are still owed."""
    path.parent.mkdir(parents=True)
    with sqlite3.connect(path) as connection:
        for statement in (statement for step in schema.STEPS[:steps] for statement in step):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {steps}")
        connection.execute("INSERT INTO marks VALUES ('user_id', ?)", (USER,))
        for order in orders:
            words = f"{order.order_id}\n{order.lines[0].name}"
            connection.execute(ORDER, (order.order_id, order.digest, codec.encode(order), "accepted", words))
        waiting, cancelled = orders[-1], orders[0]
        cancel = codec.Cancel("c", cancelled.order_id, USER, cancelled.created_at)
        connection.execute(OWED, (waiting.order_id, False, codec.encode(waiting)))
        connection.execute(OWED, (cancelled.order_id, True, codec.encode(cancel)))
        heard = a_notice(orders[0], OrderStatus.PROCESSED, 1, "first")
        connection.execute(NOTICE, ("first", orders[0].order_id, USER, 1, codec.encode(heard), "laptop"))
        connection.execute(NOTICE, ("number", "7/1/t", "7", 2, b"{}", "laptop"))
        connection.execute(NOTICE, ("other", orders[0].order_id, OTHER, 3, codec.encode(heard), "laptop"))
    connection.close()


def test_orders_outbox_and_notices_of_an_older_history_are_known(path: Path, open_store: OpenStore) -> None:
    first, last = an_order(), an_order("webcam")
    make_old(path, first, last)
    store = open_store()
    assert [order.identity for order in store.orders()] == [last.identity, first.identity]
    assert store.order(first.identity) is not None
    assert [owed.identity for owed in store.owed(10)] == [last.identity, first.identity]
    assert [kept.notice.event_id for kept in store.order_notices(first.identity)] == ["first"]
    rows = store._read("SELECT identity FROM notices ORDER BY row")
    assert [row[0] for row in rows] == [first.identity, "7/1/t", f"{OTHER}/{first.order_id}"]
    assert store.place([("", first)])[0].repeated == 1


def test_a_notice_moves_an_order_of_an_older_history(path: Path, open_store: OpenStore) -> None:
    first, last = an_order(), an_order()
    make_old(path, first, last)
    store = open_store()
    (moved,) = store.apply([a_notice(last, OrderStatus.PROCESSED, 4)], missed=False).orders
    assert (moved.identity, moved.state) == (last.identity, OrderState.PROCESSED)
    assert [owed.is_command for owed in store.owed(10)] == [True]


def test_orders_of_an_older_history_are_found_by_id_and_product(path: Path, open_store: OpenStore) -> None:
    first, last = an_order(), an_order("webcam")
    make_old(path, first, last)
    store = open_store()
    by_product = Word("webcam", field=Field.PRODUCT)
    assert list(store.find_orders(OrderQuery((by_product,)))) == [2]
    for typed in (str(first.order_id), str(first.order_id)[-8:]):
        assert list(store.find_orders(OrderQuery((Word(typed, field=Field.ORDER),)))) == [1]
    assert [order.identity for order in store.orders_beginning(str(first.order_id), 3)] == [first.identity]
    assert [order.identity for order in store.orders_beginning(first.identity, 3)] == [first.identity]
    assert store.orders_beginning(USER, 3) == []
