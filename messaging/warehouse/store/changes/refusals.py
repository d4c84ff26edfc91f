"""The notice for the sender of a message that was set aside, so that nobody waits for an outcome in vain.

The message broke some rule: its fields are read as far as they can be, and only its sender is notified.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from messaging.contract import topology
from messaging.contract.codec import MAX_BYTES, MessageType
from messaging.domain.notices import Notice
from messaging.domain.orders import (
    MAX_LINES,
    OnShortage,
    OrderId,
    OrderStatus,
    Timestamp,
    UserId,
    new_order_id,
    now,
    order_id_in,
)
from messaging.domain.stock import DecidedLine
from messaging.phrases import Words
from messaging.warehouse.records import Event, Incoming
from messaging.warehouse.store.changes import event_rows

NO_ID = 0  # of an order whose own cannot be read
_FIELDS = re.compile(r'"(order_id|user_id|created_at)"\s*:\s*("[^"\\]{0,64}"|[0-9]{1,19})')

T = TypeVar("T")
Fields = Mapping[str, object]


class _RefusedLine(Struct):
    """A line of an order, without what else it says."""

    name: str
    quantity: int


def notify_senders(connection: Connection, refused: Sequence[tuple[Incoming, Words]]) -> dict[int, Event]:
    """An event for each message set aside just now, given with its reason.

    Gives the events by the index of their message; there is none where the sender is not known.
    """
    at = now()
    found = {index: notice for index, one in enumerate(refused) if (notice := notice_of(*one, at)) is not None}
    if not found:
        return {}
    _, seq = event_rows.draw(connection, 0, len(found))
    events = [Event(seq + nth, msgspec.structs.replace(one, seq=seq + nth)) for nth, one in enumerate(found.values())]
    event_rows.write(connection, events, [None] * len(events))
    return dict(zip(found, events, strict=True))


def notice_of(incoming: Incoming, reason: Words, at: str) -> Notice | None:
    """None where it is no order, or where nobody can say whose."""
    kind = incoming.properties.get("type")
    fields = _read(incoming.body)
    user, order_id = _sender(incoming, fields), _order_id(incoming, fields)
    is_order = kind in (None, "", MessageType.ORDER) or "order_id" in fields
    if incoming.queue != topology.NEW_ORDERS_QUEUE.name or user is None or not is_order:
        return None
    return Notice(
        NO_ID if order_id is None else order_id,
        user,
        _lines(fields.get("order")),
        _valid(fields.get("created_at"), Timestamp) or at,
        OrderStatus.REJECTED,
        str(reason),
        _valid(fields.get("on_shortage"), OnShortage) or OnShortage.REJECT,
        new_order_id(),
        None,
        at,
        set_aside=True,
        reason_message=reason.message,
    )


def _sender(incoming: Incoming, fields: Fields) -> str | int | None:
    """Whom RabbitMQ names. Only where accounts are not demanded whom the message names: else a forger could make
    another's order look refused."""
    named: str | int | None = _valid(fields.get("user_id"), UserId)
    account = incoming.properties.get("user_id")
    if account:
        return named if str(named) == account else _valid(account, UserId)
    if incoming.validated_only or named is not None:
        return None if incoming.validated_only else named
    user, is_identity, _ = _text(incoming, "correlation_id").partition("/")  # of our own clients
    return _valid(user, UserId) if is_identity else None


def _order_id(incoming: Incoming, fields: Fields) -> str | int | None:
    claims = (fields.get("order_id"), order_id_in(_text(incoming, "correlation_id")), _text(incoming, "message_id"))
    found: list[str | int] = [one for claim in claims if (one := _valid(claim, OrderId)) is not None]
    return found[0] if found else None


def _lines(lines: object) -> tuple[DecidedLine, ...]:
    """Those that can be read."""
    found = [_valid(line, _RefusedLine) for line in lines[:MAX_LINES]] if isinstance(lines, list) else []
    decided = ({"name": line.name, "quantity": line.quantity} for line in found if line is not None)
    return tuple(line for one in decided if (line := _valid(one, DecidedLine)) is not None)


def _read(body: bytes) -> Fields:
    """The fields of a JSON object; of what is none, or only the beginning of one, what looks like them."""
    try:
        found = msgspec.json.decode(body)
    except (msgspec.DecodeError, ValueError, RecursionError):
        text = body[:MAX_BYTES].decode("utf-8", "replace")
        return {name: value[1:-1] if value[0] == '"' else int(value) for name, value in _FIELDS.findall(text)[::-1]}
    return found if isinstance(found, dict) else {}


def _valid(value: object, kind: Any) -> Any:
    """The value as this type; None where it is none."""
    try:
        return msgspec.convert(value, kind)
    except (msgspec.ValidationError, ValueError):
        return None


def _text(incoming: Incoming, name: str) -> str:
    value = incoming.properties.get(name)
    return value if isinstance(value, str) else ""
