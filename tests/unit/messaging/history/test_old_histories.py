"""Histories of older programs are brought along."""

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from messaging.contract import codec
from messaging.domain.orders import Order, OrderStatus
from messaging.errors import StoreUnavailable
from messaging.history.records import OrderState
from messaging.history.store.database import schema
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.search.order_search import OrderQuery
from messaging.history.store.search.search_terms import Field, Word
from messaging.phrases import NO_WORDS, Words
from tests.helpers.stores import newest_orders, place_orders
from tests.unit.messaging.history.conftest import USER, OpenStore, a_notice, an_order

OTHER = "someone-else"
NOTICE = """INSERT INTO notices (event_id, identity, user_id, status, seq, body, words, received_at, missed, version)
    VALUES (?, ?, ?, 'processed', ?, ?, ?, '2026-11-22T20:00:02.000+00:00', 0, 1)"""
ORDER = """INSERT INTO orders (identity, digest, body, state, lines, placed_at, label, words, version)
    VALUES (?, ?, ?, ?, x'5b5d', '2026-11-22T20:00:00.000+00:00', '', ?, 1)"""
KILLED = """
import os, signal, sys
from pathlib import Path
from messaging.history.store import history_store
from messaging.history.store.database import database_file, schema
database_file.CACHE_KIB = 64  # so that some of it is on disk already
def take_steps(connection, told, steps=schema.take_steps):
    connection.set_trace_callback(lambda sql: sql.startswith(sys.argv[3]) and os.kill(os.getpid(), signal.SIGKILL))
    steps(connection, told)
schema.take_steps = take_steps
history_store.HistoryStore(Path(sys.argv[1]), sys.argv[2])
"""
MANY = 5000  # notices: more than the cache of the one that is killed holds
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
    assert [order.identity for order in newest_orders(store)] == [last.identity, first.identity]
    assert store.orders.one(first.identity) is not None
    assert [owed.identity for owed in store.outbox.owed(10)] == [last.identity, first.identity]
    assert [kept.notice.event_id for kept in store.notices.of_order(first.identity)] == ["first"]
    rows = store._file.read("SELECT identity FROM notices ORDER BY row")
    assert [row[0] for row in rows] == [first.identity, "7/1/t", f"{OTHER}/{first.order_id}"]
    assert place_orders(store, [("", first)])[0].repeated == 1


def test_a_notice_moves_an_order_of_an_older_history(path: Path, open_store: OpenStore) -> None:
    first, last = an_order(), an_order()
    make_old(path, first, last)
    store = open_store()
    (moved,) = store.notices.apply([a_notice(last, OrderStatus.PROCESSED, 4)], missed=False).orders
    assert (moved.identity, moved.state) == (last.identity, OrderState.PROCESSED)
    assert [owed.is_command for owed in store.outbox.owed(10)] == [True]


def test_orders_of_an_older_history_are_found_by_id_and_product(path: Path, open_store: OpenStore) -> None:
    first, last = an_order(), an_order("webcam")
    make_old(path, first, last)
    store = open_store()
    by_product = Word("webcam", field=Field.PRODUCT)
    assert list(store.orders.find(OrderQuery((by_product,)))) == [2]
    for typed in (str(first.order_id), str(first.order_id)[-8:]):
        assert list(store.orders.find(OrderQuery((Word(typed, field=Field.ORDER),)))) == [1]
    assert [order.identity for order in store.orders.beginning(str(first.order_id), 3)] == [first.identity]
    assert [order.identity for order in store.orders.beginning(first.identity, 3)] == [first.identity]
    assert store.orders.beginning(USER, 3) == []


def with_many_notices(path: Path, order: Order) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        body = codec.encode(a_notice(order, OrderStatus.PROCESSED, 9))
        rows = ((f"many {n}", f"order-{n}", OTHER, n, body, "laptop") for n in range(MANY))
        connection.executemany(NOTICE, rows)


def is_whole(path: Path, order: Order) -> bool:
    with closing(HistoryStore(path, USER)) as store:
        (kept,) = store.notices.of_order(order.identity)
        return kept.notice.event_id == "first" and store.counts().notices == MANY + 3


def test_whoever_opens_an_older_history_is_told_until_it_is_open(path: Path) -> None:
    told: list[Words] = []
    make_old(path, an_order(), an_order())
    for _ in range(2):
        HistoryStore(path, USER, told.append).close()
    assert told == [schema.UNDER_WAY, NO_WORDS]


def test_a_new_history_is_nothing_to_wait_for(path: Path) -> None:
    told: list[Words] = []
    HistoryStore(path, USER, told.append).close()
    assert told == []


@pytest.mark.parametrize(
    "moment", ["UPDATE outbox", "CREATE INDEX notices_by_identity", "ALTER TABLE orders", "PRAGMA user_version = "]
)
def test_a_start_that_is_killed_half_way_leaves_a_history_that_the_next_one_opens(path: Path, moment: str) -> None:
    first = an_order()
    make_old(path, first, an_order())
    with_many_notices(path, first)
    killed = subprocess.run([sys.executable, "-c", KILLED, str(path), USER, moment], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert is_whole(path, first)


def test_a_full_disk_half_way_is_said_and_leaves_the_older_history(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, told = an_order(), list[Words]()
    make_old(path, first, an_order())
    with_many_notices(path, first)
    with closing(sqlite3.connect(path)) as plain:
        had = plain.execute("PRAGMA page_count").fetchone()[0]
    steps = schema.take_steps

    def on_a_small_disk(connection: sqlite3.Connection, told: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {had + 1}")
        steps(connection, told)  # type: ignore[arg-type]  # as it was given

    with monkeypatch.context() as small:
        small.setattr(schema, "take_steps", on_a_small_disk)
        with pytest.raises(StoreUnavailable, match="the disk is full, make room"):
            HistoryStore(path, USER, told.append)
    assert told == [schema.UNDER_WAY, NO_WORDS]
    with closing(sqlite3.connect(path)) as plain:
        assert plain.execute("PRAGMA user_version").fetchone() == (3,)
        assert plain.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert is_whole(path, first)
