"""What goes into the warehouse's store and what comes out."""

from enum import StrEnum

from msgspec import Struct

from messaging.notices import Notice
from messaging.orders import OnShortage, Order, OrderStatus
from messaging.stock import SettledLine


class Incoming(Struct, frozen=True):
    """A message from the order or the command queue as it came, before it is read."""

    body: bytes
    queue: str
    headers: dict[str, object] = {}
    properties: dict[str, object] = {}
    redelivered: bool = False


class Verdict(StrEnum):
    ACCEPT = "accept"  # ack
    REFUSE = "refuse"  # nack(requeue=False)


class Event(Struct, frozen=True):
    """A row of `events`: outbox, history and audit in one. `seq` has no gaps that hide a later commit."""

    seq: int
    notice: Notice


class Settled(Struct, frozen=True):
    """What became of one Incoming. `events` are to be published before the delivery is acknowledged.

    `repeated`: the same order had come before; `status` is then its state now and `events` its last one.
    """

    verdict: Verdict
    events: tuple[Event, ...] = ()
    order: Order | None = None
    status: OrderStatus | None = None
    reason: str = ""
    repeated: bool = False


class WarehouseOrder(Struct, frozen=True):
    """An order as the warehouse keeps it. Times are ISO 8601 in UTC."""

    number: int
    identity: str
    order_id: str | int
    user_id: str | int
    created_at: str
    status: OrderStatus
    on_shortage: OnShortage
    lines: tuple[SettledLine, ...]
    reason: str
    received_at: str
    changed_at: str


class LedgerRow(Struct, frozen=True):
    """One stock movement: how many units on hand and reserved changed by, why, and by whom."""

    row: int
    name: str
    on_hand: int
    reserved: int
    kind: str
    reason: str
    identity: str
    at: str


class SetAside(Struct, frozen=True):
    """A message that was refused or could not be read, whole: nothing of it is thrown away."""

    row: int
    body: bytes
    reason: str
    queue: str
    headers: dict[str, object]
    properties: dict[str, object]
    at: str
    state: str = "kept"
    replays: int = 0


class Audit(Struct, frozen=True):
    """The books: how many of each, and every gap in words; balanced when there is none."""

    orders: dict[str, int]
    units_on_hand: int
    units_reserved: int
    events: int
    unpublished: int
    set_aside: int
    gaps: tuple[str, ...]

    @property
    def balanced(self) -> bool:
        return not self.gaps
