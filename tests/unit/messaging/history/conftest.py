"""Stores on real files, and orders and notices to put into them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from messaging.domain.notices import Notice
from messaging.domain.orders import Order, OrderStatus, new_order
from messaging.domain.stock import DecidedLine
from messaging.history.store.history_store import HistoryStore
from tests.helpers.history_core import listener
from tests.helpers.stores import place_orders

__all__ = ["listener"]  # a fixture

USER = "4b0d4a7e-7d3c-4b44-9d1b-0f6c6a4d8a11"
OpenStore = Callable[[], HistoryStore]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "users" / f"{USER}.sqlite"


@pytest.fixture
def open_store(path: Path) -> Iterator[OpenStore]:
    """As another window of the same user."""
    stores: list[HistoryStore] = []

    def opened() -> HistoryStore:
        stores.append(HistoryStore(path, USER))
        return stores[-1]

    yield opened
    for store in stores:
        store.close()


@pytest.fixture
def store(open_store: OpenStore) -> HistoryStore:
    return open_store()


def an_order(name: str = "laptop", quantity: int = 1, order_id: str | None = None) -> Order:
    return new_order(USER, [(name, quantity)], order_id=order_id)


def placed(store: HistoryStore, count: int = 1) -> list[Order]:
    orders = [an_order() for _ in range(count)]
    place_orders(store, [("", order) for order in orders])
    return orders


def a_notice(order: Order, status: OrderStatus, seq: int | None, event_id: str = "") -> Notice:
    return Notice(
        order.order_id,
        order.user_id,
        tuple(DecidedLine(line.name, line.quantity, line.quantity) for line in order.lines),
        order.created_at,
        status,
        event_id=event_id or f"{order.identity}/{status}/{seq}",
        seq=seq,
        occurred_at="2026-11-22T20:00:01.000+00:00",
    )
