"""An order that came in the name of another is not processed: the operator may take it over in his own name."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

import msgspec

from desktop.role.session import Session
from messaging.contract.topology import NEW_ORDERS_QUEUE
from messaging.domain.orders import UserId, new_order_id, now
from messaging.warehouse.records import SetAside


@dataclass(frozen=True, slots=True)
class Operator:
    """`name`: the user id under which he orders; `is_vouched`: nobody orders in another's name."""

    name: str
    is_vouched: bool

    def sends_as_his_own(self, message: SetAside, user_id: object) -> bool:
        """Whether what is sent in the place of this message must be an order of his; `user_id` as it says."""
        return self.is_vouched or _is_forged(message, user_id)

    def must_take_over(self, message: SetAside, user_id: object) -> bool:
        """Whether sent again as it came it would be refused for its sender."""
        is_order = message.queue == NEW_ORDERS_QUEUE.name
        return is_order and (
            _is_forged(message, user_id) or (self.is_vouched and not message.properties.get("user_id"))
        )


def own_fields(operator: Operator) -> dict[str, str]:
    """What makes an order his."""
    return {"order_id": new_order_id(), "user_id": operator.name, "created_at": now()}


def operator_of(session: Session) -> Operator:
    """Where accounts are demanded he is the one with which this window logs in, else its user."""
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
