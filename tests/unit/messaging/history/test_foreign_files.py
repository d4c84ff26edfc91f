"""A history that is none, or of another version, or damaged: said in words."""

import sqlite3
from pathlib import Path

import pytest
from msgspec import structs

from messaging.domain.orders import OrderLine, OrderStatus
from messaging.errors import StoreUnavailable
from messaging.history.store.history_store import HistoryStore
from tests.helpers.stores import place_orders
from tests.unit.messaging.history.conftest import USER, a_notice, an_order

CHANGES = [
    "PRAGMA user_version = -5",
    "PRAGMA user_version = 1",
    "PRAGMA user_version = 2",
    "PRAGMA user_version = 99",
    "DROP TABLE orders",
    "DROP TABLE outbox",
    "DROP TABLE notices",
    "DROP TABLE marks",
    "ALTER TABLE notices DROP COLUMN missed",
    "DELETE FROM marks",
    "UPDATE marks SET value = 'x'",
    "UPDATE notices SET body = x'ff'",
    "UPDATE notices SET body = CAST('{}' AS BLOB)",
    "UPDATE notices SET status = CAST(x'6cff' AS TEXT)",
    "UPDATE orders SET body = x'ff'",
    "UPDATE orders SET state = 'odd'",
    "UPDATE orders SET lines = CAST('[7]' AS BLOB)",
]


@pytest.mark.parametrize("change", CHANGES)
def test_it_is_used_or_refused_in_words(tmp_path: Path, change: str) -> None:
    path = tmp_path / "history.sqlite"
    store, order = HistoryStore(path, USER), an_order("laptop")
    place_orders(store, [("", order)])
    store.notices.apply([a_notice(order, OrderStatus.PROCESSED, 1)], missed=False)
    store.close()
    with sqlite3.connect(path) as connection:
        connection.execute(change)
    connection.close()
    said = _said(path)
    assert said.isprintable()
    assert "history" in said or not said


def _said(path: Path) -> str:
    try:
        store = HistoryStore(path, USER)
        store.counts()
        store.notices.after(0, 10)
        store.orders.beginning("", 10)
        store.close()
    except StoreUnavailable as error:
        return str(error)
    return ""


def test_orders_of_a_program_with_a_wider_rule_for_names_are_read(tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    store = HistoryStore(path, USER)
    order = structs.replace(an_order(), lines=(OrderLine("mi\u200blk", 1),), created_at="\u200b")
    place_orders(store, [("", order)])
    assert store.orders.beginning("", 10)[0].order == order
    store.close()
