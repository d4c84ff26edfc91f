"""What a user's own history holds: orders placed and notices received."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from msgspec import Struct

from messaging.domain.notices import Notice
from messaging.domain.orders import OnShortage, Order
from messaging.domain.stock import DecidedLine


class OrderState(StrEnum):
    """An order as its client sees it: on the way to RabbitMQ, then what the warehouse said."""

    WAITING = "waiting"  # on disk, not yet sent
    UNKNOWN = "unknown"  # sent, but the connection was lost before the confirm: it is sent again
    ACCEPTED = "accepted"  # confirmed by RabbitMQ
    PROCESSED = "processed"
    BACKORDERED = "backordered"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    RETURNED = "returned"


OWED = frozenset({OrderState.WAITING, OrderState.UNKNOWN})


class PlacedOrder(Struct, frozen=True, gc=False):
    """One of my orders. Times are ISO 8601 in UTC, empty while it has not come to that.

    `number` counts this user's orders from 1; `problem` says why it has not left yet; `cancel_asked`:
    a wish to cancel it is on its way. `total` is in minor units of money, None where a price was not known.
    `version` grows with every write: what was read earlier never replaces what was read later.
    """

    number: int
    order: Order
    state: OrderState
    lines: tuple[DecidedLine, ...]
    placed_at: str
    accepted_at: str = ""
    changed_at: str = ""
    reason: str = ""
    problem: str = ""
    label: str = ""
    total: int | None = None
    cancel_asked: bool = False
    version: int = 0

    @property
    def identity(self) -> str:
        return self.order.identity


class StoredNotice(Struct, frozen=True, gc=False):
    """A notice in the history. `missed`: it came by asking, not live. `row` grows with arrival."""

    row: int
    notice: Notice
    received_at: str
    missed: bool = False
    read: bool = False


class Owed(Struct, frozen=True):
    """A message on disk that still has to leave: an order, or a wish to cancel one."""

    row: int
    identity: str
    body: bytes
    is_command: bool = False


class PlacedMany(Struct, frozen=True):
    """How many were new, how many were there already, and which clash with another of the same name."""

    placed: int
    repeated: int
    conflicts: tuple[str, ...] = ()


class Applied(Struct, frozen=True):
    """What notices changed: those not known before, and my orders that moved on by them."""

    new: list[StoredNotice]
    orders: list[PlacedOrder]


class HistoryCounts(Struct, frozen=True):
    """`waiting`: messages that still have to leave, wishes to cancel among them."""

    waiting: int
    unread: int
    orders: Mapping[OrderState, int]
    notices: int


class HistoryChanges(NamedTuple):
    """What another window of this user did; ask again with `version`.

    Marking *all* notices as read lists none of them: `all_read_to` is the last that was there, else 0.
    """

    version: int
    orders: list[PlacedOrder]
    notices: list[StoredNotice]
    all_read_to: int = 0


class Draft(NamedTuple):
    """A basket that was not placed yet; lines are name and quantity."""

    lines: list[tuple[str, int]]
    on_shortage: OnShortage
