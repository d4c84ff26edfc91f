"""The operator of the warehouse, who may send an order that came in another user's name as an own one."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import msgspec

from desktop.role.session import Session
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import UserId, new_order_id, now
from messaging.warehouse.records import SetAside


@dataclass(frozen=True, slots=True)
class Operator:
    """`name` is the user id under which the operator orders; `is_vouched`: nobody can order in another's name."""

    name: str
    is_vouched: bool

    def sends_as_own(self, message: SetAside, user_id: object) -> bool:
        """Whether what replaces this message must be the operator's own order; `user_id` as the message has it."""
        return self.is_vouched or _is_forged(message, user_id)

    def must_take_over(self, message: SetAside, user_id: object) -> bool:
        """Whether the message would be refused for its sender, if it were sent again as it came."""
        is_order = message.queue == NEW_ORDERS_QUEUE.name
        return is_order and (
            _is_forged(message, user_id) or (self.is_vouched and not message.properties.get("user_id"))
        )


def own_fields(operator: Operator) -> dict[str, str]:
    """The fields that make an order the operator's own: a new id, the user, the time."""
    return {"order_id": new_order_id(), "user_id": operator.name, "created_at": now()}


def operator_of(session: Session) -> Operator:
    """The account with which this window logs in, where accounts are demanded; otherwise the user of the window."""
    urls = session.broker.address().urls
    account = unquote(urlsplit(urls[0]).username or "") if urls else ""
    is_vouched = session.settings.senders == "vouched"
    return Operator(account if is_vouched and _is_user(account) else session.profile.user_id, is_vouched)


def _is_forged(message: SetAside, user_id: object) -> bool:
    account = message.properties.get("user_id")
    return bool(account) and str(account) != str(user_id)


def _is_user(account: str) -> bool:
    try:
        msgspec.convert(account, UserId)
    except msgspec.ValidationError:
        return False
    return True
