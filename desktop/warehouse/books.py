"""What the page reads from the books, in one visit; runs in the books' thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from messaging.orders import OrderStatus
from messaging.profiles import Profiles
from messaging.settings import Settings
from messaging.stock import StockLevel
from messaging.warehouse.records import Counts, LedgerRow, SetAside, WarehouseOrder

if TYPE_CHECKING:  # it loads SQLAlchemy, which must not hold up the window
    from messaging.warehouse.store import WarehouseStore

MOST = 500  # rows of a list; who needs more looks into the books by command


@dataclass(frozen=True, slots=True)
class Snapshot:
    stock: list[StockLevel]
    to_ship: list[WarehouseOrder]
    waiting: list[WarehouseOrder]
    set_aside: list[SetAside]
    ledger: list[LedgerRow]
    counts: Counts


def read_snapshot(store: WarehouseStore) -> Snapshot:
    return Snapshot(
        stock=store.stock(),
        to_ship=store.orders(status=OrderStatus.PROCESSED, limit=MOST),
        waiting=store.orders(status=OrderStatus.BACKORDERED, limit=MOST),
        set_aside=store.set_aside(limit=MOST),
        ledger=store.ledger(limit=MOST),
        counts=store.counts(),
    )


def read_users(settings: Settings) -> dict[str, str]:
    """The names of the users known on this machine, by id: an order carries only the id."""
    return {profile.user_id: profile.name for profile in Profiles(settings.folder).all()}
