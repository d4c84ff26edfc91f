"""What goes into the warehouse's store and what comes out."""

from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Protocol

from msgspec import Struct

from messaging.domain.notices import Notice
from messaging.domain.orders import OnShortage, Order, OrderStatus
from messaging.domain.stock import DecidedLine
from messaging.phrases import NO_WORDS, Words, phrase

REPLAY_HEADER = "order-desk-replay"  # the number of the message set aside that is sent again
REPLAYS_HEADER = "order-desk-replays"  # how often it was sent again, this time included
RAW_HEADERS = "raw_headers"  # in base64, among the properties of what is set aside: headers that could not be read
UNVOUCHED = phrase("records.rabbitmq_does_not_say_who_sent")
SENDER_HEADER = "order-desk-sender"  # the user id that RabbitMQ validated when it came first


class Incoming(Struct, frozen=True):
    """A message from the order or the command queue as it came, before it is read.

    `validated_only`: it is refused where RabbitMQ has not validated who sent it. `fault`: why its headers could not
    be read; then `raw_headers` are their bytes. `length`: bytes of the whole, of which `body` may be the beginning;
    then `digest` is the SHA-256 of the whole.
    """

    body: bytes
    queue: str
    headers: dict[str, object] = {}
    properties: dict[str, object] = {}
    redelivered: bool = False
    validated_only: bool = False
    fault: Words = NO_WORDS
    raw_headers: bytes = b""
    length: int = 0
    digest: str = ""

    @property
    def is_cut(self) -> bool:
        return self.length > len(self.body)

    @property
    def body_digest(self) -> str:
        """Of the whole."""
        return self.digest or sha256(self.body).hexdigest()


class Verdict(StrEnum):
    ACCEPT = "accept"  # ack
    REFUSE = "refuse"  # nack(requeue=False), where that is safe


class Event(Struct, frozen=True, gc=False):
    """A row of `events`: outbox, history and audit in one. `seq` has no gaps that hide a later commit."""

    seq: int
    notice: Notice
    trace_id: str = ""  # that the order's sender began; empty: the one that follows from the identity


class Unpublished(Struct, frozen=True):
    """What the books owe and where they stand: `owed` are seqs of events that nobody has marked as published,
    oldest first; `mark` is another one whenever stock, prices or orders have changed, or a message was set aside."""

    owed: tuple[int, ...]
    mark: tuple[int, ...]


class Decided(Struct, frozen=True, gc=False):
    """What became of one Incoming. `events` are to be published before the delivery is acknowledged.

    `repeated`: the same order had come before; `status` is then its state now and `events` its last one.
    """

    verdict: Verdict
    events: tuple[Event, ...] = ()
    order: Order | None = None
    status: OrderStatus | None = None
    reason: Words = NO_WORDS
    repeated: bool = False


class OrderFacts(Protocol):
    """What an order keeps from its first message to its last event."""

    @property
    def order_id(self) -> str | int: ...
    @property
    def user_id(self) -> str | int: ...
    @property
    def created_at(self) -> str: ...
    @property
    def on_shortage(self) -> OnShortage: ...
    @property
    def identity(self) -> str: ...


class WarehouseOrder(Struct, frozen=True, gc=False):
    """An order as the warehouse keeps it. Times are ISO 8601 in UTC; `number` counts arrivals from 1."""

    number: int
    identity: str
    order_id: str | int
    user_id: str | int
    created_at: str
    status: OrderStatus
    on_shortage: OnShortage
    lines: tuple[DecidedLine, ...]
    reason: str
    received_at: str
    changed_at: str


class LedgerKind(StrEnum):
    """Why stock moved."""

    OPENING = "opening"
    IMPORT = "import"
    RESTOCK = "restock"
    ADJUST = "adjust"
    UNDO = "undo"
    RESERVE = "reserve"
    RELEASE = "release"
    SHIP = "ship"
    RETURN = "return"


class LedgerRow(Struct, frozen=True, gc=False):
    """One stock movement: by how many units on hand and reserved changed, why, and for which order."""

    row: int
    name: str
    on_hand: int
    reserved: int
    kind: LedgerKind
    reason: str
    identity: str
    at: str


class OrderHistory(Struct, frozen=True):
    """An order with every change of it and every unit that moved for it, oldest first."""

    order: WarehouseOrder
    events: tuple[Event, ...]
    ledger: tuple[LedgerRow, ...]


class Allotment(Struct, frozen=True):
    """What a waiting order would get: units by product, and whether it is complete then."""

    order: WarehouseOrder
    units: dict[str, int]
    completes: bool


class CatalogueRow(Struct, frozen=True):
    """A product as a file gives it: price in minor units, stock in units on hand."""

    name: str
    price: int
    stock: int


class Imported(Struct, frozen=True):
    """What an import did, in products; `errors` names each row left out; `events` are to be published.

    `withdrawn`: products of the file that are not offered, and still are not.
    """

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: tuple[Words, ...] = ()
    events: tuple[Event, ...] = ()
    withdrawn: tuple[str, ...] = ()


class BooksCounts(Struct, frozen=True):
    """What the warehouse window shows beside its tabs."""

    orders: dict[str, int]
    unpublished: int
    set_aside: int


class SetAsideState(StrEnum):
    KEPT = "kept"
    REPLAYED = "replayed"  # sent again, not back yet
    SETTLED = "settled"  # came back and was taken
    DROPPED = "dropped"


FREED = frozenset({SetAsideState.SETTLED, SetAsideState.DROPPED})


class SetAside(Struct, frozen=True):
    """A message that was refused or could not be read.

    `body` is the whole or its beginning, `length` and `digest` (SHA-256) are of the whole. `ended_at`: since when it
    is dropped or taken. `taken_by` has sent what it asks for as the order `taken_as`.
    """

    row: int
    body: bytes
    reason: str
    queue: str
    headers: dict[str, object]
    properties: dict[str, object]
    at: str
    state: SetAsideState = SetAsideState.KEPT
    replays: int = 0
    length: int = 0
    digest: str = ""
    ended_at: str = ""
    taken_by: str = ""
    taken_as: str = ""

    def freed_on(self, days: int) -> str:
        """The day, as ISO 8601, where what was dropped or taken is kept for so many days; else empty."""
        if self.state not in FREED or not self.ended_at:
            return ""
        return (datetime.fromisoformat(self.ended_at) + timedelta(days=days)).date().isoformat()


class Audit(Struct, frozen=True):
    """The books: how many of each, and every gap in words; balanced when there is none.

    `is_summed`: with cells that no Order Desk has written nothing can be counted, and they alone are the gaps.
    """

    orders: dict[str, int]
    units_on_hand: int
    units_reserved: int
    events: int
    unpublished: int
    set_aside: int
    gaps: tuple[str, ...]
    is_summed: bool = True

    @property
    def balanced(self) -> bool:
        return not self.gaps
