"""What became of an order, as it travels on `notification_exchange`."""

from typing import Annotated

import uuid_utils.compat
from msgspec import Meta, Struct

from messaging.domain.orders import (
    TOLD_NAME_PATTERN,
    Number,
    OnShortage,
    OrderId,
    OrderStatus,
    Timestamp,
    UserId,
    identity_of,
)
from messaging.domain.stock import DecidedLine

MAYBE_NAME = rf"^$(?!\n)|{TOLD_NAME_PATTERN}"


class Notice(Struct, frozen=True, gc=False, rename={"lines": "order"}, omit_defaults=True):
    """The order again with its new status.

    A program written to the seed sends only the first five fields: then `event_id` is derived from
    them, and `seq` (the warehouse's running number of events) is unknown. `set_aside`: a message was refused, which
    is no outcome of an order: it may be sent again. `books`: those that number it, in one that comes live.
    """

    order_id: OrderId
    user_id: UserId
    lines: tuple[DecidedLine, ...]
    created_at: Timestamp
    status: OrderStatus
    reason: str | None = None
    on_shortage: OnShortage = OnShortage.REJECT
    event_id: Annotated[str, Meta(max_length=128, pattern=MAYBE_NAME)] = ""
    seq: Number | None = None
    occurred_at: Annotated[str, Meta(max_length=64, pattern=MAYBE_NAME)] = ""
    set_aside: bool = False
    books: Annotated[str, Meta(max_length=64, pattern=MAYBE_NAME)] = ""

    @property
    def identity(self) -> str:
        return identity_of(self.order_id, self.user_id, self.created_at)


def derived_event_id(identity: str, status: str) -> str:
    """An event id for a notice that came without one: the same fact always gets the same id."""
    return str(uuid_utils.compat.uuid5(uuid_utils.compat.NAMESPACE_URL, f"{identity}#{status}"))
