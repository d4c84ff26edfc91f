"""What became of an order, as it travels on `notification_exchange`."""

import uuid_utils.compat
from msgspec import Struct

from messaging.orders import OnShortage, OrderId, OrderStatus, UserId, identity_of
from messaging.stock import SettledLine


class Notice(Struct, frozen=True, rename={"lines": "order"}, omit_defaults=True):
    """The order again with its new status.

    A program written to the seed sends only the first five fields: then `event_id` is derived from
    them, and `seq` (the warehouse's running number of events) is unknown.
    """

    order_id: OrderId
    user_id: UserId
    lines: tuple[SettledLine, ...]
    created_at: str
    status: OrderStatus
    reason: str | None = None
    on_shortage: OnShortage = OnShortage.REJECT
    event_id: str = ""
    seq: int | None = None
    occurred_at: str = ""

    @property
    def identity(self) -> str:
        return identity_of(self.order_id, self.user_id, self.created_at)


def derived_event_id(identity: str, status: str) -> str:
    """An event id for a notice that came without one: the same fact always gets the same id."""
    return str(uuid_utils.compat.uuid5(uuid_utils.compat.NAMESPACE_URL, f"{identity}#{status}"))
