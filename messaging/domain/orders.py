"""What an order is, which states it can have, and how two orders are known to be the same."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

import msgspec
import uuid_utils.compat
from msgspec import Meta, Struct

from messaging.errors import WrongOrder
from messaging.phrases import phrase
from messaging.texts import MAX_NAME, is_name, normal_name, printable

MAX_LINES = 100
MAX_QUANTITY = 1_000_000
MAX_NUMBER = 2**63 - 1  # what SQLite and PostgreSQL keep as an integer
MOST_STORED = 2**53  # no number that we store comes near it, and sums of such still fit into 64 bits

UUID_PATTERN = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$(?!\n)"
USER_PATTERN = r"^[A-Za-z0-9_-]{1,36}$(?!\n)"
# The names that older books and histories hold and publish: `is_name` is the rule for new ones.
TOLD_NAME_PATTERN = r"^[^\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+$(?!\n)"

Number = Annotated[int, Meta(ge=0, le=MAX_NUMBER)]
OrderId = Annotated[str, Meta(pattern=UUID_PATTERN)] | Number
UserId = Annotated[str, Meta(pattern=USER_PATTERN)] | Number
Timestamp = Annotated[str, Meta(min_length=1, max_length=64, pattern=TOLD_NAME_PATTERN)]
ToldName = Annotated[str, Meta(min_length=1, max_length=MAX_NAME, pattern=TOLD_NAME_PATTERN)]
Quantity = Annotated[int, Meta(ge=1, le=MAX_QUANTITY)]


class OrderStatus(StrEnum):
    NEW = "new_order"
    PROCESSED = "processed"
    BACKORDERED = "backordered"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    SHIPPED = "shipped"
    RETURNED = "returned"


class OnShortage(StrEnum):
    """What to do with an order when stock is short."""

    REJECT = "reject"
    PARTIAL = "partial"
    WAIT = "wait"


TRANSITIONS: Mapping[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.NEW: frozenset(
        {OrderStatus.PROCESSED, OrderStatus.BACKORDERED, OrderStatus.REJECTED, OrderStatus.CANCELLED}
    ),
    OrderStatus.BACKORDERED: frozenset({OrderStatus.PROCESSED, OrderStatus.CANCELLED}),
    OrderStatus.PROCESSED: frozenset({OrderStatus.SHIPPED, OrderStatus.CANCELLED}),
    OrderStatus.SHIPPED: frozenset({OrderStatus.RETURNED}),
    OrderStatus.REJECTED: frozenset(),
    OrderStatus.CANCELLED: frozenset(),
    OrderStatus.RETURNED: frozenset(),
}


class OrderLine(Struct, frozen=True, gc=False):
    name: ToldName
    quantity: Quantity


OrderLines = Annotated[tuple[OrderLine, ...], Meta(min_length=1, max_length=MAX_LINES)]


class Order(Struct, frozen=True, gc=False, rename={"lines": "order"}):
    """One order as it travels on `new_orders_exchange`.

    `order_id` and `user_id` are UUIDs in our windows and whole numbers in programs written to
    the original contract, which start again at 1 in every run.
    """

    order_id: OrderId
    user_id: UserId
    lines: OrderLines
    created_at: Timestamp
    status: Annotated[str, Meta(max_length=64)] = OrderStatus.NEW.value
    on_shortage: OnShortage = OnShortage.REJECT

    @property
    def identity(self) -> str:
        return identity_of(self.order_id, self.user_id, self.created_at)

    @property
    def digest(self) -> str:
        """SHA-256 over what the order asks for: the same identity with another digest is a conflict."""
        content = [str(self.user_id), self.on_shortage, [(line.name, line.quantity) for line in self.lines]]
        return hashlib.sha256(msgspec.json.encode(content)).hexdigest()

    def needs(self) -> dict[str, int]:
        """Units asked for by product; the same product on two lines is one need."""
        needs: dict[str, int] = {}
        for line in self.lines:
            needs[line.name] = needs.get(line.name, 0) + line.quantity
        return needs


def identity_of(order_id: str | int, user_id: str | int, created_at: str) -> str:
    """The key of an order: `user/uuid`, or for a number, which begins anew in every run, `user/number/created_at`.

    Of two users that have one id each has an order of his own.
    """
    if isinstance(order_id, str):
        return f"{user_id}/{order_id}"
    return f"{user_id}/{order_id}/{created_at}"


def order_id_in(identity: str) -> str:
    """The order's id within an identity; the whole text where it is no identity."""
    _user, _slash, rest = identity.partition("/")
    return rest.partition("/")[0] or identity


def new_order_id() -> str:
    """A UUID of version 7 (RFC 9562): sorts by the time it was made."""
    return str(uuid_utils.compat.uuid7())


def imported_order_id(user_id: str, label: str) -> str:
    """The same label of the same user always gives the same UUID, so a file placed twice adds nothing."""
    return str(uuid_utils.compat.uuid5(UUID(user_id), label))


def now() -> str:
    """The time in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def new_order(
    user_id: str,
    lines: Iterable[tuple[str, int]],
    on_shortage: OnShortage = OnShortage.REJECT,
    order_id: str | None = None,
) -> Order:
    """An order ready to be placed, checked as the warehouse will check it.

    Raises WrongOrder with the reason, naming the line.
    """
    checked = tuple(checked_line(name, quantity) for name, quantity in lines)
    if not checked:
        raise WrongOrder(phrase("orders.an_order_needs_at_least_one"))
    if len(checked) > MAX_LINES:
        raise WrongOrder(phrase("orders.an_order_has_at_most_lines", max_lines=MAX_LINES, checked=len(checked)))
    return Order(order_id or new_order_id(), user_id, checked, now(), on_shortage=on_shortage)


def checked_line(name: str, quantity: int) -> OrderLine:
    """A line with the normal name, as the warehouse will read it. Raises WrongOrder."""
    name = normal_name(name)
    if not is_name(name):
        raise WrongOrder(phrase("orders.is_not_a_product_name_use", name=printable(name[:40]), max_name=MAX_NAME))
    if type(quantity) is not int or not 1 <= quantity <= MAX_QUANTITY:
        raise WrongOrder(
            phrase("orders.quantity_of_use_a_whole_number", name=name, max_quantity=MAX_QUANTITY, quantity=quantity)
        )
    return OrderLine(name, quantity)
