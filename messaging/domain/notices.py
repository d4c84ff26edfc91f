"""What became of an order, as it travels on `notification_exchange`."""

from typing import Annotated

import uuid_utils.compat
from msgspec import Meta, Struct
from msgspec.structs import force_setattr

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
from messaging.messages import Message, as_message
from messaging.phrases import Words

MAYBE_NAME = rf"^$(?!\n)|{TOLD_NAME_PATTERN}"


class Notice(Struct, frozen=True, gc=False, rename={"lines": "order"}, omit_defaults=True):
    """The order again with its new status.

    A program written to the original contract sends only the first five fields: then `event_id` is derived from
    them, and `seq` (the warehouse's running number of events) is unknown. `set_aside`: a message was refused, which
    is no outcome of an order: it may be sent again. `books`: those that number it, in one that comes live.
    `reason_message`: the reason as code and parameters, for a window in another language.
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
    reason_message: object = None  # what anybody may write; a Message or None once it is read

    def __post_init__(self) -> None:
        if self.reason_message is not None:
            force_setattr(self, "reason_message", as_message(self.reason_message))

    @property
    def words(self) -> Words:
        """The reason, with its message where it came with one that we could have made."""
        return Words(self.reason or "", self.reason_message if isinstance(self.reason_message, Message) else None)

    @property
    def identity(self) -> str:
        return identity_of(self.order_id, self.user_id, self.created_at)


def derived_event_id(identity: str, status: str) -> str:
    """An event id for a notice that came without one: the same fact always gets the same id."""
    return str(uuid_utils.compat.uuid5(uuid_utils.compat.NAMESPACE_URL, f"{identity}#{status}"))
