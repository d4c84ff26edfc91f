"""What tests ask of a history and of books beyond what windows and commands ask."""

from collections.abc import Sequence

from messaging.domain.orders import Order
from messaging.history.records import PlacedMany, PlacedOrder, StoredNotice
from messaging.history.store.history_store import HistoryStore
from messaging.history.store.search.notice_search import NoticeQuery
from messaging.history.store.search.order_search import OrderQuery
from messaging.warehouse.records import SetAside, SetAsideState, WarehouseOrder
from messaging.warehouse.store.set_aside import move
from messaging.warehouse.store.warehouse_store import WarehouseStore


def place_orders(
    store: HistoryStore, orders: Sequence[tuple[str, Order]], totals: Sequence[int | None] | None = None
) -> tuple[PlacedMany, list[str]]:
    """Labelled orders that nobody has claimed yet; the list holds the identities of those placed now."""
    many, placed, _ = store.outbox.place(orders, totals, owner="", limit=0, lease_seconds=0.0)
    return many, placed


def newest_orders(store: HistoryStore, limit: int = 100) -> list[PlacedOrder]:
    numbers = store.orders.find(OrderQuery())[:limit]
    return sorted(store.orders.at(numbers), key=lambda order: -order.number)


def newest_notices(store: HistoryStore, limit: int) -> list[StoredNotice]:
    rows = store.notices.find(NoticeQuery(), limit)[:limit]
    return sorted(store.notices.at(rows), key=lambda kept: -kept.row)


def order_in_books(store: WarehouseStore, identity: str) -> WarehouseOrder | None:
    found = store.orders.history(identity)
    return None if found is None else found.order


def mark_replayed(store: WarehouseStore, rows: Sequence[int]) -> list[SetAside]:
    """As `begin_replay`, also of what would only come back."""
    return store._transactions.write(lambda connection: move(connection, rows, SetAsideState.REPLAYED))
